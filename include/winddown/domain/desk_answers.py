"""
What a return desk of people answers, by a returned sheet or by a form; strictly read, never guessed.

Two answers to one request that are not the same are both kept, so that a person has to decide.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from include.winddown.domain.codes import Code
from include.winddown.domain.effects import Accepted, AcceptedLine, RequestLine, ReturnRequest
from include.winddown.domain.errors import BadAnswer, BadParam, FileRefused, shorten
from include.winddown.domain.exits import read_day
from include.winddown.domain.ids import check_id
from include.winddown.domain.texts import formula_safe, shown

FORM = ("request_no", "accepted", "refusal", "act_no", "act_on", "act_file")
"""The fields of the form, in the order they are asked for."""
TEXT_MAX = 500
FILE_NAME = re.compile(r"[^/\\\x00-\x1f]{1,200}")
_QTY = re.compile(r"[0-9]{1,7}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAnswer:
    """
    One answer to a return request: a number with accepted lines, or a refusal.

    Attributes:
        request_no: the warehouse's number; empty when it refuses.
        lines: what it agrees to send, a line for each asked for; empty when it refuses.
        refusal: why it refuses; empty when it accepts.
        act_no, act_on, act_file: the document behind it, for people.
    """

    request_no: str
    lines: tuple[AcceptedLine, ...]
    refusal: str = ""
    act_no: str = ""
    act_on: date | None = None
    act_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One row of an answer file; row_no counts from 1, the header is row 1."""

    row_no: int
    request_no: str
    sku: str
    condition: str
    accepted_qty: int | None
    refusal: str


def read_rows(rows: Sequence[AnswerRow], request: ReturnRequest, file: str) -> DeskAnswer:
    """
    Read the rows of one file that are about one request.

    Args:
        rows: at least one.
        request: what was asked for.
        file: its name, for messages.

    Raises:
        FileRefused: names file, row and column, and what to write there.
    """
    number = _one_value(rows, "request_no", file)
    refusal = _one_value(rows, "refusal", file)
    if bool(number) == bool(refusal):
        msg = (
            f"{file}, row {rows[0].row_no}, columns request_no and refusal: give the warehouse's number of the"
            " request, or the reason of a refusal, and not both"
        )
        raise FileRefused(Code.R_EMPTY if not number else Code.R_CODE, msg)
    if refusal:
        return DeskAnswer(request_no="", lines=(), refusal=shown(refusal, TEXT_MAX))
    return DeskAnswer(request_no=number, lines=_lines_of(rows, request, file))


def _one_value(rows: Sequence[AnswerRow], name: str, file: str) -> str:
    """Give the one value of a column that may be filled in once or in every row."""
    first = next((row for row in rows if getattr(row, name)), None)
    if first is None:
        return ""
    for row in rows:
        if getattr(row, name) not in ("", getattr(first, name)):
            msg = (
                f"{file}, row {row.row_no}, column {name}: {shown(getattr(row, name))!r} differs from"
                f" {shown(getattr(first, name))!r} in row {first.row_no}; a request has one"
            )
            raise FileRefused(Code.F_DUPROW, msg)
    return str(getattr(first, name))


def _lines_of(rows: Sequence[AnswerRow], request: ReturnRequest, file: str) -> tuple[AcceptedLine, ...]:
    # a sheet for people shows some identifiers with an apostrophe before them
    asked = {(formula_safe(line.sku), line.condition): line for line in request.lines}
    told: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (formula_safe(row.sku), row.condition)
        where = f"{file}, row {row.row_no}"
        if key not in asked:
            msg = (
                f"{where}, column sku: {shown(row.sku)!r} ({row.condition}) was not asked for; remove the row"
            )
            raise FileRefused(Code.R_SKU, msg)
        if key in told:
            msg = (
                f"{where}, column sku: {shown(row.sku)!r} ({row.condition}) stands there twice; leave one row"
            )
            raise FileRefused(Code.F_DUPROW, msg)
        if row.accepted_qty is None:
            msg = f"{where}, column accepted_qty: empty; write the pieces you will send, 0 for none"
            raise FileRefused(Code.R_EMPTY, msg)
        if row.accepted_qty > asked[key].qty:
            msg = f"{where}, column accepted_qty: {row.accepted_qty} of {asked[key].qty} asked for; give 0 to {asked[key].qty}"
            raise FileRefused(Code.R_QTY, msg)
        told[key] = row.accepted_qty
    if missing := [f"{line.sku} ({line.condition})" for key, line in asked.items() if key not in told]:
        msg = f"{file} has no row, column sku, for {shorten(missing, 5)}; add it, with 0 if none are sent"
        raise FileRefused(Code.R_EMPTY, msg)
    return tuple(accept(line, told[key]) for key, line in asked.items())


def accept(line: RequestLine, qty: int) -> AcceptedLine:
    """Say how many pieces of a line are accepted."""
    return AcceptedLine(sku=line.sku, condition=line.condition, requested_qty=line.qty, accepted_qty=qty)


def read_form(form: Mapping[str, object], request: ReturnRequest) -> DeskAnswer:
    """
    Read what a person typed into a required action; Airflow's API checks nothing of it.

    Args:
        form: the fields of FORM, texts; `accepted` has lines "sku;condition;pieces", none = all as asked.
        request: what was asked for.

    Raises:
        BadAnswer: says everything that is wrong, and what to give instead.
    """
    if wrong := {*FORM} ^ set(form):
        msg = f"the form has the fields {', '.join(FORM)}; {', '.join(sorted(map(str, wrong)))} is missing or unknown"
        raise BadAnswer(msg)
    typed = {name: str(form[name] if form[name] is not None else "").strip() for name in FORM}
    problems = [*_head_problems(typed), *_act_problems(typed)]
    quantities, more = _quantities(typed["accepted"], request.lines)
    problems += more
    if typed["refusal"] and typed["accepted"]:
        problems.append("accepted: leave it empty when the request is refused")
    if problems:
        raise BadAnswer("; ".join(problems))
    refused = bool(typed["refusal"])
    lines = () if refused else tuple(accept(one, quantities[one.sku, one.condition]) for one in request.lines)
    return DeskAnswer(
        request_no=typed["request_no"],
        lines=lines,
        refusal=typed["refusal"],
        act_no=typed["act_no"],
        act_on=read_day("act_on", typed["act_on"]) if typed["act_on"] else None,
        act_file=typed["act_file"],
    )


def _head_problems(typed: Mapping[str, str]) -> Iterable[str]:
    number, refusal = typed["request_no"], typed["refusal"]
    if bool(number) == bool(refusal):
        yield "give the warehouse's request number, or the reason of a refusal, and not both"
    if number and (complaint := check_id(number)):
        yield f"request_no {shown(number)!r}: {complaint.reason}"
    yield from (
        f"{name} has {len(typed[name])} characters; at most {TEXT_MAX} are kept"
        for name in ("refusal", "act_no")
        if len(typed[name]) > TEXT_MAX
    )


def _act_problems(typed: Mapping[str, str]) -> Iterable[str]:
    if typed["act_on"]:
        try:
            read_day("act_on", typed["act_on"])
        except BadParam as wrong:
            yield str(wrong)
    if typed["act_file"] and not FILE_NAME.fullmatch(typed["act_file"]):
        yield f"act_file {shown(typed['act_file'])!r}: give the name of a file, without its folder"


def _quantities(text: str, asked: Sequence[RequestLine]) -> tuple[dict[tuple[str, str], int], Sequence[str]]:
    """Read the lines of accepted pieces; without any line everything is accepted as asked."""
    limits = {(line.sku, line.condition): line.qty for line in asked}
    rows = [row for row in text.splitlines() if row.strip()]
    if not rows:
        return limits, ()
    told: dict[tuple[str, str], int] = {}
    problems: list[str] = []
    seen: Counter[tuple[str, str]] = Counter()
    for number, row in enumerate(rows, start=1):
        key, qty, problem = _quantity(row, limits)
        seen[key] += not problem
        if problem or seen[key] > 1:
            problems.append(
                f"accepted, line {number} {shown(row)!r}: {problem or 'stands there twice; leave one'}"
            )
        told[key] = qty
    missing = [f"{sku};{condition}" for sku, condition in limits if (sku, condition) not in told]
    if missing and not problems:
        problems.append(f"accepted: no line for {shorten(missing, 5)}; add it, with 0 if none are sent")
    return told, problems


def _quantity(row: str, limits: Mapping[tuple[str, str], int]) -> tuple[tuple[str, str], int, str]:
    parts = [part.strip() for part in row.split(";")]
    if len(parts) != 3:
        return ("", ""), 0, "write sku;condition;pieces"
    key, limit = (parts[0], parts[1]), limits.get((parts[0], parts[1]))
    if limit is None:
        return key, 0, "was not asked for; write sku and condition as they stand in the question"
    if not _QTY.fullmatch(parts[2]) or int(parts[2]) > limit:
        return key, 0, f"give 0 to {limit} pieces, digits only"
    return key, int(parts[2]), ""


def as_found(answers: Iterable[DeskAnswer]) -> tuple[tuple[Accepted, ...], str]:
    """
    Sum up the answers to one request.

    Answers that say the same are one. Answers that differ come out as several requests, so that
    whoever judges them cannot take either for the truth; a refusal beside an acceptance too.

    Returns:
        What was accepted, and why it was refused; one of the two at most is there.
    """
    distinct = list(dict.fromkeys((one.request_no, one.lines, one.refusal) for one in answers))
    refusals = [refusal for _, _, refusal in distinct if refusal]
    matches = tuple(
        Accepted(request_no=number, lines=lines) for number, lines, refusal in distinct if not refusal
    )
    if not matches:
        return (), "; ".join(refusals)
    strays = tuple(Accepted(request_no=f"a refusal ({shown(text)})", lines=()) for text in refusals)
    return matches + strays, ""
