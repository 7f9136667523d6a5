"""What must hold for any prices: groups are stable, versions rise, nothing foreign is overwritten, nothing is set twice."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from include.winddown.domain.price_groups import CHANGES, group_changes, plan_changes
from include.winddown.domain.prices import (
    BUCKETS,
    CurrentPrice,
    Cut,
    PriceChange,
    Sight,
    bucket_of,
    may_be_shown,
    problem_of,
    see,
)

SKUS = st.lists(st.text("abcdefghij0123456789", min_size=1, max_size=8), unique=True, max_size=60)
PRICES = st.integers(1, 3_000_000)
CUTS = st.builds(Cut, buckets=st.integers(1, 16), most=st.integers(1, 7))
EMPTY = pd.DataFrame({"sku": [], "version": [], "digest": [], "is_open": []}).astype(
    {"sku": "object", "version": "int64", "digest": "object", "is_open": "bool"}
)


@st.composite
def decisions(draw):
    skus = draw(SKUS)
    today = draw(st.lists(PRICES, min_size=len(skus), max_size=len(skus)))
    share = draw(st.lists(st.integers(1, 100), min_size=len(skus), max_size=len(skus)))
    return pd.DataFrame(
        {
            "sku": pd.Series(skus, dtype="object"),
            "offer_id": pd.Series([f"A-{sku}" for sku in skus], dtype="object"),
            "price_minor": pd.Series(today, dtype="int64"),
            "new_price_minor": pd.Series(
                [max(1, price * pct // 100) for price, pct in zip(today, share, strict=True)], dtype="int64"
            ),
            "was_price_minor": pd.Series(today, dtype="Int64"),
            "currency": pd.Series(["RUB"] * len(skus), dtype="object"),
        }
    )


@given(decisions(), CUTS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_grouping_is_stable(rows, cut, chance):
    """The order of a plan's rows changes no group; a SKU is in one group, in its bucket, and no group is too large."""
    found = plan_changes(rows, EMPTY, "d", cut)
    mixed = list(range(len(rows)))
    chance.shuffle(mixed)
    pd.testing.assert_frame_equal(found, plan_changes(rows.iloc[mixed], EMPTY, "d", cut))
    assert found["sku"].is_unique
    assert list(found["group"]) == list(group_changes(found[list(CHANGES[:-1])], cut)["group"])
    for group, members in found.groupby("group"):
        assert len(members) <= cut.most
        assert {bucket_of(sku, cut.buckets) for sku in members["sku"]} == {int(group.split("-")[0])}


@given(decisions(), st.data())
@settings(max_examples=60, deadline=None)
def test_versions_rise(rows, data):
    """Each change has the version after the newest one, whatever became of that."""
    known = data.draw(st.lists(st.sampled_from(list(rows["sku"]) or ["-"]), unique=True))
    versions = {sku: data.draw(st.integers(1, 50)) for sku in known}
    is_open = [data.draw(st.booleans()) for _ in known]
    latest = pd.DataFrame(
        {
            "sku": pd.Series(known, dtype="object"),
            "version": pd.Series([versions[sku] for sku in known], dtype="int64"),
            "digest": pd.Series(["old"] * len(known), dtype="object"),
            "is_open": pd.Series(is_open, dtype="bool"),
        }
    )
    found = plan_changes(rows, latest, "d", Cut())
    assert all(row.version == versions.get(row.sku, 0) + 1 for row in found.itertuples())
    changed = set(rows.loc[rows["price_minor"] != rows["new_price_minor"], "sku"])
    overtaken = {sku for sku, still in zip(known, is_open, strict=True) if still} & set(rows["sku"])
    assert set(found["sku"]) == changed | overtaken


@given(decisions())
@settings(max_examples=40, deadline=None)
def test_a_former_price_is_only_shown_where_it_may_be(rows):
    """What would be refused for its former price is sent without one."""
    for row in plan_changes(rows, EMPTY, "d", Cut()).itertuples():
        assert row.old_price_minor == 0 or may_be_shown(row.price_minor, row.old_price_minor)


class World:
    """A marketplace that may lose replies, and merchants who change prices by hand."""

    def __init__(self, price):
        self.price, self.sent = price, []

    def send(self, change):
        self.sent.append(change.price_minor)
        self.price = change.price_minor


EVENTS = st.lists(st.sampled_from(["try", "lose", "by_hand"]), min_size=1, max_size=12)


@given(PRICES, PRICES, EVENTS, st.integers(1, 5))
def test_a_foreign_price_is_never_overwritten_and_ours_is_sent_once(before, target, events, foreign):
    """Whatever the order of tries, lost replies and changes by hand: one value, at most once, never over a stranger's."""
    world, strangers = World(before), 0
    change = PriceChange(
        sku="S",
        version=1,
        offer_id="A",
        price_minor=target,
        old_price_minor=0,
        currency="RUB",
        bases=frozenset({before}),
    )
    for event in events:
        if event == "by_hand":
            strangers += 1
            world.price = before + target + foreign + strangers
            continue
        there = CurrentPrice(offer_id="A", price_minor=world.price, currency="RUB")
        if problem_of(change, there) is None and see(change, there) is Sight.BASE:
            world.send(change)
    assert world.sent in ([], [target])
    assert not strangers or world.price != target or not world.sent or world.price == world.sent[-1]


@given(st.text(min_size=1, max_size=20))
def test_a_bucket_is_one_of_them(sku):
    """Every SKU has a bucket, the same each time."""
    assert bucket_of(sku, BUCKETS) == bucket_of(sku, BUCKETS) in range(BUCKETS)
