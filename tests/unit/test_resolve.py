"""What of the open effects goes on by itself, and what people hear of."""

import pytest

from include.winddown.domain.resolve import ALERT_SECONDS, TRY_AGAIN_SECONDS, alerts, exits_to_try_again


def row(**changes):
    values = {
        "effect_key": "a" * 64,
        "exit_id": "demo",
        "kind": "return_request",
        "account": "desk",
        "state": "ready",
        "age_seconds": TRY_AGAIN_SECONDS,
        "is_free": True,
        "is_told": False,
        "last_outcome": "",
        "detail": "status 503",
    }
    return values | changes


@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({}, True),
        ({"age_seconds": TRY_AGAIN_SECONDS - 1}, False),
        ({"is_free": False}, False),
        ({"last_outcome": "denied"}, False),
        ({"last_outcome": "not_sent"}, True),
        ({"state": "unknown"}, False),
        ({"state": "sending"}, False),
        ({"state": "escalated"}, False),
    ],
)
def test_only_what_may_be_sent_and_nobody_is_at_is_tried_again(changes, again):
    """Not while another one holds the goods, and not what was refused for its key."""
    assert exits_to_try_again([row(**changes), row(exit_id="b"), row(exit_id="b")]) == (
        ["b", "demo"] if again else ["b"]
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "escalated", "age_seconds": 0}, "needs a person: status 503"),
        ({"state": "unknown", "age_seconds": ALERT_SECONDS}, "for 15 minutes nobody knows"),
        ({"last_outcome": "denied"}, "refused for its key or role"),
        ({"state": "unknown", "age_seconds": ALERT_SECONDS - 1}, None),
        ({"state": "unknown", "age_seconds": 99_999, "account": "a person"}, None),
        ({"state": "escalated", "is_told": True}, None),
        ({}, None),
    ],
)
def test_people_hear_once_of_what_only_they_can_settle(changes, words):
    """The sentence names exit, effect and what was said; a person who answers in days is no trouble."""
    found = alerts([row(**changes)], people=frozenset({"a person"}))
    if words is None:
        assert found == []
    else:
        [(key, sentence)] = found
        assert (key, "exit demo, return_request aaaaaaaaaaaa" in sentence, words in sentence) == (
            "a" * 64,
            True,
            True,
        )
