"""JSON read without guessing, and values that know where in a reply they stand."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

import msgspec

from include.winddown.domain.errors import ContractBroken
from include.winddown.domain.frames import QTY_MAX

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class NotJson(ValueError):
    """The bytes are not JSON that can be kept: cut, garbled, ambiguous or not storable."""


def strict_json(body: bytes) -> object:
    """
    Read JSON; what a parser would silently guess at is refused.

    Raises:
        NotJson: bad syntax or encoding, NaN or Infinity, a key twice in one object, nesting
            too deep, a NUL or half a surrogate pair.
    """
    quick = _quick_json(body)
    if quick is not None:
        return quick
    try:
        text = body.decode("utf-8-sig")
        found: object = json.loads(
            text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant, parse_float=_finite
        )
        if "\\u" in text:  # only an escape can bring in what UTF-8 or PostgreSQL cannot hold
            _storable(found)
    except (ValueError, RecursionError) as error:
        msg = f"not usable as JSON: {error}"
        raise NotJson(msg) from error
    return found


def _quick_json(body: bytes) -> object:
    """
    Read plain, compact JSON three times as fast; None = look closer.

    Written again it has the same length, so no key was lost that stood twice; without an escape
    there is nothing that cannot be stored.
    """
    if b"\\" in body and b"\\u" in body:  # one byte is looked for much faster than two
        return None
    try:
        found = msgspec.json.decode(body)
        written = msgspec.json.encode(found)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return found if len(written) == len(body) else None


def _no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        msg = "a key stands twice in one object"
        raise ValueError(msg)
    return found


def _no_constant(name: str) -> object:
    msg = f"{name} is not a number"
    raise ValueError(msg)


def _finite(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):
        msg = f"{literal[:20]} is out of range"
        raise ValueError(msg)
    return number


def _storable(found: object) -> None:
    written = json.dumps(found, ensure_ascii=False)
    written.encode()  # half a surrogate pair fails here
    if _NUL.search(written):
        msg = "a text holds a NUL"
        raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Part:
    """
    A value of a reply, with its JSON path for messages.

    Every reading method raises ContractBroken when the value is not what its owner documents.
    """

    value: object
    path: str

    def __getitem__(self, name: str) -> "Part":
        """Go to a field that must be there."""
        fields = self.fields()
        if name not in fields:
            Part("missing", f"{self.path}.{name}").fail("a field")
        return Part(fields[name], f"{self.path}.{name}")

    def __iter__(self) -> Iterator["Part"]:
        """Go through a list that must be one."""
        if not isinstance(self.value, list):
            self.fail("a list")
        for number, item in enumerate(self.value):
            yield Part(item, f"{self.path}[{number}]")

    def count(self) -> int:
        """Count the items of a list that must be one."""
        if not isinstance(self.value, list):
            self.fail("a list")
        return len(self.value)

    def fields(self) -> dict[str, object]:
        """Give all fields of an object that must be one."""
        if not isinstance(self.value, dict):
            self.fail("an object")
        return self.value

    def fail(self, expected: str) -> NoReturn:
        """Raise the error that says what stands here and what should."""
        msg = f"{self.path} is {str(self.value)[:80]!r}; expected {expected}"
        raise ContractBroken(msg)

    def text(self) -> str:
        """Read a text; it may be empty."""
        if not isinstance(self.value, str):
            self.fail("a text")
        return self.value

    def name(self) -> str:
        """Read an identifier as text; the owner writes it now as a number, now as text."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | str):
            self.fail("an identifier")
        name = str(self.value)
        if not name or not name.isprintable() or name != name.strip():
            self.fail("an identifier without blanks around it")
        return name

    def whole(self, low: int = 0, high: int = QTY_MAX) -> int:
        """Read a whole number in an inclusive range."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not low <= self.value <= high:
            self.fail(f"a whole number from {low} to {high}")
        return self.value

    def int64(self) -> int:
        """Read a whole number that its owner writes now as a number, now as text."""
        if isinstance(self.value, str) and re.fullmatch(r"-?[0-9]{1,19}", self.value, re.ASCII):
            return int(self.value)
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.fail("a whole number")
        return self.value

    def amount(self) -> str:
        """Read an amount of money as text; younger methods write a text, older ones a number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | str):
            self.fail("an amount of money")
        # repr gives a number back as it was written, up to 15 digits
        return self.value if isinstance(self.value, str) else repr(self.value)

    def flag(self) -> bool:
        """Read true or false."""
        if not isinstance(self.value, bool):
            self.fail("true or false")
        return self.value

    def moment(self) -> datetime:
        """Read a time with a zone, as UTC."""
        try:
            moment = datetime.fromisoformat(self.text())
        except ValueError:
            self.fail("an ISO 8601 time")
        if moment.tzinfo is None:
            self.fail("a time with a zone")
        return moment.astimezone(UTC)
