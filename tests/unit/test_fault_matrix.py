"""Every fault that can happen at a step has a test, or a reason why it needs none of its own."""

from tests.faults.matrix import DOCUMENT, document, excused, live, proven


def test_the_document_says_what_the_tests_say():
    """After a change of the markers: python -m tests.faults.matrix."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_every_live_cell_is_proven_or_excused():
    """A cell is either covered by a named test or stands in the list with a reason; never in both."""
    assert live() - set(proven()) == set(excused())


def test_no_test_claims_a_cell_that_cannot_happen():
    """A marker of a dead cell is a mistake in the marker."""
    assert set(proven()) - live() == set()


def test_the_matrix_has_its_255_cells():
    """26 faults at 13 steps; the rest cannot happen."""
    assert len(live()) == 255
