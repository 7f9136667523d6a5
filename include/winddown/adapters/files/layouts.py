"""How a file's columns become a frame's columns: declared in YAML, checked here, never guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
from upath import UPath

from include.winddown.adapters.files.layout_keys import (
    check_keys,
    choice,
    flag,
    load_yaml,
    table,
    text,
    texts,
    words,
    zone_name,
)
from include.winddown.domain.cells import Form, check_cell
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.frames import Column, Frame
from include.winddown.domain.texts import shown
from include.winddown.domain.times import clock

ENCODINGS = ("utf-8", "latin-1", "cp1251", "cp1252", "gb18030")
DELIMITERS = (",", ";", "\t", "|")
BUILT_IN = Path(__file__).parent / "mappings"
MAPPING_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """
    Where the values of one frame column come from; exactly one of source, constant, number_within.

    Attributes:
        source: the file's column.
        constant: the same text in every row.
        number_within: a frame column; rows with an equal value there are numbered from 1.
        values: the file's word → ours.
        money: how amounts are written.
        pattern, zone: how times are written, and the zone of those without an offset.
        is_optional: a file may lack the source; then every value is missing, and the frame allows that.
    """

    source: str | None = None
    constant: str | None = None
    number_within: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    money: Literal["decimal", "minor"] = "decimal"
    pattern: str | None = None
    zone: str | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Rows whose `column` matches `pattern` (RE2) go to quarantine for `reason`, whatever else they hold."""

    column: str
    pattern: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """
    The whole mapping of one kind of file.

    Attributes:
        name: for messages.
        feeds: by frame column.
        ignore: columns of the file that are read by nobody.
        case_matters: id columns in which a1 and A1 are different things.
        asides: rows to set aside; they do not count against the limit of bad rows.
        encoding, delimiter, sheet, gzip_members: the file's form.
        trailer: first cell of a last row whose second cell is the number of rows; empty = none.
    """

    name: str
    feeds: Mapping[str, Feed]
    ignore: tuple[str, ...] = ()
    case_matters: tuple[str, ...] = ()
    asides: tuple[Aside, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    gzip_members: Literal["one", "many"] = "one"
    trailer: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The file columns that are read where they are there."""
        named = [feed.source for feed in self.feeds.values() if feed.source is not None]
        return tuple(dict.fromkeys([*named, *(aside.column for aside in self.asides)]))

    @property
    def needed(self) -> tuple[str, ...]:
        """The file columns that must be there; of one that feeds twice, one need is enough."""
        must = {feed.source for feed in self.feeds.values() if not feed.is_optional}
        must |= {aside.column for aside in self.asides}
        return tuple(source for source in self.sources if source in must)


def read_layout(content: str, name: str, frame: Frame) -> Layout:
    """
    Read a mapping.

    Args:
        content: YAML.
        name: of the mapping, for messages.
        frame: what it must fill.

    Raises:
        FileRefused: F_MAPPING, with the key that is wrong and what may stand there.
    """
    top = load_yaml(content, name)
    check_keys(top, ("frame", "columns", "ignore", "case_matters", "set_aside", "file"), name)
    choice(top, "frame", (frame.name,), f"{name}: frame")
    form = table(top.get("file", {}), f"{name}: file")
    check_keys(form, ("encoding", "delimiter", "sheet", "gzip_members", "trailer"), f"{name}: file")
    return Layout(
        name=name,
        feeds=_read_feeds(table(top.get("columns"), f"{name}: columns"), name, frame),
        ignore=words(top, "ignore", name),
        case_matters=_read_case(top, name, frame),
        asides=_read_asides(top.get("set_aside", []), name),
        encoding=choice(form, "encoding", ENCODINGS, f"{name}: file.encoding"),
        delimiter=choice(form, "delimiter", DELIMITERS, f"{name}: file.delimiter"),
        sheet=text(form, "sheet", f"{name}: file") or "",
        gzip_members="many"
        if choice(form, "gzip_members", ("one", "many"), f"{name}: file") == "many"
        else "one",
        trailer=text(form, "trailer", f"{name}: file") or "",
    )


def load_layout(name: str, frame: Frame, own: UPath | None = None) -> Layout:
    """
    Find a mapping: the merchant's own first, then a built-in one.

    Args:
        name: without .yaml.
        frame: what it must fill.
        own: a folder with the merchant's mappings, or None.

    Raises:
        FileRefused: F_MAPPING with the names that exist.
    """
    folders: list[UPath | Path] = [BUILT_IN] if own is None else [own, BUILT_IN]
    for folder in folders:
        path = folder / f"{name}.yaml"
        if MAPPING_NAME.fullmatch(name) and path.is_file():
            try:
                return read_layout(path.read_text(encoding="utf-8"), f"{folder.name}/{path.name}", frame)
            except UnicodeDecodeError as error:
                msg = f"mapping {path} is not UTF-8; save it as UTF-8"
                raise FileRefused(Code.F_MAPPING, msg) from error
    there = sorted({found.stem for folder in folders if folder.is_dir() for found in folder.glob("*.yaml")})
    msg = (
        f"no mapping {shown(name)!r}; there are {', '.join(there)}. Put {shown(name)}.yaml into {folders[0]}"
    )
    raise FileRefused(Code.F_MAPPING, msg)


def _read_case(top: Mapping[str, object], name: str, frame: Frame) -> tuple[str, ...]:
    ids = tuple(column.name for column in frame.columns if column.kind == "id")
    named = words(top, "case_matters", name)
    check_keys(dict.fromkeys(named), ids, f"{name}: case_matters")
    return named


def _read_feeds(columns: Mapping[str, object], name: str, frame: Frame) -> dict[str, Feed]:
    check_keys(columns, frame.names, f"{name}: columns")
    absent = [c.name for c in frame.columns if c.name not in columns and not c.nullable]
    if absent:
        msg = f"mapping {name}: nothing feeds {', '.join(absent)}; add each under columns"
        raise FileRefused(Code.F_MAPPING, msg)
    return {
        key: _read_feed(value, f"{name}: columns.{key}", frame.column(key), frame)
        for key, value in columns.items()
    }


def _read_feed(value: object, place: str, column: Column, frame: Frame) -> Feed:
    entry: Mapping[str, object] = {"column": value} if isinstance(value, str) else table(value, place)
    allowed = ["column", "constant", "values"]
    allowed += ["money"] if column.kind == "minor" else []
    allowed += ["format", "zone"] if column.kind == "at" else []
    allowed += ["number_within"] if column.kind == "qty" else []
    allowed += ["optional"] if column.nullable and "column" in entry else []
    check_keys(entry, tuple(allowed), place)
    if len({"column", "constant", "number_within"} & set(entry)) != 1:
        msg = f"mapping {place}: give exactly one of column, constant" + (
            ", number_within" if column.kind == "qty" else ""
        )
        raise FileRefused(Code.F_MAPPING, msg)
    if "number_within" in entry:
        choice(entry, "number_within", frame.names, place)
    _check_constant(column, text(entry, "constant", place), place)
    return Feed(
        source=text(entry, "column", place),
        constant=text(entry, "constant", place),
        number_within=text(entry, "number_within", place),
        values=texts(entry.get("values", {}), f"{place}.values"),
        money="minor" if choice(entry, "money", ("decimal", "minor"), place) == "minor" else "decimal",
        pattern=text(entry, "format", place),
        zone=zone_name(entry, place),
        is_optional=flag(entry, "optional", place),
    )


def _check_constant(column: Column, constant: str | None, place: str) -> None:
    if constant is None or column.kind == "at":
        return
    complaint = check_cell(column, constant, Form(clock=clock(_ANY_DAY)))
    if complaint is not None:
        msg = f"mapping {place}: constant {shown(constant)!r} is no {column.kind}: {complaint.reason}"
        raise FileRefused(Code.F_MAPPING, msg)


def _read_asides(value: object, name: str) -> tuple[Aside, ...]:
    if not isinstance(value, list):
        msg = f"mapping {name}: set_aside must be a list of column, matches, reason"
        raise FileRefused(Code.F_MAPPING, msg)
    asides = []
    for number, item in enumerate(value, start=1):
        place = f"{name}: set_aside {number}"
        entry = texts(item, place)
        check_keys(entry, ("column", "matches", "reason"), place, complete=True)
        try:
            pc.match_substring_regex(pa.array([""]), entry["matches"])
        except pa.ArrowInvalid as error:
            msg = f"mapping {place}: {entry['matches']!r} is not a regular expression ({error})"
            raise FileRefused(Code.F_MAPPING, msg) from error
        asides.append(Aside(column=entry["column"], pattern=entry["matches"], reason=entry["reason"]))
    return tuple(asides)
