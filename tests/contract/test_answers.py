"""Questions and answers in a real PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.answers import AnswerStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.domain.errors import PlanChanged, PlanNotApproved
from tests.contract.plans import asked

ANSWERED_AT = datetime(2026, 11, 8, 9, tzinfo=UTC)
DIGEST = "d" * 64


@pytest.fixture
def answers(engine: Engine) -> AnswerStore:
    return AnswerStore(engine)


def hear(answers: AnswerStore, ti_id: str, option: str = "Approve", at: datetime = ANSWERED_AT) -> int:
    return answers.hear(ti_id, option, "7", "approver", at)


def test_an_answer_comes_back_as_it_was_given(answers: AnswerStore, plan_id: str) -> None:
    """Who, what, when; which plan it is about is what the question said."""
    answers.ask(asked(plan_id, ti_id="ti-1"))
    answer_id = hear(answers, "ti-1")
    heard = answers.answer(plan_id, "approve")
    assert (heard.answer_id, heard.option, heard.user_id, heard.digest) == (answer_id, "Approve", "7", DIGEST)
    assert (heard.answered_at, heard.dag_run_id, heard.ti_id) == (ANSWERED_AT, "run-of-plan-1", "ti-1")
    assert heard.subject == "[plan dddddddddddd] Return?"


def test_a_question_comes_back_as_it_was_shown(answers: AnswerStore, plan_id: str) -> None:
    """Text, plan and people."""
    shown = asked(plan_id, asked_of=["ada", "ben"])
    answers.ask(shown)
    assert answers.question(shown.ti_id) == shown


@pytest.mark.fault("F1", "S4")
@pytest.mark.fault("F2", "S4")
@pytest.mark.fault("F9", "S4")
@pytest.mark.fault("F10", "S4")
@pytest.mark.fault("F12", "S4")
@pytest.mark.fault("F25", "S4")
def test_the_same_answer_is_taken_down_once(answers: AnswerStore, plan_id: str) -> None:
    """A retried task finds the question and the answer it wrote."""
    for _ in range(2):
        answers.ask(asked(plan_id, ti_id="ti-1"))
    first = hear(answers, "ti-1")
    assert hear(answers, "ti-1") == first


def test_the_latest_answer_counts(answers: AnswerStore, plan_id: str) -> None:
    """A later answer is found first; the earlier one stays as evidence."""
    answers.ask(asked(plan_id, ti_id="ti-1"))
    hear(answers, "ti-1", "Reject", ANSWERED_AT + timedelta(hours=1))
    hear(answers, "ti-1")
    assert answers.answer(plan_id, "approve").option == "Reject"


@pytest.mark.fault("F6", "S4")
def test_an_answer_from_before_the_task_was_cleared_does_not_count(
    answers: AnswerStore, plan_id: str
) -> None:
    """A cleared task asks anew; what was said before that is evidence and nothing else."""
    answers.ask(asked(plan_id, ti_id="ti-1"))
    hear(answers, "ti-1")
    answers.ask(asked(plan_id, ti_id="ti-2", asking_no=3))
    assert answers.answer(plan_id, "approve") is None
    hear(answers, "ti-2", "Reject")
    assert answers.answer(plan_id, "approve").option == "Reject"


@pytest.mark.fault("F1", "S4")
def test_an_answer_to_an_earlier_try_counts(answers: AnswerStore, plan_id: str) -> None:
    """Airflow may take the task for failed after the answer was taken down; nobody cleared it."""
    answers.ask(asked(plan_id, ti_id="ti-1"))
    answers.ask(asked(plan_id, ti_id="ti-2"))
    hear(answers, "ti-1")
    assert answers.answer(plan_id, "approve").ti_id == "ti-1"
    assert answers.answer_within(plan_id, "approve", "run-of-plan-1", 2).ti_id == "ti-1"
    assert answers.answer_within(plan_id, "approve", "another-run", 2) is None


def test_each_task_has_answers_of_its_own(answers: AnswerStore, plan_id: str) -> None:
    """The first approval is not the second one."""
    answers.ask(asked(plan_id, ti_id="ti-1"))
    answers.ask(asked(plan_id, ti_id="ti-2", task_id="approve_second"))
    hear(answers, "ti-1")
    assert answers.answer(plan_id, "approve_second") is None


def test_without_an_answer_there_is_none(answers: AnswerStore, plan_id: str) -> None:
    """Silence is not an answer."""
    answers.ask(asked(plan_id))
    assert answers.answer(plan_id, "approve") is None


def test_who_asked_nothing_hears_nothing(answers: AnswerStore) -> None:
    """An answer without a question is about no plan."""
    with pytest.raises(PlanNotApproved, match="task instance ti-9 has asked nothing"):
        hear(answers, "ti-9")


@pytest.mark.fault("F5", "S4")
@pytest.mark.fault("F26", "S4")
def test_a_run_asks_about_one_plan(answers: AnswerStore, engine: Engine, plan_id: str, plan_of) -> None:
    """Airflow keeps showing the first text, so a second plan in the same run is refused; another run may ask."""
    answers.ask(asked(plan_id, dag_run_id="run-1"))
    PlanStore(engine).propose(**plan_of(plan_id="plan-2", digest="e" * 64))
    with pytest.raises(PlanChanged, match="asked about plan dddddddddddd and Airflow still shows that text"):
        answers.ask(asked("plan-2", "e" * 64, dag_run_id="run-1"))
    answers.ask(asked("plan-2", "e" * 64, dag_run_id="run-2"))


def test_a_run_asks_the_same_people(answers: AnswerStore, plan_id: str) -> None:
    """Airflow keeps the first list too: people who cannot answer are not waited for."""
    answers.ask(asked(plan_id, ti_id="ti-1", asked_of=["ada", "ben"]))
    answers.ask(asked(plan_id, ti_id="ti-2", asked_of=["ben", "ada"]))
    with pytest.raises(
        PlanNotApproved, match="asked ada, ben and Airflow still lets nobody else answer, now eve"
    ):
        answers.ask(asked(plan_id, ti_id="ti-3", asked_of=["eve"]))
    answers.ask(asked(plan_id, ti_id="ti-4", task_id="approve_second", asked_of=["eve"]))


ASK = (
    "insert into approval_question (plan_id, digest, task_id, ti_id, dag_run_id, subject, asked_of, asking_no)"
    " values "
)
ANSWER = (
    "insert into approval_answer (plan_id, digest, ti_id, dag_run_id, option, user_id, user_name, subject)"
    " values "
)


@pytest.mark.parametrize(
    "statement",
    [
        ASK + "('plan-1', repeat('e', 64), 'approve', 'ti-2', 'r', 's', '{}', 2)",
        ASK + "('plan-1', repeat('d', 64), 'perhaps', 'ti-2', 'r', 's', '{}', 2)",
        ASK + "('plan-2', repeat('e', 64), 'approve', 'ti-2', 'run-of-plan-1', 's', '{}', 2)",
        ANSWER + "('plan-1', repeat('d', 64), 'ti-9', 'r', 'Approve', '7', 'ada', 's')",
        ANSWER + "('plan-1', repeat('e', 64), 'ti-1', 'r', 'Approve', '7', 'ada', 's')",
        ANSWER + "('plan-2', repeat('e', 64), 'ti-1', 'r', 'Approve', '7', 'ada', 's')",
        "update approval_answer set option = 'Reject'",
        "delete from approval_answer",
        "truncate approval_answer cascade",
        "update approval_question set subject = 'another'",
        "delete from approval_question where ti_id = 'ti-3'",
        "truncate approval_question cascade",
    ],
)
def test_forbidden_questions_and_answers_are_stopped_by_constraints_alone(
    answers: AnswerStore, engine: Engine, plan_id: str, plan_of, statement: str
) -> None:
    """Another digest, another plan in the same run, an answer nobody asked for, or a changed row."""
    answers.ask(asked(plan_id, ti_id="ti-1"))
    answers.ask(asked(plan_id, ti_id="ti-3"))
    hear(answers, "ti-1")
    PlanStore(engine).propose(**plan_of(plan_id="plan-2", digest="e" * 64))
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))
