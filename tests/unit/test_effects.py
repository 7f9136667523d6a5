"""How a reply to a write is read, and how an effect is named."""

import pytest

from include.winddown.domain.effects import Outcome, classify, effect_key


@pytest.mark.parametrize(
    ("status", "sent", "readable", "expected"),
    [
        (None, False, False, Outcome.NOT_SENT),
        (429, True, False, Outcome.NOT_SENT),
        (401, True, True, Outcome.DENIED),
        (403, True, False, Outcome.DENIED),
        (400, True, True, Outcome.REJECTED),
        (422, True, True, Outcome.REJECTED),
        (422, True, False, Outcome.UNKNOWN),
        (200, True, True, Outcome.OK),
        (201, True, True, Outcome.OK),
        (201, True, False, Outcome.UNKNOWN),
        (204, True, True, Outcome.UNKNOWN),
        (302, True, True, Outcome.UNKNOWN),
        (409, True, True, Outcome.UNKNOWN),
        (500, True, True, Outcome.UNKNOWN),
        (502, True, False, Outcome.UNKNOWN),
        (None, True, False, Outcome.UNKNOWN),
    ],
)
def test_reply_table(status, sent, readable, expected):
    """Only a readable yes is OK, only a readable no is REJECTED, the rest is UNKNOWN."""
    assert classify(status, sent=sent, readable=readable) is expected


def test_the_key_names_what_is_done():
    """The same shipment of the same plan has one key; any other has another."""
    key = effect_key("demo", "return_request", "d" * 64, "WH-1.standard.00001")
    assert key == effect_key("demo", "return_request", "d" * 64, "WH-1.standard.00001")
    assert key != effect_key("demo", "return_request", "d" * 64, "WH-1.standard.00002")
