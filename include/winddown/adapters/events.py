"""Events as desks and docks report them, read from their JSON."""

from collections.abc import Collection
from dataclasses import dataclass

from include.winddown.adapters.strict_json import Part
from include.winddown.domain.effects import Event
from include.winddown.domain.frames import CONDITIONS
from include.winddown.domain.side_frames import COUNT_CLOSED, COUNT_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class EventShape:
    """
    How one reporter writes its events.

    Attributes:
        source: 'desk' or 'dock'.
        id_field, time_field: names of the fields of the id and the time.
        kinds: the kinds it reports.
    """

    source: str
    id_field: str
    time_field: str
    kinds: Collection[str]


SHIPPED = EventShape(source="desk", id_field="event_id", time_field="happened_at", kinds=("shipped",))
COUNTED = EventShape(
    source="dock",
    id_field="count_id",
    time_field="counted_at",
    kinds=COUNT_KINDS,
)


def read_event(item: Part, shape: EventShape) -> Event:
    """
    Read one event.

    Raises:
        ContractBroken: a field is missing or not what it should be; an unknown kind or condition
            is an error too, because units would go missing with it.
    """
    kind = one_of(item["kind"], shape.kinds)
    closes = kind == COUNT_CLOSED
    return Event(
        source=shape.source,
        event_id=item[shape.id_field].name(),
        request_no=item["request_no"].name(),
        kind=kind,
        sku="" if closes else item["sku"].name(),
        condition="" if closes else one_of(item["condition"], CONDITIONS),
        qty=0 if closes else item["quantity"].whole(low=1),
        happened_at=item[shape.time_field].moment(),
        raw=item.fields(),
    )


def one_of(part: Part, allowed: Collection[str]) -> str:
    """Read a text that must be one of those allowed."""
    text = part.text()
    if text not in allowed:
        part.fail(f"one of {', '.join(allowed)}")
    return text
