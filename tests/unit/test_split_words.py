"""What people read of a decision, in three languages."""

from datetime import date

import pandas as pd
import pytest

from include.winddown.domain.plan_frames import DEFAULTS, REASONS
from include.winddown.domain.split.words import (
    LANGUAGES,
    say_turns,
    sentence,
    sentences,
    tongue,
)
from include.winddown.domain.split.words.russian import plural

ROW = {
    "sku": "A",
    "currency": "GBP",
    "free_qty": 73,
    "keep_qty": 26,
    "return_qty": 47,
    "dispose_qty": 0,
    "price_minor": 1_999,
    "new_price_minor": 1_999,
    "discount_pct": 0,
    "rate_per_week": 1.825,
    "weeks_left": 12.0,
    "last_call_on": date(2027, 1, 18),
    "sale_net_minor": 1_605,
    "return_net_minor": 1_087,
    "plan_minor": 88_100,
    "return_all_minor": 79_400,
    "hold_minor": 88_100,
    "markdown_minor": 87_000,
    "dispose_all_minor": -4_100,
    "flip_weeks": 20.0,
    "flip_return_minor": 820,
    "flip_rate": 3.12,
    "defaults": "elasticity resale",
    "reason": "mixed",
}
ALL_BACK = {"keep_qty": 0, "return_qty": 73}


def test_a_mixed_decision_in_english():
    """What to do, the alternatives in money, time, and what one piece brings."""
    assert sentence(ROW) == (
        "Return 47 now, sell 26 at £19.99 (-0 %): plan £881 against return all 794, hold the price 881,"
        " best markdown 870, dispose -41. The stock lasts 40 weeks, 12 weeks are left; the last call for"
        " returns is 18 January 2027. One sale nets 16.05, one return 10.87."
    )


def test_the_same_in_russian():
    """Marks, plurals and the month in the genitive."""
    assert sentence(ROW | {"currency": "RUB", "weeks_left": 2.5}, "ru").replace("\u00a0", " ") == (
        "Вернуть сейчас 47 шт., продавать 26 шт. по 19,99 ₽ (-0 %). По плану 881 ₽; вернуть всё: 794,"
        " держать цену: 881, лучшая скидка: 870, утилизировать всё: -41. Запаса хватит на 40 недель,"
        " до срока 2,5 недели; последний день для заявки на возврат: 18 января 2027 г."
        " Одна продажа даёт 16,05, один возврат 10,87."
    )


def test_the_same_in_chinese():
    """Measure words, and full-width marks."""
    assert sentence(ROW | {"currency": "CNY"}, "zh") == (
        "现在退回 47 件，以 19.99 元（-0%）继续销售 26 件：按计划可得 881 元，全部退回 794，维持现价 881，"
        "最佳降价 870，全部销毁 -41。库存可售 40 周，距截止还有 12 周，最后申请退回日为 2027 年 1 月 18 日。"
        "每售出一件净得 16.05，每退回一件净得 10.87。"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (ALL_BACK | {"reason": "return_all"}, "Return all 73 now: plan"),
        ({"keep_qty": 73, "return_qty": 0, "discount_pct": 30, "new_price_minor": 1_399}, "Keep all 73 on sale at £13.99 (-30 %)"),
        ({"keep_qty": 0, "return_qty": 0, "dispose_qty": 73}, "Dispose of all 73 now: plan"),
        (ALL_BACK | {"reason": "return_at_loss"}, "A return costs more than it fetches, but less than disposal. Return all"),
        ({"keep_qty": 73, "return_qty": 0, "reason": "return_at_loss"}, "so none is asked for. Keep all"),
        ({"reason": "no_return_left", "last_call_on": None}, "it is too late to ask for a return."),
        ({"return_net_minor": None}, "One sale nets 16.05, nothing can be returned."),
        ({"rate_per_week": 0.0}, "The stock lasts more than 2 years"),
        ({"weeks_left": 1.0}, "1 week is left"),
        (ALL_BACK | {"reason": "damaged"}, "Return all 73 now: damaged pieces go where the policy sends them."),
        ({"keep_qty": 73, "return_qty": 0, "reason": "held"}, "Hold all 73: reserved for orders"),
        ({"keep_qty": 1, "free_qty": 1, "return_qty": 0, "reason": "too_large"}, "Hold 1: one piece is heavier"),
        ({"plan_minor": 1_234_567_89, "currency": "RUB"}, "plan RUB 1,234,568 against"),
    ],
)  # fmt: skip
def test_each_case_has_its_words(change, words):
    """One fact is worded where it stands, and nothing else is made up."""
    assert words in sentence(ROW | change)


def test_small_totals_keep_their_hundredths():
    """Below a hundred they tell the alternatives apart."""
    small = {name: 1_234 for name in ROW if name.endswith("_minor")}
    assert "plan £12.34 against return all 12.34" in sentence(ROW | small)


def test_where_it_turns_is_said_only_when_it_does():
    """Rate, return value and deadline; a decision that nothing turns has no such sentence."""
    assert say_turns(ROW) == (
        "It would turn at 3.1 sold a week, or at £8.20 net of a return, or at 20 weeks to the deadline."
    )
    never = {"flip_weeks": None, "flip_return_minor": None, "flip_rate": float("nan")}
    assert [say_turns(ROW | never, language) for language in LANGUAGES] == ["", "", ""]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language):
    """Each reason and each default, with what to give instead."""
    words = tongue(language)
    assert set(words.reasons) == set(REASONS)
    assert set(words.defaults) == set(DEFAULTS)
    assert len(set(words.defaults.values())) == len(DEFAULTS)


@pytest.mark.parametrize(
    ("count", "form"),
    [(1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"), (21, "one"), (22, "few"),
     (111, "many"), (2.5, "few"), (12.4, "many"), (20.8, "one")],
)  # fmt: skip
def test_russian_counts_in_three_forms(count, form):
    """1 неделя, 2 недели, 5 недель; 11 to 14 are apart, a fraction takes the genitive singular."""
    assert plural(count, ("one", "few", "many")) == form


def test_a_language_nobody_here_speaks_is_english():
    """A sentence is better than an error where something is shown."""
    assert sentence(ROW, "xx") == sentence(ROW)


def test_of_many_decisions_those_with_the_most_money_get_a_sentence():
    """The others get their reason in a few words."""
    rows = pd.DataFrame([ROW | {"free_qty": 73 + number} for number in range(3)])
    said = sentences(rows, "en", most=1).tolist()
    assert said[:2] == ["Some sell, the rest would wait too long."] * 2
    assert said[2] == sentence(rows.iloc[2].to_dict())
    assert sentences(rows, "zh", most=0)[0].endswith("。")
    assert sentences(rows.iloc[:0], "ru").tolist() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_decided_by_money_has_words(language):
    """Lost, too large, damaged, reserved and committed, each with its numbers."""
    words = tongue(language).fixed
    assert "7" in words.held(7, 0)
    assert "9" in words.held(0, 9)
    assert {"7", "9"} <= set(words.held(7, 9))
    assert set(words.damaged) == set(tongue("en").fixed.damaged)
    assert all(text.endswith((".", "。")) for text in (words.lost, words.too_large, *words.damaged.values()))
