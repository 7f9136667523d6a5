"""Read a mapping's YAML and its keys; a typo is named together with the keys that are known."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused


class _Strict(yaml.SafeLoader):
    """YAML in which a key that stands twice is an error, not an overwrite."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  yaml's own signature
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for number, key in enumerate(keys) if key in keys[:number]]
        if twice:
            raise yaml.YAMLError(f"the key {twice[0]!r} stands twice")  # noqa: TRY003, EM102
        return super().construct_mapping(node, deep)


def load_yaml(content: str, name: str) -> dict[str, object]:
    """Read a mapping's YAML, or refuse with F_MAPPING."""
    try:
        loaded = yaml.load(content, _Strict)  # noqa: S506  a SafeLoader that is stricter still
    except yaml.YAMLError as error:
        msg = f"mapping {name} is not YAML: {str(error).splitlines()[0]}; correct it"
        raise FileRefused(Code.F_MAPPING, msg) from error
    return table(loaded, name)


def table(value: object, place: str) -> dict[str, object]:
    """Take a YAML mapping with text keys, or refuse with F_MAPPING."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        msg = f"mapping {place}: expected keys and values, found {type(value).__name__}"
        raise FileRefused(Code.F_MAPPING, msg)
    return value


def check_keys(
    entry: Mapping[str, object], known: Collection[str], place: str, *, complete: bool = False
) -> None:
    """Refuse a key that is not known (naming the nearest), and with `complete` also one that is absent."""
    for key in entry:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            msg = f"mapping {place}: unknown {key!r}{hint} Known: {', '.join(known)}"
            raise FileRefused(Code.F_MAPPING, msg)
    absent = [key for key in known if key not in entry]
    if complete and absent:
        msg = f"mapping {place}: {', '.join(absent)} missing; add it"
        raise FileRefused(Code.F_MAPPING, msg)


def text(entry: Mapping[str, object], key: str, place: str) -> str | None:
    """Take a text; numbers must be quoted, so that 00123 stays what it is."""
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        msg = f"mapping {place}: {key} is {value!r}; put it in quotes"
        raise FileRefused(Code.F_MAPPING, msg)
    return value


def choice(entry: Mapping[str, object], key: str, allowed: Collection[str], place: str) -> str:
    """Take one of the allowed texts; the first is what an absent key means."""
    value = text(entry, key, place)
    if value is None:
        return next(iter(allowed))
    if value not in allowed:
        listed = ", ".join(repr(word) for word in allowed)
        msg = f"mapping {place}: {key} is {value!r}; use one of {listed}"
        raise FileRefused(Code.F_MAPPING, msg)
    return value


def flag(entry: Mapping[str, object], key: str, place: str) -> bool:
    """Take true or false; absent means false."""
    value = entry.get(key, False)
    if not isinstance(value, bool):
        msg = f"mapping {place}: {key} is {value!r}; write true or false"
        raise FileRefused(Code.F_MAPPING, msg)
    return value


def words(entry: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    """Take a list of texts; absent means none."""
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        msg = f"mapping {place}: {key} must be a list of quoted words"
        raise FileRefused(Code.F_MAPPING, msg)
    return tuple(value)


def texts(value: object, place: str) -> dict[str, str]:
    """Take a mapping from texts to texts."""
    entry = table(value, place)
    for key in entry:
        if text(entry, key, place) is None:
            msg = f"mapping {place}: {key} has no value"
            raise FileRefused(Code.F_MAPPING, msg)
    return {key: str(word) for key, word in entry.items()}


def zone_name(entry: Mapping[str, object], place: str) -> str | None:
    """Take the name of a time zone that exists."""
    name = text(entry, "zone", place)
    if name is None:
        return None
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        msg = f"mapping {place}: no time zone {name!r}; use a name as Europe/London"
        raise FileRefused(Code.F_MAPPING, msg) from error
