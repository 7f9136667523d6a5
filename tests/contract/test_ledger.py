"""The ledger of effects in a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.domain.effects import Outcome
from include.winddown.domain.errors import NumberTaken, OutcomeUnknown, PlanChanged
from tests.contract.intents import KEY, OTHER, attempts, intent


@pytest.fixture
def unknown(ledger: EffectLedger) -> EffectLedger:
    ledger.record(KEY, ledger.claim(KEY, 60), Outcome.UNKNOWN, "read timeout")
    return ledger


@pytest.mark.fault("F26", "S5")
def test_an_intent_is_ready_and_fixed(ledger: EffectLedger) -> None:
    """The same intent again is a no-op; another request under its key is refused."""
    ledger.intend(intent())
    there = ledger.get(KEY)
    assert (there.state, there.fence, there.remote_id, there.reply) == ("ready", 0, None, None)
    assert there.request == intent()["request"]
    with pytest.raises(PlanChanged, match="in the ledger with another request"):
        ledger.intend(intent(request={"lines": []}))


def test_nothing_is_intended_without_an_approval(engine: Engine, plan_id: str) -> None:
    """A proposed plan sends nothing, whatever the caller believes."""
    with pytest.raises(IntegrityError, match=f"belongs to plan {plan_id}, which nobody approved"):
        EffectLedger(engine).intend(intent())


def test_a_claim_commits_its_attempt(ledger: EffectLedger, engine: Engine) -> None:
    """After the claim, state, fence, lease and attempt are there for everybody to see."""
    assert ledger.claim(KEY, 60) == 1
    there = ledger.get(KEY)
    assert (there.state, there.fence, there.lease_until is not None) == ("sending", 1, True)
    assert attempts(engine) == [(1, None, None)]


def test_a_claimed_effect_cannot_be_claimed(ledger: EffectLedger, engine: Engine) -> None:
    """Neither while it is sending nor once it is unknown."""
    fence = ledger.claim(KEY, 60)
    assert ledger.claim(KEY, 60) is None
    ledger.record(KEY, fence, Outcome.UNKNOWN, "read timeout")
    assert ledger.claim(KEY, 60) is None
    assert len(attempts(engine)) == 1


@pytest.mark.fault("F3", "S5")
@pytest.mark.fault("F5", "S5")
def test_two_claims_at_once_give_one_winner(ledger: EffectLedger, engine: Engine) -> None:
    """Of many workers that see the same ready effect, exactly one may send."""
    start = Barrier(4)

    def claim(_: int) -> int | None:
        start.wait()
        return ledger.claim(KEY, 60)

    with ThreadPoolExecutor(4) as pool:
        fences = list(pool.map(claim, range(4)))
    assert sorted(fence for fence in fences if fence) == [1]
    assert attempts(engine) == [(1, None, None)]


def test_one_conflict_key_has_one_effect_under_way(ledger: EffectLedger, engine: Engine) -> None:
    """Two effects on the same goods take turns, also when their claims meet."""
    ledger.intend(intent(OTHER))
    start = Barrier(2)

    def claim(key: str) -> int | None:
        start.wait()
        return ledger.claim(key, 60)

    with ThreadPoolExecutor(2) as pool:
        fences = list(pool.map(claim, (KEY, OTHER)))
    assert sorted(fence or 0 for fence in fences) == [0, 1]
    winner, loser = (KEY, OTHER) if fences[0] else (OTHER, KEY)
    ledger.record(winner, 1, Outcome.UNKNOWN, "read timeout")
    assert ledger.claim(loser, 60) is None
    ledger.settle_unknown(winner, Outcome.OK, "RR-1", {})
    assert ledger.claim(loser, 60) == 1
    assert len(attempts(engine)) == 2


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.NOT_SENT, "ready"),
        (Outcome.DENIED, "ready"),
        (Outcome.REJECTED, "rejected"),
        (Outcome.UNKNOWN, "unknown"),
    ],
)
def test_each_outcome_has_one_next_state(
    ledger: EffectLedger, engine: Engine, outcome: Outcome, state: str
) -> None:
    """The table of replies is the contract."""
    assert ledger.record(KEY, ledger.claim(KEY, 60), outcome, "what happened", None, {"code": 9})
    there = ledger.get(KEY)
    assert (there.state, there.lease_until, there.reply) == (state, None, {"code": 9})
    assert attempts(engine) == [(1, outcome, "what happened")]


def test_a_good_reply_confirms(ledger: EffectLedger) -> None:
    """OK carries the number outside, and ends the effect."""
    assert ledger.record(KEY, ledger.claim(KEY, 60), Outcome.OK, "201", "RR-1", {"request_no": "RR-1"})
    assert (ledger.get(KEY).state, ledger.get(KEY).remote_id) == ("confirmed", "RR-1")
    assert ledger.open("demo-1") == []


def test_a_good_reply_without_a_number_is_refused(ledger: EffectLedger) -> None:
    """Confirmed means we can name it."""
    fence = ledger.claim(KEY, 60)
    with pytest.raises(IntegrityError, match="confirmed_has_remote_id"):
        ledger.record(KEY, fence, Outcome.OK, "201")
    assert ledger.get(KEY).state == "sending"


def test_a_number_belongs_to_one_effect(ledger: EffectLedger) -> None:
    """The desk naming one request for two of ours is a broken contract, not a success."""
    ledger.record(KEY, ledger.claim(KEY, 60), Outcome.OK, "201", "RR-1", {})
    ledger.intend(intent(OTHER))
    with pytest.raises(NumberTaken, match="number RR-1 already belongs to another effect"):
        ledger.record(OTHER, ledger.claim(OTHER, 60), Outcome.OK, "201", "RR-1", {})
    assert ledger.get(OTHER).state == "sending"


@pytest.mark.fault("F1", "S7", "S8")
@pytest.mark.fault("F7", "S8")
def test_a_passed_lease_is_unknown_never_ready(ledger: EffectLedger) -> None:
    """A worker that went silent may have sent; only a look-up may tell."""
    ledger.intend(intent(OTHER, conflict="demo-1|WH-2|002"))
    ledger.claim(KEY, 0)
    ledger.claim(OTHER, 600)
    assert ledger.expire() == 1
    assert [ledger.get(key).state for key in (KEY, OTHER)] == ["unknown", "sending"]
    assert ledger.expire() == 0


@pytest.mark.fault("F3", "S9")
@pytest.mark.fault("F7", "S9")
def test_a_late_reply_is_kept_as_evidence_only(ledger: EffectLedger, engine: Engine) -> None:
    """Once the claim is lost, its reply moves nothing but stays on the attempt."""
    fence = ledger.claim(KEY, 0)
    ledger.expire()
    assert not ledger.record(KEY, fence, Outcome.OK, "201 after a long pause", "RR-1", {})
    assert ledger.get(KEY).state == "unknown"
    assert attempts(engine) == [(1, "ok", "201 after a long pause")]


@pytest.mark.fault("F3", "S8", "S9")
@pytest.mark.fault("F7", "S9")
def test_an_old_fence_records_nothing(ledger: EffectLedger, engine: Engine) -> None:
    """A worker of an earlier claim cannot speak for the present one."""
    old = ledger.claim(KEY, 60)
    ledger.record(KEY, old, Outcome.NOT_SENT, "no connection")
    new = ledger.claim(KEY, 60)
    assert new == old + 1
    assert not ledger.record(KEY, old, Outcome.REJECTED, "422")
    assert ledger.get(KEY).state == "sending"
    assert attempts(engine) == [(1, "not_sent", "no connection"), (2, None, None)]


def test_what_a_look_up_finds_is_confirmed_at_any_time(unknown: EffectLedger) -> None:
    """Positive evidence needs no waiting."""
    assert unknown.settle_unknown(KEY, Outcome.OK, "RR-1", {"request_no": "RR-1"})
    assert (unknown.get(KEY).state, unknown.get(KEY).remote_id) == ("confirmed", "RR-1")


def test_absence_counts_only_after_the_horizon(unknown: EffectLedger) -> None:
    """A read that began before it proves nothing, however often it is repeated."""
    for _ in range(5):
        assert unknown.count_absent(KEY, 1, unknown.now(), 86_400) == "unknown"
    assert (unknown.get(KEY).absent_reads, unknown.get(KEY).age_seconds < 600) == (0, True)


def test_two_complete_reads_make_an_effect_ready_again(unknown: EffectLedger) -> None:
    """One does not; each is written down, and the next claim has to be proven absent anew."""
    states = [unknown.count_absent(KEY, 1, unknown.now(), 0) for _ in range(2)]
    assert states == ["unknown", "ready"]
    assert unknown.claim(KEY, 60) == 2
    assert unknown.get(KEY).absent_reads == 0


def test_a_read_of_an_earlier_claim_counts_for_nothing(unknown: EffectLedger) -> None:
    """What was absent before the second send says nothing of the second send."""
    began_at = unknown.now()
    for _ in range(2):
        unknown.count_absent(KEY, 1, unknown.now(), 0)
    unknown.record(KEY, unknown.claim(KEY, 60), Outcome.UNKNOWN, "read timeout")
    for fence, at in ((1, unknown.now()), (2, began_at)):
        assert unknown.count_absent(KEY, fence, at, 0) == "unknown"
    assert unknown.get(KEY).absent_reads == 0


@pytest.mark.fault("F7", "S10")
def test_the_horizon_counts_from_the_time_to_send(ledger: EffectLedger) -> None:
    """A worker may send until its time is over, so absence is looked for after that."""
    ledger.claim(KEY, 0, send_within_seconds=600)
    assert ledger.expire() == 1
    assert ledger.count_absent(KEY, 1, ledger.now(), 0) == "unknown"
    assert ledger.get(KEY).absent_reads == 0


def test_only_unknown_effects_are_settled_by_a_look_up(ledger: EffectLedger) -> None:
    """For a ready or a sending effect it changes nothing."""
    assert not ledger.settle_unknown(KEY, Outcome.OK, "RR-1", {})
    ledger.claim(KEY, 60)
    assert ledger.count_absent(KEY, 1, ledger.now(), 0) == "sending"
    assert ledger.get(KEY).state == "sending"


@pytest.mark.parametrize(
    ("outcome", "sends"),
    [(Outcome.NOT_SENT, 0), (Outcome.DENIED, 0), (Outcome.UNKNOWN, 1), (Outcome.REJECTED, 1)],
)
def test_a_try_counts_as_a_send_unless_nothing_left(
    ledger: EffectLedger, outcome: Outcome, sends: int
) -> None:
    """Throttling may be met for ever; what may have left may not."""
    ledger.record(KEY, ledger.claim(KEY, 60), outcome, "what happened")
    assert ledger.get(KEY).sends == sends


def test_an_escalated_effect_keeps_its_place(unknown: EffectLedger) -> None:
    """Until a person has settled it, nothing else on the same goods is sent."""
    unknown.intend(intent(OTHER))
    assert unknown.escalate(KEY, unknown.get(KEY).fence, "the desk holds RR-1, RR-2", ["RR-1", "RR-2"])
    assert unknown.claim(OTHER, 60) is None
    assert unknown.claim(KEY, 60) is None
    assert unknown.get(KEY).reply == {"detail": "the desk holds RR-1, RR-2", "numbers": ["RR-1", "RR-2"]}


def test_a_late_look_up_escalates_nothing_that_was_taken_up_since(unknown: EffectLedger) -> None:
    """What was read of an effect before the next claim says nothing of that claim's request."""
    stale = unknown.get(KEY).fence
    assert unknown.escalate(KEY, stale - 1, "the desk holds RR-1, RR-2") is False
    assert unknown.get(KEY).state == "unknown"
    assert unknown.escalate(KEY, stale, "the desk holds RR-1, RR-2") is True
    assert unknown.escalate(KEY, stale, "again") is False


def test_many_intents_are_one_commit(ledger: EffectLedger) -> None:
    """If one of them stands for something else already, none is written."""
    third = intent("f" * 64, conflict="third")
    with pytest.raises(PlanChanged, match="in the ledger with another request"):
        ledger.intend(third, intent(request={"lines": []}))
    with pytest.raises(OutcomeUnknown):
        ledger.get("f" * 64)
    ledger.intend(third, intent(OTHER, conflict="other"))
    assert [one.state for one in ledger.open("demo-1")] == ["ready"] * 3
    assert len(ledger.open()) == 3


def test_open_effects_are_listed(ledger: EffectLedger) -> None:
    """What is neither confirmed nor rejected is somebody's work, in the order it was intended."""
    ledger.intend(intent(OTHER, conflict="demo-1|WH-2|002"))
    assert [one.effect_key for one in ledger.open("demo-1")] == [KEY, OTHER]
    ledger.record(KEY, ledger.claim(KEY, 60), Outcome.REJECTED, "422")
    assert [one.effect_key for one in ledger.open("demo-1")] == [OTHER]
    assert ledger.open("demo-2") == []


def test_an_effect_nobody_intended_is_named(ledger: EffectLedger) -> None:
    """Nothing may be sent that is not in the ledger."""
    with pytest.raises(OutcomeUnknown, match="is not in the ledger"):
        ledger.get("f" * 64)
    assert ledger.claim("f" * 64, 60) is None


@pytest.mark.fault("F9", "S5")
def test_a_killed_claim_leaves_nothing(ledger: EffectLedger, engine: Engine) -> None:
    """A worker that dies before the commit of its claim has claimed nothing."""
    with engine.connect() as connection:
        connection.execute(
            text("update effect set state = 'sending', fence = 1, lease_until = now() + interval '1 min'")
        )
        pid = connection.scalar(text("select pg_backend_pid()"))
        with engine.connect() as killer:
            killer.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DBAPIError):
            connection.execute(text("select 1"))
    assert ledger.get(KEY).state == "ready"
    assert ledger.claim(KEY, 60) == 1
