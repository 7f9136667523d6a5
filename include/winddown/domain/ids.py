"""What an identifier is, how a spreadsheet damages it, and when two of them only look alike."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from include.winddown.domain.codes import Code
from include.winddown.domain.texts import is_hidden, shown

ID_MAX = 200


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a cell: a code of domain.codes, and the reason with the fix in it."""

    code: Code
    reason: str


UNKNOWN_SKU = Complaint(Code.R_SKU, "not in the catalogue; add the product there, or correct the id")

PLAIN_ID = r"^[0-9A-Za-z][0-9A-Za-z._/#-]{0,63}$"
LOOKS_DAMAGED = r"(?i)^(total|sub-?total|sum|[0-9]{1,4}[-.][a-z]{3}|[a-z]{3}[-.][0-9]{1,4})$"
_TOTALS = re.compile(
    r"(итого|всего|итог|total|grand total|subtotal|sub-total|sum|合计|总计|小计)( (по|for) .*)?\s*[::]?",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"-?[0-9]+([.,][0-9]+)?[eE]\+[0-9]{1,3}")
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт|ноя|дек"
_DATED = re.compile(
    rf"([0-9]{{1,4}}[-.]({_MONTH})|({_MONTH})[-.][0-9]{{1,4}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ][0-9:.]+.*)"
)
_SPACES = re.compile(r"\s+")
_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁґАВЕКМНОРСТУХІЈЅαβεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abekmhopctyxijsdrABEKMHOPCTYXIJSabeikvoptuxABEZHIKMNOPTYX",
)


def is_totals_word(text: str) -> bool:
    """Tell whether a cell says that its row sums up others, in English, Russian or Chinese."""
    return _TOTALS.fullmatch(text.strip()) is not None


def check_id(text: str) -> Complaint | None:
    """
    Find what keeps a text from being an identifier.

    Args:
        text: the cell as it came; never turned into a number, so 00123 stays 00123.

    Returns:
        None for a good one.
    """
    if is_totals_word(text):
        return Complaint(Code.R_TOTAL, "a totals row; remove it from the file")
    if any(is_hidden(char) for char in text):
        return Complaint(Code.R_CTRL, "an identifier holds a hidden character or a line break; type it again")
    if text != text.strip():
        return Complaint(Code.R_AMBIG, "a space stands at the edge of the identifier; remove it")
    if len(text) > ID_MAX:
        return Complaint(Code.R_SKU, f"an identifier of {len(text)} characters; at most {ID_MAX} are allowed")
    return _check_damage(text) or _check_alphabets(text)


def _check_damage(text: str) -> Complaint | None:
    if _SCIENTIFIC.fullmatch(text):
        return Complaint(
            Code.R_SKU_SCI, "a spreadsheet changed the id; format the column as text and export again"
        )
    if _DATED.fullmatch(text):
        return Complaint(
            Code.R_SKU, "a spreadsheet made a date of the id; format the column as text and export again"
        )
    if text.startswith("#") and text.rstrip("!?").isupper() and text.endswith(("!", "?", "/A")):
        return Complaint(
            Code.R_SKU, "a spreadsheet error stands for the id; repair the formula and export again"
        )
    return None


def _check_alphabets(text: str) -> Complaint | None:
    if text.isascii():
        return None
    scripts = {_script(char) for char in text if char.isalpha()} - {""}
    if len(scripts) > 1:
        names = " and ".join(sorted(scripts)).title()
        return Complaint(
            Code.R_CONFUS, f"mixed alphabets: {names} letters in one id; type it in one alphabet"
        )
    return None


def _script(char: str) -> str:
    first = unicodedata.name(char, "").split(" ", 1)[0]
    return first if first in {"LATIN", "CYRILLIC", "GREEK"} else ""


def same_text(text: str) -> str:
    """Normalise for comparing (NFC): й typed in two ways is one id. The original is what is kept."""
    return unicodedata.normalize("NFC", text)


def bare(text: str) -> str:
    """Take away what people do not see: spaces, no-break spaces, zero widths; in NFC."""
    return _SPACES.sub("", "".join(char for char in same_text(text) if not is_hidden(char)))


def skeleton(text: str, *, case_matters: bool = False) -> str:
    """Bare the text and write letters that look alike in one alphabet; twins have equal skeletons."""
    latin = bare(text).translate(_LOOKALIKES)
    return latin if case_matters else latin.lower()


def judge_twins(spellings: Sequence[str]) -> Complaint:
    """
    Say what is wrong with different spellings that have one skeleton; every row of them is refused.

    Args:
        spellings: at least two, as they stand in the file.
    """
    listed = " and ".join(f"'{shown(text, 40)}'" for text in sorted(spellings)[:3])
    if len({bare(text).lower() for text in spellings}) > 1:
        return Complaint(
            Code.R_CONFUS, f"{listed} look alike in mixed alphabets; type the id in one alphabet"
        )
    return Complaint(
        Code.R_AMBIG,
        f"{listed} differ only in case or space; write the id in one way everywhere,"
        " or list its column under case_matters in a file's mapping",
    )
