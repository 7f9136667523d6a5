"""The three legs of an exit as the match reads them."""

import pyarrow as pa
from sqlalchemy import Engine

from include.winddown.adapters.match.joins import Legs
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.domain.frames import Frame
from include.winddown.domain.match.frames import RECEIVED, REQUESTED, SHIPPED


def legs_of(engine: Engine, exit_id: str) -> Legs:
    """Read what an exit asked back, and every edition of what desk and dock reported about it."""
    return Legs(
        requested=_table(REQUESTED, ask_rows(engine, "match_requested", exit_id=exit_id)),
        shipped=_table(SHIPPED, ask_rows(engine, "match_reported", exit_id=exit_id, source="desk")),
        received=_table(RECEIVED, ask_rows(engine, "match_reported", exit_id=exit_id, source="dock")),
    )


def _table(frame: Frame, rows: list[dict[str, object]]) -> pa.Table:
    schema = arrow_schema(frame)
    columns = {field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in schema}
    return pa.table(columns, schema=schema)
