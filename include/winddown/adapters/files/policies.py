"""A policy file: YAML without its traps, every error with its line."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from upath import UPath

from include.winddown.domain.errors import BadPolicy
from include.winddown.domain.policy import Policy
from include.winddown.domain.texts import shown

SIZE_MAX = 256 * 1024
DEPTH_MAX = 8
_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_REAL = re.compile(r"-?[0-9]{1,17}\.[0-9]{1,17}")
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}

Lines = dict[tuple[str, ...], int]


def read_policy(path: Path | UPath) -> Policy:
    """
    Read a policy file.

    Raises:
        BadPolicy: it is not there, no policy, or a setting is wrong; names file, line, setting and
            what to give.
    """
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_MAX + 1)
    except OSError as error:
        msg = f"policy file {path} cannot be read ({error.strerror or error}); put it there, or correct the name"
        raise BadPolicy(msg) from error
    return parse_policy(content, path.name)


def parse_policy(content: bytes, name: str) -> Policy:
    """
    Turn the bytes of a policy file into a policy; what it does not name keeps its default.

    Args:
        content: YAML: settings by name, sections within. No tags, anchors, aliases or second document.
        name: of the file, for messages.

    Raises:
        BadPolicy: see read_policy.
    """
    place = f"policy file {shown(name, 200)}"
    if len(content) > SIZE_MAX:
        msg = f"{place} has more than {SIZE_MAX} bytes; a policy is small: is it the right file?"
        raise BadPolicy(msg)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{place} is not UTF-8: byte 0x{content[error.start]:02x} at offset {error.start}; save it as UTF-8"
        raise BadPolicy(msg) from error
    try:
        _check_plain(text, place)
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise BadPolicy(_yaml_message(error, place)) from error
    if root is None:
        msg = f"{place} holds no setting; write settings by name, as in docs/policy.example.yaml"
        raise BadPolicy(msg)
    lines: Lines = {(): 1}
    settings = _plain(root, (), lines, place)
    try:
        return Policy.of(settings)  # type: ignore[arg-type]  # anything else is refused there by name
    except BadPolicy as bad:
        msg = f"{place}, line {_line_of(bad.path, lines)}: {bad}"
        raise BadPolicy(msg, bad.path) from bad


def _check_plain(text: str, place: str) -> None:
    """Look at the events as they come, so that nothing deep or repeated is ever built."""
    depth = documents = 0
    for event in _events(text):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            msg = f"{place}, line {line}: anchors and aliases (& and *) are not allowed; write the value out"
            raise BadPolicy(msg)
        tag = getattr(event, "tag", None)
        if tag:
            msg = f"{place}, line {line}: the tag {shown(tag)} is not allowed; write the plain value"
            raise BadPolicy(msg)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            msg = f"{place}, line {line}: a second document begins; leave one"
            raise BadPolicy(msg)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_MAX:
            msg = f"{place}, line {line}: nested more than {DEPTH_MAX} deep; no setting lies there"
            raise BadPolicy(msg)


def _events(text: str) -> Iterator[yaml.Event]:
    events: Iterator[yaml.Event] = yaml.parse(text, yaml.SafeLoader)
    return events


def _yaml_message(error: yaml.YAMLError, place: str) -> str:
    mark = getattr(error, "problem_mark", None)
    at = f", line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"{place}{at}: not YAML: {shown(str(problem))}; correct it, as in docs/policy.example.yaml"


def _plain(node: yaml.Node, path: tuple[str, ...], lines: Lines, place: str) -> object:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, place)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, path, lines, place) for item in node.value]
    return _scalar(str(node.value), is_plain=node.style is None)  # type: ignore[attr-defined]


def _mapping(node: yaml.MappingNode, path: tuple[str, ...], lines: Lines, place: str) -> dict[str, object]:
    told: dict[str, object] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            msg = f"{place}, line {line}: a name of a setting must be a word"
            raise BadPolicy(msg)
        name = str(key.value)
        here = (*path, name)
        if name in told:
            msg = (
                f"{place}, line {line}: {shown('.'.join(here))!r} stands twice, first in line {lines[here]};"
                " leave the one that is right"
            )
            raise BadPolicy(msg, here)
        lines.setdefault(here, line)
        told[name] = _plain(value, here, lines, place)
    return told


def _scalar(text: str, *, is_plain: bool) -> object:
    """
    Read a value as it looks: YAML 1.1 would read 010 as eight, 1:30 as ninety and no as false.

    What looks like none of whole number, number, true, false and null stays text.
    """
    if not is_plain:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _REAL.fullmatch(text) else text


def _line_of(path: tuple[str, ...], lines: Lines) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]
