"""Which warehouse of Ozon's a partner calls by which code: what may be said about it, and what is told of gaps."""

import re
from collections.abc import Collection, Mapping

from include.winddown.domain.errors import shorten
from include.winddown.domain.texts import shown

_OZON_ID = re.compile(r"[0-9]{1,19}")


class BadCodes(ValueError):
    """The mapping from Ozon's warehouse ids to a partner's codes is not one; says where."""


def read_codes(told: object) -> dict[str, str]:
    """
    Read the setting `warehouses`: {"<Ozon's id>": "<the partner's code>"}; None and {} are no mapping.

    Raises:
        BadCodes: it is no object, a key is no id of Ozon's, or a value is no code.
    """
    if told is None:
        return {}
    if not isinstance(told, Mapping):
        msg = f'is {shown(repr(told))}, not an object like {{"22142605386000": "WH-1"}}'
        raise BadCodes(msg)
    for ozon_id, code in told.items():
        if not _OZON_ID.fullmatch(str(ozon_id)):
            msg = f"has the key {shown(repr(ozon_id))}, and ids of Ozon's are 1 to 19 digits"
            raise BadCodes(msg)
        if not isinstance(code, str) or not code.isprintable() or not code or code != code.strip():
            msg = f"gives {shown(repr(code))} for {ozon_id}, and a code is a text without blanks around it"
            raise BadCodes(msg)
    return dict(told)


def unnamed_note(frame_name: str, unnamed: Collection[str]) -> str:
    """Say which of Ozon's warehouses have no code, and what that means."""
    return (
        f"{frame_name}: {len(unnamed)} warehouses have no code in the connection's warehouses:"
        f" {shorten(sorted(unnamed))}; they keep Ozon's id, which the partner's stock report may not know."
        " Add them to warehouses in the extra"
    )
