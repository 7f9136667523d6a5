"""What must hold of a snapshot, a plan, a reconciliation: in each frame and between the frames."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from include.winddown.domain.frame_expectations import Expectation, ExpectationKind, frame_expectations
from include.winddown.domain.frames import (
    CATALOGUE,
    ORDERS,
    PLAN_LINES,
    SHIPMENT_LINES,
    STOCK,
    Frame,
)
from include.winddown.domain.match.books import BOOKED_LINES
from include.winddown.domain.plan_frames import DECISIONS

__all__ = [
    "Expectation",
    "ExpectationKind",
    "frame_expectations",
    "plan_expectations",
    "reconciliation_expectations",
    "snapshot_expectations",
]

ORDER_LEAD = timedelta(days=365)

_UNIT_GRAIN = ("warehouse_id", "sku", "condition")


def snapshot_expectations(*, taken_at: datetime, currency: str) -> tuple[Expectation, ...]:
    """
    Derive what must hold of a snapshot: stock, orders and catalogue, each and together.

    Args:
        taken_at: when the snapshot was taken, aware; orders may lie a year ahead of it at most.
        currency: the exit's; every amount of the catalogue and the orders is in it.

    Returns:
        Expectations over the tables stock, orders and catalogue.
    """
    return (
        *_each((STOCK, ORDERS, CATALOGUE)),
        _sku_known(STOCK, critical=True),
        _sku_known(ORDERS, critical=False),
        Expectation(
            name="catalogue.one_currency",
            frame=CATALOGUE.name,
            column="currency",
            kind="cross",
            predicate="\"currency\" = getvariable('exit_currency')",
            critical=True,
            sentence=f"every amount of the catalogue and the orders is in {currency}, the exit's currency",
            shown=("frame", "row_id", "currency"),
            statement="expect_currency_rows.sql",
            values=(("exit_currency", currency),),
        ),
        Expectation(
            name="orders.ordered_at.not_far_ahead",
            frame=ORDERS.name,
            column="ordered_at",
            kind="range",
            predicate="\"ordered_at\" <= getvariable('latest_order_at')",
            critical=False,
            sentence="no order is dated more than a year after the snapshot",
            shown=(*ORDERS.grain, "ordered_at"),
            values=(("latest_order_at", taken_at + ORDER_LEAD),),
        ),
    )


def plan_expectations(*, weight_max_g: int, volume_usable_ml: int) -> tuple[Expectation, ...]:
    """
    Derive what must hold of a plan against the snapshot it was made from.

    Args:
        weight_max_g: heaviest shipment allowed [g].
        volume_usable_ml: volume of a shipment that can really be filled [ml].

    Returns:
        Expectations over the tables stock, plan_lines, shipment_lines and decisions.
    """
    return (
        *_each((PLAN_LINES, SHIPMENT_LINES, DECISIONS)),
        _crossing(
            PLAN_LINES,
            "conserves_units",
            predicate='"planned_qty" = "on_hand_qty"',
            sentence="the plan gives every piece on hand one disposition: no piece more, none less",
            shown=(*_UNIT_GRAIN, "on_hand_qty", "planned_qty"),
            statement="expect_plan_units.sql",
        ),
        _crossing(
            SHIPMENT_LINES,
            "carries_returns",
            predicate='"shipped_qty" = "return_qty"',
            sentence="the shipments carry exactly the pieces planned to return",
            shown=(*_UNIT_GRAIN, "return_qty", "shipped_qty"),
            statement="expect_shipment_units.sql",
        ),
        _crossing(
            DECISIONS,
            "are_carried_out",
            predicate='"return_qty" = "returned_qty" and "dispose_qty" = "disposed_qty"',
            sentence="the plan's lines return and dispose of as many sellable pieces as was decided",
            shown=("sku", "return_qty", "returned_qty", "dispose_qty", "disposed_qty"),
            statement="expect_decision_units.sql",
        ),
        *_of_shipments(weight_max_g, volume_usable_ml),
    )


def reconciliation_expectations() -> tuple[Expectation, ...]:
    """Derive what must hold of requested lines before they are booked."""
    return frame_expectations(BOOKED_LINES)


def _each(frames: Iterable[Frame]) -> Iterator[Expectation]:
    for frame in frames:
        yield from frame_expectations(frame)


def _sku_known(frame: Frame, *, critical: bool) -> Expectation:
    return Expectation(
        name=f"{frame.name}.sku_in_catalogue",
        frame=frame.name,
        column="sku",
        kind="cross",
        predicate='"is_in_catalogue"',
        critical=critical,
        sentence=f"every sku of {frame.name} is in the catalogue",
        shown=frame.grain if "sku" in frame.grain else (*frame.grain, "sku"),
        statement=f"expect_{frame.name}_skus.sql",
    )


def _crossing(
    frame: Frame, noun: str, *, predicate: str, sentence: str, shown: tuple[str, ...], statement: str
) -> Expectation:
    return Expectation(
        name=f"{frame.name}.{noun}",
        frame=frame.name,
        column=None,
        kind="cross",
        predicate=predicate,
        critical=True,
        sentence=sentence,
        shown=shown,
        statement=statement,
    )


def _of_shipments(weight_max_g: int, volume_usable_ml: int) -> Iterator[Expectation]:
    claims: tuple[tuple[str, str, str, tuple[tuple[str, object], ...]], ...] = (
        (
            "within_weight",
            "\"weight_total_g\" <= getvariable('weight_max_g')",
            f"no shipment is heavier than {weight_max_g} g",
            (("weight_max_g", weight_max_g),),
        ),
        (
            "within_volume",
            "\"volume_total_ml\" <= getvariable('volume_usable_ml')",
            f"no shipment is larger than the usable volume, {volume_usable_ml} ml",
            (("volume_usable_ml", volume_usable_ml),),
        ),
        (
            "unmixed",
            '"kinds_qty" = 1',
            "a shipment leaves one warehouse for one destination with goods of one handling class",
            (),
        ),
    )
    for noun, predicate, sentence, values in claims:
        yield Expectation(
            name=f"{SHIPMENT_LINES.name}.{noun}",
            frame=SHIPMENT_LINES.name,
            column=None,
            kind="cross",
            predicate=predicate,
            critical=True,
            sentence=sentence,
            shown=("shipment_no", "weight_total_g", "volume_total_ml", "kinds_qty"),
            statement="expect_shipment_totals.sql",
            values=values,
        )
