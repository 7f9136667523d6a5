"""The split, by example: what goes back, what stays, at which price, and what is not for money to decide."""

import numpy as np
import pandas as pd
import pytest

from include.winddown.domain.errors import DeadlinePassed, UnitsLost
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.weeks import weeks_until
from tests.splits import dispositions, row, split, stock


@pytest.mark.parametrize(("rate", "expected"), [(40.0, {"markdown": 100}), (0.001, {"return": 100})])
def test_what_sells_in_time_stays_and_what_does_not_goes_back(rate, expected):
    """100 pieces and ten weeks: at 40 a week all are sold at today's price, at one in 1,000 weeks none is."""
    found = split(stock(), rate=rate)
    assert dispositions(found.lines) == expected
    assert found.decisions["discount_pct"].tolist() == [0]


def test_in_between_some_go_back_and_the_rest_is_sold_down():
    """The pieces that stay are as many as the weeks can sell, at a price the plan says is best."""
    found = split(stock(), rate=4.0)
    decision = found.decisions.iloc[0]
    assert 0 < decision["return_qty"] < 100
    assert decision["plan_minor"] > decision[["return_all_minor", "hold_minor", "markdown_minor"]].max()
    assert decision["reason"] == "mixed"


def test_only_what_stays_has_a_price_to_set():
    """It is at most today's; lines that move have none."""
    lines = split(stock(), rate=4.0).lines.set_index("disposition")
    assert lines.loc["markdown", "new_price_minor"] <= 1999
    assert pd.isna(lines.loc["return", "new_price_minor"])


def test_a_second_markdown_is_cut_from_the_full_price():
    """At half the full price already, the cap of 70 % leaves 599 and no less, and nothing is raised."""
    lowered = split(stock(row(price_minor=1000, full_minor=1999, resale_minor=1)), rate=0.2).decisions.iloc[0]
    assert 599 < 1999 * 0.3 <= lowered["new_price_minor"] <= 1000
    assert lowered["discount_pct"] >= 50
    anew = split(stock(row(price_minor=1000, resale_minor=1)), rate=0.2).decisions.iloc[0]
    assert anew["new_price_minor"] < 599


def test_what_sells_at_the_lowered_price_keeps_it():
    """The rate told is the one at today's price, half of the full one."""
    found = split(stock(row(price_minor=1000, full_minor=1999)), rate=20.0).decisions.iloc[0]
    assert found["new_price_minor"] == 1000
    assert found["discount_pct"] == 50
    assert found["rate_per_week"] > 20
    assert found["reason"] == "keep_all"


def test_a_listing_has_one_price_in_all_warehouses():
    """Buyers see one card, whatever the warehouse."""
    there = stock(
        *(row(warehouse_id=name, on_hand_qty=qty) for name, qty in (("A", 5), ("B", 80), ("C", 15)))
    )
    lines = split(there, rate=4.0).lines
    prices = lines.loc[lines["disposition"] == "markdown", "new_price_minor"]
    assert len(prices) > 1
    assert len(set(prices)) == 1


def test_pieces_go_back_from_where_a_return_fetches_most():
    """Freight from B is dearer, so the kept pieces are B's."""
    policy = Policy.of(
        {
            "freight": {
                "kind": "box",
                "weight_max_g": 20_000,
                "volume_max_ml": 96_000,
                "container_minor": 100,
                "by_warehouse": {"B": {"container_minor": 4_000}},
            }
        }
    )
    there = stock(row(warehouse_id="A", on_hand_qty=50), row(warehouse_id="B", on_hand_qty=50))
    lines = split(there, rate=4.0, policy=policy).lines
    kept = lines[lines["disposition"] == "markdown"].set_index("warehouse_id")["planned_qty"]
    gone = lines[lines["disposition"] == "return"].set_index("warehouse_id")["planned_qty"]
    assert kept.get("B", 0) > kept.get("A", 0)
    assert gone.get("A", 0) > gone.get("B", 0)


def test_a_wave_that_does_not_pay_for_its_container_stays():
    """Ten lamps are not worth a pallet of 900.00."""
    policy = Policy.of({"freight": {"container_minor": 90_000}})
    found = split(stock(row(on_hand_qty=10)), rate=0.2, policy=policy)
    assert "return" not in dispositions(found.lines)
    assert found.charge_minor == 0


def test_after_the_last_call_nothing_goes_back():
    """Ten days are less than the 21 a return takes: sell down, dispose of the rest."""
    found = split(stock(), rate=1.0, days_left=10)
    assert "return" not in dispositions(found.lines)
    assert found.decisions["last_call_on"].isna().all()
    assert found.decisions["return_net_minor"].isna().all()


def test_without_a_gamble_nothing_is_expected_to_be_disposed_of():
    """What is not sold by the last call goes back then."""
    policy = Policy.of({"clock": {"gamble_after_last_call": False}})
    decision = split(stock(), rate=4.0, policy=policy).decisions.iloc[0]
    assert decision["expected_disposed_qty"] == pytest.approx(0)
    assert decision["expected_returned_qty"] > 0


def test_a_return_at_a_loss_waits_for_a_persons_word():
    """Disposal would cost still more, so going back is cheapest, and yet it is not done silently."""
    costly = {"disposal": {"piece_minor": 5_000}, "returns": {"handling_minor": 1_000}}
    held = split(stock(), rate=0.01, policy=Policy.of(costly))
    allowed = split(
        stock(),
        rate=0.01,
        policy=Policy.of(costly | {"returns": costly["returns"] | {"return_at_loss": "allow"}}),
    )
    assert "return" not in dispositions(held.lines)
    assert held.decisions["reason"].tolist() == ["return_at_loss"]
    assert dispositions(allowed.lines)["return"] > 90
    assert allowed.decisions["reason"].tolist() == ["return_at_loss"]


@pytest.mark.parametrize(
    ("prices", "most_pct"),
    [
        ({"discount_max_pct": 20}, 20),
        ({"floor_pct_of_cost": 200}, 0),
        ({"floor_pct_of_cost": 150}, 30),
        ({"ladder_pct": [0, 15]}, 15),
    ],
)
def test_guards_bound_the_price(prices, most_pct):
    """With hardly any resale value the plan would go deep; cap, floor and ladder stop it."""
    there = stock(row(resale_minor=0, on_hand_qty=400))
    deep = split(there, rate=4.0).decisions["discount_pct"].item()
    found = split(there, rate=4.0, policy=Policy.of({"prices": prices})).decisions["discount_pct"].item()
    assert deep > most_pct
    assert found <= most_pct


def test_the_marketplaces_own_minimum_price_is_a_floor():
    """A price below it would be refused or break a promise."""
    there = stock(row(resale_minor=0, on_hand_qty=400)).assign(min_price_minor=1_800)
    assert split(there, rate=4.0).decisions["new_price_minor"].item() >= 1_800


def test_a_price_changed_a_moment_ago_is_left_alone():
    """This week's price is locked; it may fall later."""
    there = stock(row(resale_minor=0, on_hand_qty=400))
    assert split(there, rate=4.0, is_locked=True).decisions["discount_pct"].tolist() == [0]


def test_fees_of_the_marketplace_go_before_those_of_the_policy():
    """A commission of 60 % leaves less of a sale, so more goes back."""
    told = stock().assign(commission_bp=6_000, delivery_minor=100, acquiring_minor=30)
    own, theirs = split(stock(), rate=4.0).decisions.iloc[0], split(told, rate=4.0).decisions.iloc[0]
    assert theirs["sale_net_minor"] == round(theirs["new_price_minor"] * 0.4) - 130
    assert theirs["return_qty"] > own["return_qty"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("damaged_by_seller", "dispose"), ("damaged_by_warehouse", "return"), ("lost", "hold")],
)
def test_condition_decides_before_money(condition, expected):
    """Damaged stock follows the policy, lost stock is held for a claim."""
    found = split(stock(row(condition=condition)), rate=40.0)
    assert dispositions(found.lines) == {expected: 100}
    assert found.decisions.empty


def test_reserved_and_committed_units_are_held():
    """What an order or an approved return already needs is not planned a second time."""
    lines = split(stock(row(reserved_qty=30, committed_qty=20)), rate=0.001).lines
    assert dispositions(lines) == {"hold": 50, "return": 50}
    held = lines.loc[lines["disposition"] == "hold", "why"].item()
    assert held == "30 reserved for orders and 20 already on approved returns."


def test_units_the_gate_holds_back_are_held_whatever_their_condition():
    """The reason is the gate's; reserved pieces of the SKU share the line."""
    there = stock(row(reserved_qty=10), row(condition="damaged_by_seller"))
    lines = split(there.assign(held_because="Held back: pending in P-1.")).lines
    assert lines["disposition"].tolist() == ["hold", "hold"]
    assert lines["planned_qty"].tolist() == [100, 100]
    assert all("pending in P-1" in why for why in lines["why"])


def test_more_spoken_for_than_there_stops():
    """A negative free quantity names the SKU, the numbers and the fix."""
    with pytest.raises(
        UnitsLost, match=r"A1 in WH-1 \(100 there, 0 reserved, 120 on approved returns\).*follow_returns"
    ):
        split(stock(row(committed_qty=120)))


def test_a_piece_larger_than_a_shipment_is_held():
    """It cannot be packed, so it is held with the reason; reserved pieces of it share the line."""
    lines = split(stock(row(length_mm=2000, width_mm=1000, height_mm=1000, reserved_qty=10))).lines
    assert dispositions(lines) == {"hold": 100}
    assert "special transport" in lines["why"].item()
    assert "10 reserved" in lines["why"].item()


def test_every_line_says_why():
    """The sentence carries the numbers it rests on, in the exit's language."""
    there = stock()
    said = {
        name: split(there, rate=4.0, policy=Policy.of({"language": name})).lines["why"].iloc[0]
        for name in ("en", "zh", "ru")
    }
    decision = split(there, rate=4.0).decisions.iloc[0]
    assert f"Return {decision['return_qty']} now" in said["en"]
    assert len(set(said.values())) == 3
    assert all(str(decision["keep_qty"]) in text for text in said.values())


def test_a_deadline_not_after_the_snapshot_stops():
    """Zero days left is too late."""
    with pytest.raises(DeadlinePassed, match="3 days before the snapshot"):
        weeks_until(-3, Policy())


def test_the_weeks_fill_the_time_and_the_last_call_keeps_its_distance():
    """Ten weeks, of which a return takes three; 68 days are ten shorter weeks."""
    whole, short = weeks_until(70, Policy()), weeks_until(68, Policy())
    assert (whole.clock.weeks, whole.clock.last_call, whole.call_days) == (10, 7, 49)
    assert short.clock.weeks * short.step_days == pytest.approx(68)
    assert short.clock.last_call * short.step_days <= short.call_days


@pytest.mark.parametrize(("days", "may_raise"), [(0, True), (1, False), (30, False)])
def test_how_long_a_lowered_price_stays_down_decides_whether_it_may_rise(days, may_raise):
    """In a country where it must; with 0 days it need not."""
    policy = Policy.of({"prices": {"country": "DE", "no_raise_days": days}})
    assert weeks_until(70, policy).clock.may_raise == may_raise


def test_nothing_in_a_plan_is_missing_that_should_be_there():
    """No NaN, whatever the rate: a SKU that never sold has a plan, too."""
    decisions = pd.concat([split(stock(), rate=rate).decisions for rate in (1e-9, 1.0, 1e6)])
    may_miss = {"was_price_minor", "last_call_on", "return_net_minor", "defaults"} | {
        name for name in decisions if name.startswith("flip")
    }
    told = decisions.drop(columns=list(may_miss))
    assert not told.isna().any().any()
    assert np.isfinite(told.select_dtypes("number").to_numpy(np.float64)).all()
