"""`bin/winddown`: plan and reconcile on files, look into the ledger; 0 = done, 2 = the input cannot be used."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from include.winddown.cli import effects
from include.winddown.cli.gather import Files
from include.winddown.cli.plan import Wish
from include.winddown.cli.plan import plan as make_plan
from include.winddown.cli.reconcile import Wish as ReconcileWish
from include.winddown.cli.reconcile import reconcile as run_reconcile
from include.winddown.domain.errors import WinddownError
from include.winddown.domain.exits import read_day
from include.winddown.domain.policy import Policy
from include.winddown.domain.settings import schema_of
from include.winddown.domain.what_if import read_cases

BAD_INPUT = 2

app = typer.Typer(
    help="Plan the wind-down of a stock and reconcile its returns on files, and look into the ledger, without Airflow.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(effects.app, name="effects")

_SHEET = "CSV, .csv.gz or .xlsx"


@app.command()
def plan(  # noqa: PLR0913  an argument for each option
    *,
    stock: Annotated[Path, typer.Option(help=f"What the warehouses counted: {_SHEET}.")],
    orders: Annotated[Path, typer.Option(help=f"All orders up to that day: {_SHEET}.")],
    catalogue: Annotated[Path, typer.Option(help=f"The products: {_SHEET}.")],
    policy: Annotated[Path, typer.Option(help="A policy file (docs/policy.md).")],
    deadline: Annotated[str, typer.Option(help="Last day in the warehouses, YYYY-MM-DD.")],
    out: Annotated[Path, typer.Option(help="A new folder for the results.")],
    fees: Annotated[
        Path | None, typer.Option(help=f"What the marketplace asks for a sale: {_SHEET}.")
    ] = None,
    as_of: Annotated[str, typer.Option(help="The day the stock must be counted on, YYYY-MM-DD.")] = "",
    language: Annotated[str, typer.Option(help="en, zh or ru; else as the policy says.")] = "",
    what_if: Annotated[
        str, typer.Option(help="Other cases, as deadline=-7,cap=30,salvage=-20,rate=+30; or standard.")
    ] = "",
    mappings: Annotated[Path | None, typer.Option(help="A folder of own column mappings.")] = None,
) -> None:
    """Split the stock into return, markdown and disposal, and write the plan into a new folder."""
    wish = Wish(
        files=Files(stock=stock, orders=orders, catalogue=catalogue, fees=fees, mappings=mappings),
        policy=policy,
        deadline_on=read_day("deadline", deadline),
        out=out,
        as_of=read_day("as-of", as_of) if as_of else None,
        language=language or None,
        cases=read_cases(what_if),
    )
    sys.stdout.write(make_plan(wish))


@app.command()
def reconcile(  # noqa: PLR0913  an argument for each option
    *,
    requested: Annotated[list[Path], typer.Option(help=f"What was asked back: {_SHEET}; repeatable.")],
    shipped: Annotated[list[Path], typer.Option(help=f"What the partner reports: {_SHEET}; repeatable.")],
    received: Annotated[list[Path], typer.Option(help=f"What the own dock counted: {_SHEET}; repeatable.")],
    out: Annotated[Path, typer.Option(help="A new folder for the results.")],
    mapping: Annotated[
        list[Path] | None,
        typer.Option(
            help="A YAML file of column names, or a table of barcodes, aliases and packs; repeatable."
        ),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="A policy file (docs/policy.md), section match.")
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="The day the windows are judged on, YYYY-MM-DD; else today.")
    ] = "",
    language: Annotated[str, typer.Option(help="en, zh or ru; else as the policy says.")] = "",
    what_if: Annotated[
        str, typer.Option(help="Other settings, as lost_after_days=7,short_tolerance_qty=1.")
    ] = "",
) -> None:
    """Match received against shipped against requested, and write what does not fit into a new folder."""
    wish = ReconcileWish(
        requested=requested,
        shipped=shipped,
        received=received,
        mappings=mapping or [],
        out=out,
        policy=policy,
        as_of=read_day("as-of", as_of) if as_of else None,
        language=language or None,
        what_if=what_if,
    )
    sys.stdout.write(run_reconcile(wish))


@app.command()
def schema() -> None:
    """Print the JSON schema of a policy file, for editors."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "winddown policy"}
    sys.stdout.write(json.dumps(head | schema_of(Policy), indent=2, ensure_ascii=False) + "\n")


def main() -> int:
    """Run the command; what the business refuses is one sentence on the error stream."""
    try:
        app(standalone_mode=True)
    except WinddownError as refused:
        sys.stderr.write(f"winddown: {refused}\n")
        return BAD_INPUT
    return 0


if __name__ == "__main__":
    sys.exit(main())
