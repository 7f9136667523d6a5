"""Settings that say themselves what they may be: range, unit, meaning and source stand beside the default."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Literal, TypeVar

from include.winddown.domain.errors import BadPolicy
from include.winddown.domain.texts import shown

T = TypeVar("T")
Path = tuple[str, ...]
Kind = Literal["whole", "real", "choice", "flag", "steps", "table", "text"]
TEXT_MAX = 200
STEPS_MAX = 16
NAMES_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """
    What one setting may be.

    Attributes:
        kind: whole and real = a number in a range; choice = one of some words; flag = true or false;
            steps = whole numbers in a range, rising from its low end; table = settings by name; text = a line of it.
        unit: of the value.
        meaning: what it does, for people.
        source: where the default comes from.
        low, high: inclusive range of numbers.
        choices: the words of a choice.
        entry: the class of a table's entries.
        pattern: which texts there may be; empty = any line.
    """

    kind: Kind
    meaning: str
    source: str
    unit: str = "–"
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()
    entry: type | None = None
    pattern: str = ""

    def bounds(self) -> str:
        """The range, for people."""
        if self.kind == "flag":
            return "true, false"
        if self.kind == "choice":
            return ", ".join(self.choices)
        if self.kind == "table":
            return "settings by name"
        if self.kind == "text":
            return f"as `{self.pattern}`" if self.pattern else "a line of text"
        return f"{self.low:,} to {self.high:,}"

    def wanted(self) -> str:
        """What to give, for a message."""
        if self.kind == "flag":
            return "true or false"
        if self.kind == "choice":
            near = " or ".join(map(repr, self.choices))
            return near if len(self.choices) <= STEPS_MAX else ", ".join(self.choices)
        if self.kind == "steps":
            return (
                f"at most {STEPS_MAX} whole numbers that rise from {self.low} to at most {self.high},"
                f" as [{self.low}, 10, 20]"
            )
        if self.kind == "table":
            return "settings by name, no name empty"
        if self.kind == "text":
            return f"text as {self.pattern}" if self.pattern else f"a line of text, {TEXT_MAX} signs at most"
        return f"a {'whole ' if self.kind == 'whole' else ''}number from {self.low} to {self.high}"


def given(default: object, setting: Setting) -> Any:
    """
    Declare a dataclass field by its setting; a default of None means: as for all.

    A section is declared by `field(default_factory=Kind, metadata={"section": Kind})`.
    """
    return field(default=default, metadata={"setting": setting})


def named(setting: Setting) -> Any:
    """Declare a table of settings by name, empty by default."""
    return field(default_factory=dict, hash=False, metadata={"setting": setting})


def check(settings: object, path: Path = ()) -> None:
    """
    Refuse a value that a setting cannot have.

    Raises:
        BadPolicy: names the setting and what to give.
    """
    for one in fields(settings):  # type: ignore[arg-type]
        if "setting" in one.metadata:
            _check(one, getattr(settings, one.name), (*path, one.name))


def build(kind: type[T], settings: object, path: Path = ()) -> T:
    """
    Build a dataclass of settings, sections within it too; what is not given keeps its default.

    Args:
        kind: the dataclass.
        settings: by name.
        path: where it stands, for messages.

    Raises:
        BadPolicy: a name is unknown or a value cannot be; the nearest known name and the path are in it.
    """
    if not isinstance(settings, Mapping):
        place = f"policy section {'.'.join(path)}" if path else "policy"
        msg = f"{place} is {shown(repr(settings))}; give settings by name, as {{{_example(kind)}}}"
        raise BadPolicy(msg, path)
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    for name in settings:
        if name not in known:
            raise _unknown(name, list(known), path)
    return kind(**{name: _value(known[name], value, (*path, name)) for name, value in settings.items()})


def listed(kind: type, path: Path = ()) -> Iterator[tuple[str, Setting, object]]:
    """Give every setting below a class: its path with dots, what it may be, its default."""
    for one in fields(kind):
        here = (*path, one.name)
        if "section" in one.metadata:
            yield from listed(one.metadata["section"], here)
            continue
        setting: Setting = one.metadata["setting"]
        yield ".".join(here), setting, _default(one)
        if setting.entry:
            yield from listed(setting.entry, (*here, "*"))


def schema_of(kind: type) -> dict[str, object]:
    """Describe a class of settings as a JSON schema, for editors."""
    properties: dict[str, object] = {}
    for one in fields(kind):
        inner = one.metadata.get("section")
        properties[one.name] = schema_of(inner) if inner else _schema(one)
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _schema(one: "Field[Any]") -> dict[str, object]:
    setting: Setting = one.metadata["setting"]
    number = {"minimum": setting.low, "maximum": setting.high}
    told: dict[str, object] = {"description": f"{setting.meaning} [{setting.unit}]"}
    if setting.kind == "table" and setting.entry:
        return told | {"type": "object", "additionalProperties": schema_of(setting.entry)}
    default = _default(one)
    shapes: dict[str, dict[str, object]] = {
        "whole": {"type": "integer", **number},
        "real": {"type": "number", **number},
        "flag": {"type": "boolean"},
        "choice": {"enum": list(setting.choices)},
        "steps": {
            "type": "array",
            "items": {"type": "integer", **number},
            "prefixItems": [{"const": setting.low}],
            "minItems": 1,
            "maxItems": STEPS_MAX,
            "uniqueItems": True,
        },
        "text": {"type": "string", "minLength": 1, "maxLength": TEXT_MAX}
        | ({"pattern": f"^{setting.pattern}$"} if setting.pattern else {}),
    }
    shape = shapes[setting.kind]
    if default is None:
        return told | {"anyOf": [shape, {"type": "null"}]}
    return told | shape | {"default": list(default) if isinstance(default, tuple) else default}


def _value(one: "Field[Any]", value: object, path: Path) -> object:
    if "section" in one.metadata:
        return build(one.metadata["section"], value, path)
    setting: Setting = one.metadata["setting"]
    if setting.kind == "table" and setting.entry and isinstance(value, Mapping):
        value = {name: build(setting.entry, entry, (*path, str(name))) for name, entry in value.items()}
    elif setting.kind == "steps" and isinstance(value, list):
        value = tuple(value)
    _check(one, value, path)
    return value


def _check(one: "Field[Any]", value: object, path: Path) -> None:
    setting: Setting = one.metadata["setting"]
    if (value is None and one.default is None) or _fits(setting, value):
        return
    msg = f"policy setting {'.'.join(path)} is {shown(repr(value))}; give {setting.wanted()}"
    raise BadPolicy(msg, path)


def _fits(setting: Setting, value: object) -> bool:
    if setting.kind == "flag":
        return isinstance(value, bool)
    if setting.kind == "choice":
        return isinstance(value, str) and value in setting.choices
    if setting.kind == "table":
        return isinstance(value, Mapping) and len(value) <= NAMES_MAX and all(map(_is_name, value))
    if setting.kind == "steps":
        return _rises(setting, value)
    if setting.kind == "text":
        return _is_line(setting, value)
    return _is_number(setting, value)


def _is_line(setting: Setting, value: object) -> bool:
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value.strip()) <= TEXT_MAX:
        return False
    return bool(re.fullmatch(setting.pattern, value)) if setting.pattern else True


def _is_name(name: object) -> bool:
    return isinstance(name, str) and bool(name.strip())


def _is_number(setting: Setting, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if setting.kind != "real" else (int, float)):
        return False
    return bool(setting.low <= value <= setting.high)


def _rises(setting: Setting, value: object) -> bool:
    if not isinstance(value, tuple) or not 1 <= len(value) <= STEPS_MAX:
        return False
    if not all(_is_number(setting, step) for step in value):
        return False
    return bool(value[0] == setting.low) and list(value) == sorted(set(value))


def _default(one: "Field[Any]") -> object:
    return one.default if one.default is not MISSING else {}


def _unknown(name: object, known: list[str], path: Path) -> BadPolicy:
    near = get_close_matches(str(name), known, n=1)
    hint = f", did you mean {near[0]!r}?" if near else ""
    dotted = ".".join((*path, str(name)))
    msg = f"unknown policy setting {dotted!r}{hint}; known are {', '.join(sorted(known))}"
    return BadPolicy(msg, (*path, str(name)))


def _example(kind: type) -> str:
    name, setting, default = next(listed(kind))
    return f'"{name}": {setting.low if default is None else default}'
