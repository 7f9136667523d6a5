"""The discrepancies as a warehouse knows them: over, short and damaged, one row a line."""

import pandas as pd

from include.winddown.domain.match.money import OPEN

COLUMN_OF_CLASS = {
    **dict.fromkeys(("overage", "unexpected", "unidentified", "unmapped"), "over_qty"),
    **dict.fromkeys(
        ("short", "lost_in_transit", "lost_by_partner", "identity_broken", "reversed"), "short_qty"
    ),
    **dict.fromkeys(("damaged", "concealed_damage"), "damaged_qty"),
    "wrong_item": "wrong_qty",
}
COUNTS = ("over_qty", "short_qty", "damaged_qty", "wrong_qty", "other_qty")
KEYS = ["account_id", "request_no", "sku", "condition"]


def over_short_damaged(found: pd.DataFrame) -> pd.DataFrame:
    """
    Lay discrepancies out as an OS&D report.

    Args:
        found: decide.FOUND.

    Returns:
        One row per KEYS with COUNTS [pcs], classes (in words, sorted), claim_minor (what may be claimed now;
        missing where no value is known), currency and claim_until_on, the first day on which a claim ends.
    """
    column = found["class"].map(COLUMN_OF_CLASS).fillna("other_qty")
    is_open = found["claim"] == OPEN
    rows = found.assign(
        **{name: found["qty"].where(column == name, 0) for name in COUNTS},
        classes=found["class"],
        claim_minor=found["value_minor"].where(is_open),
        claim_until_on=pd.to_datetime(found["claim_until_on"].where(is_open)),
    )[[*KEYS, *COUNTS, "classes", "claim_minor", "currency", "claim_until_on"]]
    is_many = rows.duplicated(KEYS, keep=False)
    whole = pd.concat([rows.loc[~is_many], _merged(rows.loc[is_many])], ignore_index=True)
    ordered = whole.sort_values(KEYS, kind="stable", ignore_index=True)
    return ordered.assign(claim_until_on=ordered["claim_until_on"].dt.date)


def _merged(rows: pd.DataFrame) -> pd.DataFrame:
    """Make one row of each line that has several discrepancies."""
    if rows.empty:
        return rows
    grouped = rows.groupby(KEYS, sort=True)
    report = grouped[list(COUNTS)].sum()
    report["classes"] = grouped["classes"].agg(lambda names: ", ".join(sorted(set(names))))
    report["claim_minor"] = grouped["claim_minor"].sum(min_count=1)
    report["currency"] = grouped["currency"].max()
    report["claim_until_on"] = grouped["claim_until_on"].min()
    return report.reset_index()
