"""Whether a newer plan stays so near to an approved one that the approval covers it."""

from collections.abc import Mapping

import pandas as pd

from include.winddown.domain.errors import shorten

SAME_FACTS = ("exit_id", "deadline_on", "destination", "policy")
KEYS = ["warehouse_id", "sku", "condition"]
SHOWN = 3

NOTES = {
    "en": (
        "Your approval also covers later plans that lead nothing back, dispose of no more, and set no price more than"
        " {pct} % away from this plan's; they are carried out without asking again."
    ),
    "zh": "您的批准同样适用于以后的计划，只要不再退货、不多销毁，且价格与本计划相差不超过 {pct}%；届时不再询问。",
    "ru": (
        "Ваше согласие распространяется и на следующие планы, если они ничего не возвращают, не утилизируют больше и"
        " меняют цены не более чем на {pct} % от этого плана; они исполняются без нового вопроса."
    ),
}


def corridor_notes(pct: int, language: str) -> list[str]:
    """Say to the approver how far the approval reaches; nothing when every plan asks."""
    return [NOTES[language].format(pct=pct)] if pct else []


def leaves_corridor(
    facts: Mapping[str, object],
    approved_facts: Mapping[str, object],
    lines: tuple[pd.DataFrame, pd.DataFrame],
    decisions: tuple[pd.DataFrame, pd.DataFrame],
    pct: int,
) -> list[str]:
    """
    Tell why a plan needs an approval of its own; an empty list when the approved one covers it.

    Args:
        facts: of the new plan.
        approved_facts: of the approved one; but for the snapshot they have to be the same.
        lines: frames.PLAN_LINES of the new and of the approved plan.
        decisions: plan_frames.DECISIONS of both.
        pct: by how much a price may differ from the approved one; 0 = every plan asks.

    Returns:
        Sentences that name SKUs and numbers.
    """
    if not pct:
        return ["every plan asks (prices.corridor_pct is 0)"]
    changed = [name for name in SAME_FACTS if facts.get(name) != approved_facts.get(name)]
    told = [f"the {name.removesuffix('_on')} has changed" for name in changed]
    return told + _units_beyond(*lines) + _prices_beyond(*decisions, pct)


def _units_beyond(lines: pd.DataFrame, approved: pd.DataFrame) -> list[str]:
    """What leaves the warehouse beyond what was approved; approved returns are under way and planned as held."""
    told = []
    returned = lines.loc[lines["disposition"] == "return"]
    if len(returned):
        named = shorten(sorted(returned["sku"].unique()), SHOWN)
        told.append(f"{int(returned['planned_qty'].sum())} more pieces are to be returned ({named})")
    more = _disposed(lines).sub(_disposed(approved), fill_value=0)
    more = more[more > 0]
    if len(more):
        named = shorten(sorted({str(sku) for _, sku, _ in more.index}), SHOWN)
        told.append(f"{int(more.sum())} more pieces are to be disposed of ({named})")
    return told


def _disposed(lines: pd.DataFrame) -> pd.Series:
    return lines.loc[lines["disposition"] == "dispose"].groupby(KEYS)["planned_qty"].sum()


def _prices_beyond(decisions: pd.DataFrame, approved: pd.DataFrame, pct: int) -> list[str]:
    """Prices that are to be set and differ too much, or that nobody has approved one for."""
    known = approved[["sku", "new_price_minor"]].rename(columns={"new_price_minor": "approved_minor"})
    both = decisions.merge(known, on="sku", how="left", validate="one_to_one")
    to_set = both.loc[both["new_price_minor"] != both["price_minor"]]
    # whole numbers: 100 x |new - approved| <= pct x approved
    apart = (to_set["new_price_minor"] - to_set["approved_minor"]).abs() * 100
    beyond = to_set.loc[~(apart <= to_set["approved_minor"] * pct)]
    if beyond.empty:
        return []
    named = shorten(
        [
            f"{row.sku}: {row.new_price_minor}, approved {'none' if pd.isna(row.approved_minor) else int(row.approved_minor)}"
            for row in beyond.itertuples()
        ],
        SHOWN,
    )
    return [f"{len(beyond)} prices are more than {pct} % away from the approved ones ({named})"]
