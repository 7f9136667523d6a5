"""Events as desks and docks report them, read from their JSON."""

from dataclasses import dataclass

from include.winddown.adapters.strict_json import Part
from include.winddown.domain.amounts import minor_of
from include.winddown.domain.effects import Event
from include.winddown.domain.frames import CURRENCIES, QTY_MAX
from include.winddown.domain.ids import Complaint
from include.winddown.domain.match.events import flaw_of, kind_of
from include.winddown.domain.match.frames import MEASURES

CARTON_G_MAX = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventShape:
    """
    How one reporter writes its events.

    Attributes:
        source: 'desk' or 'dock'.
        id_field, time_field: names of the fields of the id and the time.
    """

    source: str
    id_field: str
    time_field: str


SHIPPED = EventShape(source="desk", id_field="event_id", time_field="happened_at")
COUNTED = EventShape(source="dock", id_field="count_id", time_field="counted_at")

TEXTS = {
    **{name: name for name in ("shipment_no", "carton_id", "report_no", "barcode", "unit", "place")},
    "tracking_number": "tracking_no",
    "by_whom": "by_whom",
    "note": "note",
}
"""Fields that may be missing, null or empty, by the name of the event's own."""


def read_event(item: Part, shape: EventShape) -> Event:
    """
    Read one event.

    Raises:
        ContractBroken: a field is missing or not what it should be, or the event cannot be kept. An unknown
            kind or condition is kept as written: its pieces go to a person.
    """
    event = Event(
        source=shape.source,
        event_id=item[shape.id_field].name(),
        request_no=_name(item["request_no"]),
        kind=kind_of(item["kind"].text(), shape.source),
        sku=_name(item["sku"]),
        condition=_text(item["condition"]),
        qty=item["quantity"].whole(low=-QTY_MAX),
        happened_at=item[shape.time_field].moment(),
        raw=item.fields(),
        **{own: _text(_field(item, name)) for name, own in TEXTS.items()},
        measure=_one_of(_field(item, "measure"), ("", *MEASURES)),
        currency=_one_of(_field(item, "currency"), ("", *CURRENCIES)),
        carton_weight_g=_weight(_field(item, "carton_weight_g")),
        amount_minor=_minor(_field(item, "amount")),
    )
    flaw = flaw_of(event)
    if flaw:
        item.fail(f"an event that can be kept: {flaw}")
    return event


def _field(item: Part, name: str) -> Part:
    """Go to a field that may be missing, which is the same as empty."""
    return Part(item.fields().get(name), f"{item.path}.{name}")


def _name(part: Part) -> str:
    return part.name() if part.value not in (None, "") else ""


def _text(part: Part) -> str:
    return part.text() if part.value is not None else ""


def _one_of(part: Part, allowed: tuple[str, ...]) -> str:
    text = _text(part)
    if text not in allowed:
        part.fail(f"one of {', '.join(name for name in allowed if name)}")
    return text


def _weight(part: Part) -> int | None:
    return None if part.value is None else part.whole(low=1, high=CARTON_G_MAX)


def _minor(part: Part) -> int | None:
    if part.value is None:
        return None
    minor = minor_of(part.amount())
    if isinstance(minor, Complaint):
        part.fail("an amount of money with at most two decimals")
    return minor
