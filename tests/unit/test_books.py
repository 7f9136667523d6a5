"""The books of requested lines, by example."""

from tests.books_kit import Books
from tests.match_kit import asked, closed, counted, match, told


def booked(*matches) -> Books:
    """Books of ten pieces that were agreed to, after one match after the other."""
    books = Books()
    books.confirm(10)
    for lines in matches:
        books.take(lines)
        books.check()
    return books


def seen(shipped=(), received=(), requested=None, **more):
    return match([requested or asked()], shipped, received, **more).lines


def test_every_place_of_the_equation_has_its_place_in_the_books():
    """Counted, damaged, wrong, destroyed, cancelled, under way and not sent: each piece stands where it is."""
    lines = seen(
        [told(5), told(1, kind="disposed"), told(1, kind="cancelled")],
        [counted(2), counted(1, kind="received_damaged"), counted(1, kind="received_wrong")],
    )
    places = {"IN_REMOVAL": 3, "IN_TRANSIT": 1, "RECEIVED": 2, "DAMAGED": 1, "WRONG": 1, "DISPOSED": 1}
    assert booked(lines).places() == {"STOCK": -9} | places


def test_what_the_desk_did_not_agree_to_never_left_the_stock():
    """Of ten asked back seven were agreed to; three are cancelled where they are."""
    books = Books()
    books.confirm(7)
    books.take(seen([told(7)], [counted(7)], asked(accepted_qty=7)))
    assert books.places() == {"STOCK": -7, "RECEIVED": 7}


def test_a_late_receipt_takes_pieces_out_of_lost():
    """The count was closed one short; the piece turns up."""
    short = seen([told()], [counted(9), closed()])
    books = booked(short)
    assert books.places() == {"STOCK": -10, "RECEIVED": 9, "LOST": 1}
    assert books.take(seen([told()], [counted(9), closed(), counted(1, day=11)])) == [("LOST", "RECEIVED", 1)]
    assert books.take(seen([told()], [counted(9), closed(), counted(1, day=11)])) == []


def test_a_correction_puts_pieces_back():
    """What was counted by mistake is lost again; both movements stand in the books."""
    books = booked(seen([told()], [counted(), closed()]))
    corrected = seen([told()], [counted(), closed(), counted(-3, day=10, kind="correction")])
    assert books.take(corrected) == [("RECEIVED", "LOST", 3)]
    assert books.places() == {"STOCK": -10, "RECEIVED": 7, "LOST": 3}


def test_concealed_damage_moves_a_received_piece():
    """Damage found after the count."""
    books = booked(seen([told()], [counted(), closed()]))
    later = seen([told()], [counted(), closed(), counted(2, day=11, kind="concealed_damage")])
    assert books.take(later) == [("RECEIVED", "DAMAGED", 2)]


def test_money_for_lost_pieces_and_its_return():
    """Compensated pieces leave lost; taken back, they are lost again."""
    events = [told(), told(2, day=10, kind="compensated")]
    books = booked(seen(events, [counted(8), closed()]))
    assert books.places() == {"STOCK": -10, "RECEIVED": 8, "COMPENSATED": 2}
    reversed_ = [*events, told(2, day=11, kind="reversed")]
    assert books.take(seen(reversed_, [counted(8), closed()])) == [("COMPENSATED", "LOST", 2)]


def test_goods_for_lost_pieces_come_into_the_stock_and_may_leave_it_again():
    """New goods are supply, the lost pieces are compensated; both go back when the partner takes them back."""
    events = [told(), told(2, day=10, kind="compensated_stock")]
    short = seen([told()], [counted(8), closed()])
    books = booked(short)
    routes = books.take(seen(events, [counted(8), closed()]))
    assert routes == [("SUPPLY", "STOCK", 2), ("LOST", "COMPENSATED", 2)]
    assert books.places() == {"SUPPLY": -2, "STOCK": -8, "RECEIVED": 8, "COMPENSATED": 2}
    back = seen([*events, told(2, day=11, kind="reversed_stock")], [counted(8), closed()])
    assert sorted(books.take(back)) == [("COMPENSATED", "LOST", 2), ("STOCK", "SUPPLY", 2)]


def test_closed_short_is_an_adjustment_only_for_what_was_sent():
    """Nobody waits for three: one was sent and did not come, two never left the partner."""
    lines = seen([told(8)], [counted(7), counted(3, day=9, kind="short_closed", by_whom="Anna"), closed()])
    assert booked(lines).places() == {"STOCK": -8, "RECEIVED": 7, "ADJUST": 1}


def test_what_came_beyond_the_request_is_not_booked():
    """A dozen came for ten: ten are received, and a person says whose the others are."""
    lines = seen([told(12)], [counted(12), closed()])
    assert booked(lines).places() == {"STOCK": -10, "RECEIVED": 10}


def test_a_movement_says_what_it_follows():
    """The same way twice has two keys, so neither is taken for the other."""
    short, whole = seen([told()], [counted(9), closed()]), seen([told()], [counted(10), closed()])
    again = seen([told()], [counted(10), counted(-1, kind="correction"), closed()])
    books = booked(short, whole, again, whole)
    assert [row["reason"] for row in books.movements[-2:]] == [
        "lost on the way back",
        "counted at the own dock",
    ]
