"""One sentence a person in operations understands for each decision, from the numbers of its row alone."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from include.winddown.domain.split.words import chinese, english, russian
from include.winddown.domain.split.words.facts import Facts, facts_of

LANGUAGES = ("en", "zh", "ru")


class Tongue(NamedTuple):
    """
    How a language says it.

    Attributes:
        say: the decision, with its alternatives in money.
        turns: where it would turn; empty when nothing turns it.
        defaults: by code of plan_frames.DEFAULTS, what was assumed and what to give instead.
        reasons: by code of plan_frames.REASONS, the same in a few words.
        money: an amount of minor units with its currency.
        figure: the same without.
        number: a whole number.
        share: a share of 1, in per cent.
    """

    say: Callable[[Facts], str]
    turns: Callable[[Facts], str]
    defaults: Mapping[str, str]
    reasons: Mapping[str, str]
    money: Callable[..., str]
    figure: Callable[..., str]
    number: Callable[[float], str]
    share: Callable[[float], str]


_TONGUES = {
    name: Tongue(
        language.say,
        language.turns,
        language.DEFAULTS,
        language.REASONS,
        language.money,
        language.figure,
        language.number,
        language.share,
    )
    for name, language in (("en", english), ("zh", chinese), ("ru", russian))
}


def tongue(language: str) -> Tongue:
    """How a language says it; English for one that nobody here speaks."""
    return _TONGUES.get(language, _TONGUES["en"])


def sentence(row: Mapping[str, Any], language: str = "en") -> str:
    """
    Say in one or two sentences what happens to a listing's pieces, and what else could.

    Args:
        row: of plan_frames.DECISIONS.
        language: one of LANGUAGES.
    """
    return tongue(language).say(facts_of(row))


def say_turns(row: Mapping[str, Any], language: str = "en") -> str:
    """Say at which rate, return value and deadline the decision would turn; empty when nothing turns it."""
    return tongue(language).turns(facts_of(row))


def say_defaults(codes: object, language: str = "en") -> list[str]:
    """
    Say what was assumed, and what to give instead.

    Args:
        codes: of plan_frames.DEFAULTS with blanks between them, or missing.
        language: one of LANGUAGES.
    """
    words = tongue(language).defaults
    return [words.get(code, code) for code in codes.split()] if isinstance(codes, str) else []
