"""What holds for the books of every requested line, whatever was told and in whatever order."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from include.winddown.domain.match.books import BOOKED_LINES, GRAIN, PLACES, place_lines
from include.winddown.domain.match.lines import account_for
from include.winddown.domain.match.settings import Match
from tests.books_kit import Books
from tests.match_kit import NOW, asked, closed, counted, match, told
from tests.property.test_match import PIECES, legs

RECEIVED = ["RECEIVED", "DAMAGED", "WRONG"]


def of_one_request(drawn: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Several states of the same lines: what was asked back stays, what is told about it changes."""
    same = drawn[0][["requested_qty", "told_not_accepted_qty"]]
    return [account_for(rows.assign(**same), Match(), NOW) for rows in drawn]


def balances(books: Books) -> dict[tuple[object, ...], int]:
    rows = books.booked()
    rows = rows.loc[rows["qty"] != 0]
    return {tuple(row[:-1]): row[-1] for row in rows[[*GRAIN, "node", "qty"]].itertuples(index=False)}


@given(st.lists(legs(), min_size=1, max_size=3))
def test_the_books_show_the_equation(drawn):
    """After any news every requested piece is in one place, and the places are those of the match."""
    states = of_one_request(drawn)
    books = Books()
    for lines in states:
        books.take(lines)
        books.check()
        placed = place_lines(lines, {"R1": "R1"})
        assert (placed[list(PLACES)].sum(axis=1) == placed["requested_qty"]).all()
        assert (placed[list(PLACES)] >= 0).all().all()
        held = balances(books)
        for row in placed[list(BOOKED_LINES.names)].to_dict("records"):
            for name, (node, _) in PLACES.items():
                if node != "STOCK":
                    assert held.get((*(row[key] for key in GRAIN), node), 0) == row[name]


@given(st.lists(legs(), min_size=2, max_size=3))
def test_the_way_there_does_not_matter(drawn):
    """News one after the other, or only the last: the same books. A replay moves nothing."""
    states = of_one_request(drawn)
    stepwise, at_once = Books(), Books()
    for lines in states:
        stepwise.take(lines)
    at_once.take(states[-1])
    assert balances(stepwise) == balances(at_once)
    assert stepwise.take(states[-1]) == []


@given(
    legs(), st.sampled_from(["ok", "damaged", "wrong", "shipped", "lost", "compensated", "cancelled"]), PIECES
)
def test_more_evidence_never_lowers_what_is_booked_as_received(rows, name, more):
    """Whatever else is told, what the dock counted stays in its places."""
    books = Books()
    books.take(account_for(rows, Match(), NOW))
    before = sum(qty for key, qty in balances(books).items() if key[-1] in RECEIVED)
    books.take(
        account_for(rows.assign(**{f"told_{name}_qty": rows[f"told_{name}_qty"] + more}), Match(), NOW)
    )
    assert sum(qty for key, qty in balances(books).items() if key[-1] in RECEIVED) >= before


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_order_replays_and_parts_of_files_do_not_matter(data):
    """Events in any order, cut anywhere and told again end in the same books as all of them at once."""
    shipped = [
        told(
            data.draw(st.integers(1, 6)),
            day=data.draw(st.integers(1, 8)),
            event_id=f"s{number}",
            kind=data.draw(
                st.sampled_from(
                    ["shipped", "lost", "cancelled", "disposed", "compensated", "compensated_stock"]
                )
            ),
        )
        for number in range(6)
    ]
    received = [
        counted(
            data.draw(st.integers(1, 6)),
            day=data.draw(st.integers(3, 11)),
            event_id=f"c{number}",
            kind=data.draw(st.sampled_from(["received_ok", "received_damaged", "concealed_damage"])),
        )
        for number in range(4)
    ]
    received.append(closed(day=data.draw(st.integers(3, 11)), event_id="end"))
    events = [("shipped", one) for one in shipped] + [("received", one) for one in received]
    mixed = data.draw(st.permutations(events))
    cut = data.draw(st.integers(0, len(events)))
    repeated = [*mixed, *data.draw(st.lists(st.sampled_from(events), max_size=3))]
    stepwise, at_once = Books(), Books()
    for told_so_far in (mixed[:cut], mixed, repeated):
        stepwise.take(lines_of(told_so_far))
        stepwise.check()
    at_once.take(lines_of(events))
    assert balances(stepwise) == balances(at_once)


def lines_of(events):
    legs_of = {leg: [one for name, one in events if name == leg] for leg in ("shipped", "received")}
    return match([asked()], legs_of["shipped"], legs_of["received"]).lines
