"""One sentence a person in operations understands for each decision, from the numbers of its row alone."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from include.winddown.domain.split.words import chinese, english, russian
from include.winddown.domain.split.words.facts import Facts, facts_of
from include.winddown.domain.split.words.fixed import FIXED, Fixed

LANGUAGES = ("en", "zh", "ru")
WORDED_MAX = 10_000
"""So many listings, those with the most money at stake, get a whole sentence; wording costs more than solving."""


class Tongue(NamedTuple):
    """
    How a language says it.

    Attributes:
        say: the decision, with its alternatives in money.
        turns: where it would turn; empty when nothing turns it.
        defaults: by code of plan_frames.DEFAULTS, what was assumed and what to give instead.
        reasons: by code of plan_frames.REASONS, the same in a few words.
        fixed: for pieces whose state decides.
        money: an amount of minor units with its currency.
        figure: the same without.
        number: a whole number.
        share: a share of 1, in per cent.
    """

    say: Callable[[Facts], str]
    turns: Callable[[Facts], str]
    defaults: Mapping[str, str]
    reasons: Mapping[str, str]
    fixed: Fixed
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
        FIXED[name],
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


def sentences(decisions: pd.DataFrame, language: str = "en", most: int = WORDED_MAX) -> np.ndarray:
    """
    Word many decisions.

    Args:
        decisions: plan_frames.DECISIONS.
        language: one of LANGUAGES.
        most: so many rows get a whole sentence, the others their reason in a few words.
    """
    few = {
        code: f"{text[0].upper()}{text[1:]}{_STOPS.get(language, '.')}"
        for code, text in tongue(language).reasons.items()
    }
    said: np.ndarray = decisions["reason"].map(few).to_numpy(dtype=object).copy()
    at_stake = (decisions["price_minor"] * decisions["free_qty"]).to_numpy()
    chosen = np.argsort(-at_stake, kind="stable")[:most]
    said[chosen] = [sentence(row, language) for row in decisions.iloc[chosen].to_dict("records")]
    return said


_STOPS = {"zh": "。"}


def say_turns(row: Mapping[str, Any], language: str = "en") -> str:
    """Say at which rate, return value and deadline the decision would turn; empty when nothing turns it."""
    return tongue(language).turns(facts_of(row))
