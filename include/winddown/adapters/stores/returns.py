"""Return requests as the desk keeps them, written in the statement that confirms their effect."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache

from sqlalchemy import Connection, TextClause, text

from include.winddown.adapters.stores.database import statement
from include.winddown.domain.effects import Accepted

REQUEST_ID_DIGITS = 20


def confirm_request(
    connection: Connection,
    effect_key: str,
    states: Sequence[str],
    fence: int | None,
    words: Mapping[str, str],
    accepted: Accepted,
) -> bool:
    """
    Confirm an effect with its request, lines and the movement of the accepted pieces.

    The request's id is the beginning of its effect's key, so it is the same in every try.

    Args:
        connection: the statement is a transaction of its own, or part of the caller's.
        effect_key: the effect.
        states: in which it may be.
        fence: from the claim; None = any.
        words: shipment_no, warehouse_id, and detail for people, kept on the attempt.
        accepted: the request as the desk keeps it.

    Returns:
        False when the effect is not in such a state; then only its attempt is ended.
    """
    lines = [asdict(line) for line in accepted.lines]
    values = {
        "effect_key": effect_key,
        "states": list(states),
        "fence": fence,
        "request_id": effect_key[:REQUEST_ID_DIGITS],
        "request_no": accepted.request_no,
        **words,
        "lines": json.dumps(lines),
        "reply": json.dumps({"request_no": accepted.request_no, "lines": lines}),
    }
    return bool(connection.execute(_statement(), values).scalar_one())


@cache
def _statement() -> TextClause:
    return text(statement("confirm_request"))
