"""What holds for every match: the equation, and that order, replays and parts of files do not matter."""

from datetime import timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.match_world import NOW, make_world
from include.winddown.adapters.match.joins import Legs
from include.winddown.adapters.match.run import run_match
from include.winddown.domain.match.allocate import Candidate, OpenCount, allocate
from include.winddown.domain.match.classes import classify
from include.winddown.domain.match.decide import match_chunk
from include.winddown.domain.match.frames import BUCKETS
from include.winddown.domain.match.lines import account_for
from include.winddown.domain.match.money import total_minor
from include.winddown.domain.match.settings import Match
from tests.match_kit import ASKED_AT, DAY, asked, match, told

PIECES = st.integers(0, 30)
TOLD = (
    "cancelled",
    "disposed",
    "shipped",
    "lost",
    "sold",
    "compensated",
    "reversed",
    "ok",
    "damaged",
    "wrong",
)
RECEIVED = ["received_ok_qty", "received_damaged_qty", "received_wrong_qty"]


@st.composite
def legs(draw, rows=4):
    """Lines about which anything at all may have been told."""
    counts = st.lists(PIECES, min_size=rows, max_size=rows)
    signed = st.lists(st.integers(-10, 30), min_size=rows, max_size=rows)
    flags = st.lists(st.booleans(), min_size=rows, max_size=rows)
    columns = {f"told_{name}_qty": draw(signed if name in ("shipped", "ok") else counts) for name in TOLD}
    times = draw(st.lists(st.integers(0, 40), min_size=rows, max_size=rows))
    at = pd.Series([ASKED_AT + timedelta(days=day) for day in times]).dt.as_unit("us")
    return pd.DataFrame(
        {
            "line_id": range(rows),
            "account_id": "",
            "request_no": "R1",
            "sku": [f"S{number}" for number in range(rows)],
            "condition": "sellable",
            "warehouse_id": "WH-1",
            "requested_qty": draw(counts),
            "requested_at": pd.Series([ASKED_AT] * rows).dt.as_unit("us"),
            "told_not_accepted_qty": 0,
            "told_made_good_qty": draw(counts),
            "told_concealed_qty": draw(counts),
            "told_short_closed_qty": draw(counts),
            "is_closed": draw(flags),
            "is_disposal": draw(flags),
            "is_final": draw(flags),
            "unit_cost_minor": pd.Series(draw(counts), dtype="Int64"),
            "price_minor": pd.Series([pd.NA] * rows, dtype="Int64"),
            "resale_minor": pd.Series([pd.NA] * rows, dtype="Int64"),
            "currency": "RUB",
            "last_at": at,
            "received_at": at,
            "shipped_at": at,
            "closed_at": at,
        }
        | columns
    )


@given(legs())
def test_every_piece_has_one_place(rows):
    """Requested and overage are what the places hold, whatever was told; no place is below zero."""
    lines = account_for(rows, Match(), NOW)
    assert (lines["requested_qty"] + lines["overage_qty"] == lines[list(BUCKETS)].sum(axis=1)).all()
    assert (lines[[*BUCKETS, "overage_qty"]] >= 0).all().all()


@given(
    legs(), st.sampled_from(["ok", "damaged", "wrong", "shipped", "lost", "compensated", "cancelled"]), PIECES
)
def test_more_evidence_never_lowers_received(rows, name, more):
    """Whatever else is told, what the dock counted stays counted."""
    later = rows.assign(**{f"told_{name}_qty": rows[f"told_{name}_qty"] + more})
    before, after = account_for(rows, Match(), NOW), account_for(later, Match(), NOW)
    assert (after[RECEIVED].sum(axis=1) >= before[RECEIVED].sum(axis=1)).all()


@given(legs())
def test_no_piece_is_claimed_twice(rows):
    """What is claimed as lost and reversed is at most what is lost or under way; money is the sum of its rows."""
    policy = Match()
    lines = account_for(rows, policy, NOW)
    found = classify(lines, policy)
    lost = found.loc[found["class"].isin(["short", "lost_in_transit", "lost_by_partner", "reversed"])]
    claimed = lost.groupby("line_id")["qty"].sum().reindex(lines["line_id"], fill_value=0)
    assert (claimed.to_numpy() <= (lines["lost_qty"] + lines["in_transit_qty"]).to_numpy()).all()
    valued = match_chunk(rows, policy, NOW).found
    by_hand = sum(
        row["qty"] * row["unit_minor"] for row in valued.to_dict("records") if not pd.isna(row["unit_minor"])
    )
    assert sum(total_minor(valued).values()) == by_hand


@given(st.lists(PIECES, max_size=5), st.lists(st.integers(0, 20), min_size=1, max_size=4))
def test_allocation_keeps_every_piece(counts, waiting):
    """Each open count goes to lines in full, the oldest first, and beyond what they wait for to the last."""
    open_counts = [OpenCount(number=number, qty=qty) for number, qty in enumerate(counts)]
    candidates = [
        Candidate(number=count.number, how="tracking", line_id=line, waiting_qty=qty, order=(line,))
        for count in open_counts
        for line, qty in enumerate(waiting)
    ]
    shares = allocate(open_counts, candidates)
    assert sum(share.qty for share in shares) == sum(counts)
    for line, qty in list(enumerate(waiting))[:-1]:
        assert sum(share.qty for share in shares if share.line_id == line) == min(
            qty, max(sum(counts) - sum(waiting[:line]), 0)
        )


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_order_replays_and_parts_do_not_matter(data):
    """Events mixed, repeated and cut into other reports give the same lines and discrepancies."""
    events = [
        told(
            data.draw(st.integers(1, 9)),
            data.draw(st.sampled_from("AB")),
            data.draw(st.integers(1, 8)),
            event_id=f"e{number}" if number % 2 else None,
            kind=data.draw(st.sampled_from(["shipped", "lost", "sold", "fee", "unheard-of"])),
            request_no=data.draw(st.sampled_from(["R1", "R2", None])),
            tracking_no=data.draw(st.sampled_from(["T1", None])),
            carton_id=f"C{number}",
            amount_minor=100,
            currency="RUB",
        )
        for number in range(8)
    ]
    lines = [asked(), asked(7, "B"), asked(3, request_no="R2", requested_at=ASKED_AT + DAY)]
    mixed = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=4))))
    one, other = match(lines, events, [], now=NOW), match(lines[::-1] * 2, mixed, [], now=NOW)
    assert one.lines == other.lines
    pd.testing.assert_frame_equal(one.result.found, other.result.found)
    assert one.result.notes.equals(other.result.notes)


def test_answer_sheet():
    """Of 10,000 generated lines with duplicates and replays every class and quantity is right."""
    world = make_world(10_000, seed=7)
    held: dict[str, int] = {}

    def take(chunk):
        for name in ("requested_qty", "overage_qty", *BUCKETS):
            held[name] = held.get(name, 0) + sum(chunk[name].to_pylist())

    legs_of = Legs(requested=world.requested, shipped=world.shipped, received=world.received)
    result = run_match(legs_of, Match(), NOW, take)
    columns = ["request_no", "sku", "class", "qty"]
    right = world.truth.to_pandas().sort_values(columns, ignore_index=True)
    found = result.found[columns].sort_values(columns, ignore_index=True)
    assert found.to_dict("list") == right.to_dict("list")
    assert held["requested_qty"] + held["overage_qty"] == sum(held[name] for name in BUCKETS)
