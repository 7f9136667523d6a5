"""Ask, hear and confirm: what a warehouse answered that people deal with by documents."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from include.winddown.adapters.stores.desk_answers import DeskAnswerStore, Typing
from include.winddown.adapters.stores.effect_people import EffectPeople
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.request_sheets import RequestSheets
from include.winddown.domain.desk_answers import DeskAnswer, read_form
from include.winddown.domain.desk_question import HandOver, ask_body, ask_subject
from include.winddown.domain.effects import ReturnRequest
from include.winddown.domain.errors import BadAnswer, NothingToDo, PersonNeeded
from include.winddown.domain.stands import Came, Stand, count_stands
from include.winddown.runtime import doors
from include.winddown.runtime.stations import RETURN_REQUESTS, announce, tell
from include.winddown.steps.gather import exit_of, snapshots
from include.winddown.steps.ledger import Bringing
from include.winddown.steps.requests import KIND, request_of

if TYPE_CHECKING:
    from include.winddown.adapters.ports import PersonDesk

IN_THE_INBOX = "In the inbox"
ASKED_FOR_S = 6.5 * 3_600
"""A question is noted again at least every six hours; one that is not is dead, and another run may ask."""


def waiting(exit_id: str, dag_run_id: str) -> list[dict[str, str]]:
    """
    Name the shipments whose request is with a person and that no other run asks about.

    They come from the ledger, whatever became of the tasks before.
    """
    manner = doors.desk(exit_of(exit_id)).manner
    if not manner.is_person:
        msg = "the return desk answers by itself; nobody has to be asked"
        raise NothingToDo(msg)
    ledger = EffectLedger(doors.database())
    ledger.expire()
    ours = (KIND, manner.account, "unknown")
    open_ones = [one for one in ledger.open(exit_id) if (one.kind, one.account, one.state) == ours]
    asked = DeskAnswerStore(doors.database()).asked_elsewhere(exit_id, dag_run_id)
    places = {plan_id: _places(plan_id) for plan_id in {one.plan_id for one in open_ones}}
    parts = [
        {
            "exit_id": exit_id,
            "effect_key": one.effect_key,
            "plan_id": one.plan_id,
            "shipment_no": one.request["shipment_no"],
            "warehouse_id": places[one.plan_id][one.request["shipment_no"]],
        }
        for one in open_ones
        if one.effect_key not in asked
    ]
    if not parts:
        msg = f"nobody has to be asked; {len(asked)} shipments are asked about in another run"
        raise NothingToDo(msg)
    return parts


def ask(part: dict[str, str], dag_run_id: str) -> dict[str, Any]:
    """Word the question about one shipment, with what was wrong before; note that it is asked."""
    merchant_exit = exit_of(part["exit_id"])
    language = merchant_exit.policy.language
    wanted, desk = wanted_of(part), _person_desk(part)
    days = round(desk.manner.horizon_s / 86_400)
    sheet = RequestSheets(doors.database(), snapshots(), days).of(part["effect_key"])
    answers = DeskAnswerStore(doors.database())
    problem, typed = answers.last_problem(part["effect_key"], dag_run_id) or ("", {})
    answers.note_asked(part["effect_key"], dag_run_id, ASKED_FOR_S)
    tries = [
        row for row in EffectPeople(doors.database()).history(part["effect_key"]) if row["kind"] == "try"
    ]
    handed = HandOver(**asdict(desk.handed(wanted)), last_try=tries[-1]["detail"] if tries else "")
    return {
        "subject": ask_subject(sheet, language),
        "body": ask_body(sheet, handed, problem, language),
        "seconds": desk.manner.horizon_s,
        "typed": typed,
    }


def hear(part: dict[str, str], answer: Mapping[str, Any]) -> str:
    """
    Take down what a person answered, the unusable answers too.

    Args:
        part: the shipment.
        answer: option, form, user_id, user_name, answered_at, ti_id and run_id.

    Returns:
        What is wrong with it, for people; empty when it counts, or came after all was settled.
    """
    effect_key, wanted = part["effect_key"], wanted_of(part)
    form = {str(name): _clean(value) for name, value in answer["form"].items()}
    typing = Typing(
        ti_id=answer["ti_id"],
        dag_run_id=answer["run_id"],
        user_id=answer["user_id"],
        user_name=answer["user_name"] or "somebody",
        answered_at=answer["answered_at"] or datetime.now().astimezone(),
        typed={"option": answer["option"], **form},
    )
    stand, detail = _look(part, wanted)
    if stand is not Stand.WITH_PERSON and answer["option"] == IN_THE_INBOX:
        return ""
    read, problem = None, _nothing_in_the_inbox(part, wanted)
    if answer["option"] != IN_THE_INBOX:
        read, problem = _read(part, form, wanted)
    DeskAnswerStore(doors.database()).add(effect_key, typing, read, problem)
    if stand is not Stand.WITH_PERSON:
        tell(f"the answer came late: {part['shipment_no']} is {stand}, {detail}")
        return ""
    return problem


def look(part: dict[str, str]) -> bool:
    """Look for an answer that came as a file; True once the request no longer waits for a person."""
    return _look(part, wanted_of(part))[0] is not Stand.WITH_PERSON


def confirm(part: dict[str, str]) -> dict[str, int]:
    """Look the request up, now that it is answered, and tell the reconciliation when it stands."""
    stand, detail = _look(part, wanted_of(part))
    if stand is Stand.WITH_PERSON:
        msg = (
            f"{part['shipment_no']}: nobody has answered; marking the task success by hand is no answer. Run"
            " create_returns again to be asked"
        )
        raise PersonNeeded(msg)
    counted = count_stands({part["shipment_no"]: (stand, detail)})
    tell(f"{part['shipment_no']}: {detail}")
    announce(RETURN_REQUESTS, part["exit_id"])
    return counted


def wanted_of(part: Mapping[str, str]) -> ReturnRequest:
    """Read the request of one shipment again."""
    shipments = PlanStore(doors.database()).shipments(part["plan_id"], part["warehouse_id"])
    row = next(one for one in shipments if one["shipment_no"] == part["shipment_no"])
    return request_of(part["effect_key"], row)


def _look(part: Mapping[str, str], wanted: ReturnRequest) -> Came:
    ledger = EffectLedger(doors.database())
    return Bringing(ledger, _person_desk(part), part["shipment_no"], wanted).look()


def _read(
    part: Mapping[str, str], form: Mapping[str, object], wanted: ReturnRequest
) -> tuple[DeskAnswer | None, str]:
    """Read a form; the answer, or what is wrong with it."""
    try:
        answer = read_form(form, wanted)
    except BadAnswer as bad:
        return None, str(bad)
    ledger, manner = EffectLedger(doors.database()), _person_desk(part).manner
    if answer.request_no in ledger.taken(part["exit_id"], manner.account, KIND):
        own = ledger.get(part["effect_key"]).remote_id
        if answer.request_no != own:
            return (
                None,
                f"request_no {answer.request_no} belongs to another shipment already; look at the answer again",
            )
    return answer, ""


def _nothing_in_the_inbox(part: Mapping[str, str], wanted: ReturnRequest) -> str:
    handed = _person_desk(part).handed(wanted)
    found = (
        "; ".join(handed.refused) or f"no file there has the reference {part['effect_key'][:12]}… in its rows"
    )
    return f"{handed.inbox}: {found}"


def _person_desk(part: Mapping[str, str]) -> "PersonDesk":
    return cast("PersonDesk", doors.desk(exit_of(part["exit_id"])))


def _places(plan_id: str) -> dict[str, str]:
    """The warehouse of each shipment of a plan."""
    shipments = PlanStore(doors.database()).shipments(plan_id)
    return {row["shipment_no"]: row["warehouse_id"] for row in shipments}


def _clean(value: object) -> str:
    """No NUL can be stored."""
    return str("" if value is None else value).replace("\x00", "\ufffd")
