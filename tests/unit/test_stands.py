"""What follows from where the requests of a warehouse stand."""

import pytest

from include.winddown.domain.effects import EFFECT_STATES
from include.winddown.domain.errors import OutcomeUnknown, PersonNeeded, RequestRefused
from include.winddown.domain.stands import STAND_OF_STATE, Stand, count_stands

DONE = {"S1": (Stand.DONE, "request 1"), "S2": (Stand.DONE, "request 2")}


def test_what_stands_is_counted():
    """Given up is neither a request nor a problem; what a person answers is counted apart."""
    came = {**DONE, "S3": (Stand.CANCELLED, "given up"), "S4": (Stand.WITH_PERSON, "handed over")}
    assert count_stands(came) == {"requests": 2, "with_person": 1}


@pytest.mark.parametrize(
    ("stand", "error", "words"),
    [
        (Stand.WAITING, OutcomeUnknown, "looked up, not re-sent"),
        (Stand.REFUSED, RequestRefused, "Mend the cause"),
        (Stand.ESCALATED, PersonNeeded, "settle_effect"),
    ],
)
def test_what_does_not_stand_stops_the_run_and_is_named(stand, error, words):
    """Shipment and detail are in the message, and what to do."""
    with pytest.raises(error, match=rf"S3 \(what happened\).*{words}"):
        count_stands({**DONE, "S3": (stand, "what happened")})


def test_a_person_is_asked_before_anything_else():
    """The run does not go on trying while a duplicate may stand at the desk."""
    came = {"S1": (Stand.WAITING, "a"), "S2": (Stand.REFUSED, "b"), "S3": (Stand.ESCALATED, "c")}
    with pytest.raises(PersonNeeded):
        count_stands(came)


def test_every_state_stands_somewhere():
    """No state is forgotten when one is added."""
    assert set(STAND_OF_STATE) == set(EFFECT_STATES)
