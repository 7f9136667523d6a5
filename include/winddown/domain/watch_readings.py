"""Today's readings of the own warehouse: which threshold of the policy is crossed, and how far."""

from collections.abc import Iterable, Mapping

from include.winddown.domain.carriers import BEFORE, CarrierCost
from include.winddown.domain.own_alerts import Reading, level_over
from include.winddown.domain.own_stock import DEAD, REORDER, RUNS_OUT, TOO_MUCH, UNKNOWN, Cover
from include.winddown.domain.service import Service
from include.winddown.domain.watch_rules import Watch

OUT_LEVEL = 3
LEVELS = {REORDER: ("runs_out", 1), RUNS_OUT: ("runs_out", 2), TOO_MUCH: ("too_much", 1), DEAD: ("dead", 1)}
FIXES = {
    "runs_out": "order it again",
    "too_much": "order less of it, or lower its price",
    "dead": "drop it, or give it away",
}
COVER_KINDS = ("runs_out", "too_much", "dead")


def read_cover(covers: Iterable[Cover], free: Mapping[str, int | None]) -> list[Reading]:
    """Read every SKU's cover; one that is not known is so in each of the kinds."""
    readings = []
    for cover in covers:
        if cover.verdict == UNKNOWN:
            readings += [
                Reading(key=f"{kind}:{cover.sku}", level=None, sentence=cover.why) for kind in COVER_KINDS
            ]
        elif cover.verdict in LEVELS:
            kind, level = LEVELS[cover.verdict]
            level = OUT_LEVEL if kind == "runs_out" and free.get(cover.sku) == 0 else level
            sentence = f"SKU {cover.sku}: {cover.why}; {FIXES[kind]}"
            readings.append(Reading(key=f"{kind}:{cover.sku}", level=level, sentence=sentence))
    return readings


def read_service(services: Iterable[Service], rules: Watch) -> list[Reading]:
    """Read late and cancelled shares; a share of too few postings is not known."""
    readings = []
    for one in services:
        shares = (
            ("late", one.late_pct, one.judged_qty, rules.late_max_pct, "delivered later than promised"),
            ("cancelled", one.cancelled_pct, one.postings_qty, rules.cancelled_max_pct, "cancelled"),
        )
        for kind, share, qty, limit, words in shares:
            is_telling = share is not None and qty >= rules.judged_min_qty
            told = f"{one.name}: {share or 0:.0f} per cent of {qty} postings {words}, more than {limit}"
            readings.append(
                Reading(
                    key=f"{kind}:{one.warehouse_id}/{one.method}/{one.provider or ''}",
                    level=level_over(share, limit) if is_telling else None,
                    sentence=f"{told}; ask the carrier, or promise more days",
                )
            )
    return readings


def read_costs(costs: Iterable[CarrierCost], rules: Watch) -> list[Reading]:
    """Read what carriers charge beyond their contracts, and parcels they charged twice."""
    readings = []
    for one in costs:
        if one.provider == BEFORE:
            continue
        told = f"{one.provider} charged {one.over_pct or 0:.1f} per cent beyond its contract for {one.priced_qty} parcels"
        readings.append(
            Reading(
                key=f"over_contract:{one.provider}",
                level=level_over(one.over_pct, rules.over_contract_max_pct),
                sentence=f"{told}, more than {rules.over_contract_max_pct}; claim the difference",
            )
        )
        twice = f"{one.provider} charged {one.twice_qty} parcels on more than one line; claim them"
        readings.append(
            Reading(key=f"twice:{one.provider}", level=level_over(one.twice_qty, 0), sentence=twice)
        )
    return readings


def read_chats(unread_qty: int | None, rules: Watch) -> Reading:
    """Read how many buyers wait for an answer."""
    told = (
        f"{unread_qty} chats with buyers are unread, more than {rules.chats_max}; answer them in the cabinet"
    )
    return Reading(key="chats:", level=level_over(unread_qty, rules.chats_max), sentence=told)


def read_problems(problems: Mapping[str, str]) -> list[Reading]:
    """Read what could not be used: file or source → why."""
    return [
        Reading(key=f"unusable:{name}", level=1, sentence=f"{name} is not used: {why}")
        for name, why in problems.items()
    ]


BLIND = {
    "own_stock": COVER_KINDS,
    "own_postings": (*COVER_KINDS, "late", "cancelled"),
    "tariffs": ("over_contract",),
    "invoices": ("over_contract", "twice"),
    "inbound": COVER_KINDS,
}
"""What a table is needed for: while it is not to be had, nothing of these kinds is over."""


def blind_kinds(problems: Iterable[str]) -> frozenset[str]:
    """Name the kinds of readings that cannot be trusted to be complete, by the files and sources not used."""
    return frozenset(
        kind
        for name in problems
        for table, kinds in BLIND.items()
        if name.startswith(table)
        for kind in kinds
    )
