"""What is open in the ledger of effects and why, for a terminal; it reads, and can freeze, nothing else."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from include.winddown.domain.errors import BadConnection, BadParam
from include.winddown.domain.resolve import SHOWN_DIGITS
from include.winddown.domain.texts import visible

if TYPE_CHECKING:
    from sqlalchemy import Engine

app = typer.Typer(help="What is open in the ledger of effects, and why.", invoke_without_command=True)

Database = Annotated[
    str, typer.Option(envvar="WINDDOWN_DATABASE", help="winddown's database, postgresql://…")
]
Exit = Annotated[str, typer.Option("--exit", help="Only this exit.")]


@app.callback()
def effects(context: typer.Context, database: Database = "", exit_id: Exit = "") -> None:
    """List what is not settled; with a command after it, look closer or freeze."""
    context.obj = database
    if context.invoked_subcommand is None:
        with _opened(database) as engine:
            _list(engine, exit_id)


@app.command()
def show(
    context: typer.Context, key: Annotated[str, typer.Argument(help="First digits of its key.")]
) -> None:
    """Show one open effect with everything that happened to it."""
    from include.winddown.adapters.stores.effect_people import EffectPeople

    with _opened(context.obj) as engine:
        row = _find(engine, key)
        out = Console()
        out.print(_head(row))
        for one in EffectPeople(engine).history(row["effect_key"]):
            by = f" by {one['by_user']}" if one["by_user"] else ""
            out.print(escape(f"  {one['at']:%Y-%m-%d %H:%M:%S}  {one['kind']}{by}: {visible(one['detail'])}"))


@app.command()
def freeze(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="Your name.")],
    why: Annotated[str, typer.Option(help="The reason; it is kept.")],
) -> None:
    """Let nothing be sent any more, until somebody opens the ledger with the DAG thaw_ledger."""
    from include.winddown.adapters.stores.epochs import EpochStore

    with _opened(context.obj) as engine:
        epoch = EpochStore(engine).freeze(why, by)
        Console().print(escape(f"epoch {epoch.epoch_no}: frozen by {epoch.by_user}, {epoch.reason}"))


@contextmanager
def _opened(database: str) -> Iterator["Engine"]:
    # planning on files starts faster without a database's libraries
    from sqlalchemy.exc import OperationalError

    from include.winddown.adapters.stores.database import engine_of

    if not database:
        msg = "which database? Give --database postgresql://… or set WINDDOWN_DATABASE (docs/command.md)"
        raise BadConnection(msg)
    engine = engine_of(database)
    try:
        yield engine
    except OperationalError as down:
        reason = str(down.orig).strip().splitlines()[0]
        msg = f"winddown's database cannot be reached: {reason}; is it up, and is the address right?"
        raise BadConnection(msg) from down
    finally:
        engine.dispose()


def _list(engine: "Engine", exit_id: str) -> None:
    from include.winddown.adapters.stores.epochs import EpochStore
    from include.winddown.adapters.stores.questions import ask_rows

    rows = ask_rows(engine, "resolve_open", exit_id=exit_id)
    epoch, out = EpochStore(engine).current(), Console()
    if not epoch.is_open:
        out.print(
            escape(f"The ledger is frozen: {epoch.reason} ({epoch.by_user}). Nothing is sent."), style="red"
        )
    if not rows:
        out.print("Nothing is open.")
        return
    table = Table(box=box.SIMPLE)
    for name in ("effect", "exit", "what", "state", "for", "sends", "why"):
        table.add_column(name, no_wrap=name in ("effect", "state"))
    for row in rows:
        table.add_row(*(escape(visible(str(cell))) for cell in _cells(row)))
    out.print(table)
    out.print(
        ", ".join(f"{count} {state}" for state, count in sorted(Counter(r["state"] for r in rows).items()))
    )


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    what = row["request"].get("shipment_no") or row["request"].get("group") or ""
    why = row["detail"] if row["is_free"] else f"waits for another one on the same goods. {row['detail']}"
    waited = _duration(row["age_seconds"])
    key = row["effect_key"][:SHOWN_DIGITS]
    return key, row["exit_id"], f"{row['kind']} {what}", row["state"], waited, row["sends"], why


def _duration(seconds: int) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _head(row: dict[str, Any]) -> str:
    _, exit_id, what, state, waited, sends, why = _cells(row)
    key = row["effect_key"]
    return escape(visible(f"{key}\nexit {exit_id}, {what}: {state} for {waited}, {sends} sends. {why}"))


def _find(engine: "Engine", key: str) -> dict[str, Any]:
    from include.winddown.adapters.stores.questions import ask_rows

    rows = [row for row in ask_rows(engine, "resolve_open", exit_id="") if row["effect_key"].startswith(key)]
    if len(rows) != 1:
        msg = f"{len(rows)} open effects begin with {key!r}; `bin/winddown effects` lists them"
        raise BadParam(msg)
    return rows[0]
