"""What must hold for any stock: no unit is lost, invented or planned twice."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.effects import effect_key
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import CONDITIONS
from include.winddown.domain.movements import Document, check_balance, explain_change, open_books
from include.winddown.domain.plan import check_units, digest_plan, summarise_plan
from include.winddown.domain.shipments import list_shipments, pack_returns
from include.winddown.domain.split.full_price import asked
from tests.splits import row, split

DAYS = st.integers(min_value=1, max_value=200)
RATES = st.floats(min_value=0, max_value=500)
QTY = st.integers(min_value=0, max_value=5_000)
SIDE_MM = st.integers(min_value=1, max_value=1_500)
COSTS = st.integers(0, 100_000)
POLICIES = st.builds(
    lambda freight, opening, disposal, handling, storage, gamble, country, at_loss: Policy.of(
        {
            "freight": {"container_minor": freight, "opening_minor": opening},
            "disposal": {"piece_minor": disposal},
            "returns": {"handling_minor": handling, "return_at_loss": at_loss},
            "storage": {"storage_minor_per_m3_day": storage},
            "clock": {"gamble_after_last_call": gamble},
            "prices": {"country": country},
        }
    ),
    COSTS,
    COSTS,
    COSTS,
    COSTS,
    COSTS,
    st.booleans(),
    st.sampled_from(["RU", "DE"]),
    st.sampled_from(["hold", "allow"]),
)


@st.composite
def stocks(draw) -> pd.DataFrame:
    places = st.tuples(
        st.sampled_from(["WH-1", "WH-2"]), st.sampled_from("ABCDEF"), st.sampled_from(CONDITIONS)
    )
    keys = draw(st.lists(places, unique=True, max_size=12))
    goods = {sku: _goods(draw) for sku in sorted({sku for _, sku, _ in keys})}
    rows = [_counted(draw, *key) | goods[key[1]] for key in keys]
    return pd.DataFrame(rows, columns=list(row()))


def _goods(draw) -> dict[str, object]:
    """What the catalogue says of a SKU, and at which step of the ladder it stands."""
    full, off_pct = draw(st.integers(1, 1_000_000)), draw(st.sampled_from([0, 0, 10, 30, 70]))
    return {
        "length_mm": draw(SIDE_MM),
        "width_mm": draw(SIDE_MM),
        "height_mm": draw(SIDE_MM),
        "weight_g": draw(st.integers(1, 600_000)),
        "handling_class": draw(st.sampled_from(["standard", "liquid"])),
        "price_minor": int(asked(np.array([full]), np.array([1 - off_pct / 100]))[0, 0]),
        "full_minor": full,
        "resale_minor": draw(st.integers(0, 500_000)),
    }


def _counted(draw, warehouse_id: str, sku: str, condition: str) -> dict[str, object]:
    on_hand = draw(QTY)
    spoken_for = draw(st.integers(0, on_hand)) if condition == "sellable" else 0
    return row(
        warehouse_id=warehouse_id,
        sku=sku,
        offer_id=sku.lower(),
        name=f"Thing {sku}",
        condition=condition,
        on_hand_qty=on_hand,
        reserved_qty=spoken_for // 2,
        committed_qty=spoken_for - spoken_for // 2,
    )


@given(stocks(), RATES, DAYS, POLICIES)
def test_every_unit_has_exactly_one_disposition(stock, rate, days_left, policy):
    """What goes in as pieces comes out as pieces, row by row, whatever the economics."""
    found = split(stock, rate, days_left, policy)
    lines, decisions = found.lines, found.decisions
    pieces = decisions[["keep_qty", "return_qty", "dispose_qty"]].sum(axis=1)
    assert (pieces == decisions["free_qty"]).all()
    assert decisions[["plan_minor", "bound_minor", "expected_sold_qty"]].notna().all().all()
    check_units(stock, lines)
    assert lines["planned_qty"].sum() == stock["on_hand_qty"].sum()
    assert (lines["planned_qty"] > 0).all()
    assert not lines.duplicated(["warehouse_id", "sku", "condition", "disposition"]).any()
    markdown = lines.loc[lines["disposition"] == "markdown"]
    assert (
        (markdown["new_price_minor"] >= 1) & (markdown["new_price_minor"] <= markdown["price_minor"])
    ).all()


@given(stocks(), RATES, DAYS, POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(stock, rate, days_left, policy, random):
    """Shuffled stock gives the same plan, the same packing and the same digest."""
    order = list(range(len(stock)))
    random.shuffle(order)
    digests = []
    for rows in (stock, stock.iloc[order].reset_index(drop=True)):
        found = split(rows, rate, days_left, policy)
        packed = pack_returns(found.lines, "OWN", policy)
        digests.append(digest_plan({}, found.lines, packed, found.decisions))
    assert digests[0] == digests[1]


@given(stocks(), RATES, DAYS)
def test_packing_loses_nothing_and_keeps_the_limits(stock, rate, days_left):
    """Shipments hold exactly the returned pieces, within weight and usable volume, one class each."""
    policy = Policy()
    lines = split(stock, rate, days_left, policy).lines
    packed = pack_returns(lines, "OWN", policy)
    keys = ["warehouse_id", "sku", "condition"]
    returned = lines.loc[lines["disposition"] == "return"].groupby(keys)["planned_qty"].sum()
    pd.testing.assert_series_equal(packed.groupby(keys)["planned_qty"].sum(), returned, check_dtype=False)
    shipments = list_shipments(packed)
    assert (shipments["weight_g"] <= policy.shipment_weight_max_g).all()
    assert (shipments["volume_ml"] <= policy.shipment_volume_max_ml * policy.usable_fill_pct // 100).all()
    assert not shipments.duplicated("shipment_no").any()
    assert summarise_plan(lines, shipments)["units"]["return"] == shipments["units_qty"].sum()


@given(stocks().filter(lambda stock: stock["on_hand_qty"].sum() > 0), RATES, DAYS, st.data())
def test_any_change_of_a_line_changes_the_digest(stock, rate, days_left, data):
    """A piece more, another disposition, price or fact: the approval no longer fits."""
    lines = split(stock, rate, days_left).lines
    packed = pack_returns(lines, "OWN", Policy())
    before = digest_plan({"exit": "x"}, lines, packed)
    row = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.sampled_from(["planned_qty", "price_minor", "sku", "why"]))
    altered = lines.copy()
    value = altered[column].iloc[row]
    altered.loc[altered.index[row], column] = f"{value}x" if isinstance(value, str) else value + 1
    assert digest_plan({"exit": "x"}, altered, packed) != before
    assert digest_plan({"exit": "y"}, lines, packed) != before


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_books_that_explain_a_snapshot_balance(opening, sold, lost, drift):
    """After any explained change the places sum to zero and the stock is the snapshot's."""
    document = Document(system="snapshot", doc="S", moved_at=pd.Timestamp("2026-01-01", tz="UTC"))
    sold = min(sold, opening)
    lost = min(lost, opening - sold)
    there = opening - sold - lost + drift
    rows = open_books(pd.DataFrame([{"sku": "A", "there_qty": opening, "lost_qty": 0}]), document)
    account = dict.fromkeys(("lost_booked_qty", "lost_returning_qty", "awaiting_qty"), 0)
    account |= {"sku": "A", "stock_qty": opening, "sold_qty": sold}
    rows += explain_change(pd.DataFrame([account | {"there_qty": there, "lost_qty": lost}]), document, 500)
    sides = [(row["from_node"], -row["qty"]) for row in rows] + [(row["to_node"], row["qty"]) for row in rows]
    balance = (
        pd.DataFrame(sides, columns=["node", "qty"]).groupby("node", as_index=False).sum().assign(sku="A")
    )
    totals = check_balance(balance)
    assert totals["STOCK"] == there
    assert sum(totals.values()) == 0


@given(st.text(), st.text(), st.text(), st.text())
def test_an_effect_key_is_stable_and_well_formed(exit_id, kind, digest, group):
    """The same words give the same 64 hexadecimal digits."""
    key = effect_key(exit_id, kind, digest, group)
    assert key == effect_key(exit_id, kind, digest, group)
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")
