"""Questions about a plan and what was answered, in PostgreSQL; both are only ever added to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.tables import approval_answer, approval_question, plan
from include.winddown.domain.errors import PlanChanged, PlanNotApproved, shorten


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """
    A question as people were shown it.

    Attributes:
        plan_id, digest: of the plan it is about.
        task_id, ti_id, dag_run_id: the Airflow task, its instance and the run that asked; clearing
            gives a task another instance, a retry only sometimes.
        asking_no: shared by the tries of a task until somebody clears it, higher after that.
        subject: its headline.
        asked_of: user names of those who may answer.
    """

    plan_id: str
    digest: str
    task_id: str
    ti_id: str
    dag_run_id: str
    asking_no: int
    subject: str
    asked_of: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """
    What somebody answered, as it was taken down.

    Attributes:
        answer_id: grows with time.
        digest: of the plan the question was about.
        ti_id, dag_run_id: the Airflow task instance and run that asked.
        option: what was chosen.
        user_id, user_name: who answered; None when Airflow does not know.
        subject: the headline of the question.
    """

    answer_id: int
    plan_id: str
    digest: str
    ti_id: str
    dag_run_id: str
    option: str
    user_id: str | None
    user_name: str | None
    answered_at: datetime
    subject: str


QUESTION = [approval_question.c[name] for name in AskedQuestion.__slots__]
ANSWER = [approval_answer.c[name] for name in GivenAnswer.__slots__]


class AnswerStore:
    """What people were asked about plans, and what they answered."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, question: AskedQuestion) -> None:
        """
        Take down what people are about to be shown; the same question again is found, not added.

        Raises:
            PlanChanged: the same task of the same run has asked about another plan before. Airflow
                goes on showing that text, so an answer would be about the wrong plan.
            PlanNotApproved: it has asked other people before, and Airflow goes on letting only those answer.
        """
        values = {name: getattr(question, name) for name in AskedQuestion.__slots__}
        values["asked_of"] = list(question.asked_of)
        with self._engine.begin() as connection:
            _check_text(connection, question)
            connection.execute(insert(approval_question).values(values).on_conflict_do_nothing())

    def question(self, ti_id: str) -> AskedQuestion:
        """
        Find what a task instance has asked.

        Raises:
            PlanNotApproved: it has asked nothing.
        """
        with self._engine.connect() as connection:
            query = select(*QUESTION).where(approval_question.c.ti_id == ti_id)
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            msg = f"task instance {ti_id} has asked nothing, so its answer counts for no plan; start a new run of plan_wind_down"
            raise PlanNotApproved(msg)
        return AskedQuestion(**row)

    def hear(
        self, ti_id: str, option: str, user_id: str | None, user_name: str | None, answered_at: datetime
    ) -> int:
        """
        Take an answer down; the same one again is found, not added.

        Args:
            ti_id: the task instance that asked; plan and digest are those of its question.
            option: what was chosen.
            user_id: who answered; None when Airflow does not know.
            user_name: the same, for people.
            answered_at: aware UTC.

        Returns:
            Its answer_id.

        Raises:
            PlanNotApproved: that task instance has asked nothing.
        """
        asked = self.question(ti_id)
        row = {
            "plan_id": asked.plan_id,
            "digest": asked.digest,
            "subject": asked.subject,
            "option": option,
            "user_id": user_id,
            "user_name": user_name,
            "answered_at": answered_at,
            "ti_id": ti_id,
            "dag_run_id": asked.dag_run_id,
        }
        statement = insert(approval_answer).values(row).on_conflict_do_nothing()
        same = (approval_answer.c.ti_id == ti_id) & (approval_answer.c.answered_at == answered_at)
        with self._engine.begin() as connection:
            connection.execute(statement)
            answer_id: int = connection.execute(select(approval_answer.c.answer_id).where(same)).scalar_one()
        return answer_id

    def answer(self, plan_id: str, task_id: str) -> GivenAnswer | None:
        """Find the latest answer to what a task has asked last; answers from before it was cleared do not count."""
        asked = approval_question.c
        of_task = (asked.plan_id == plan_id) & (asked.task_id == task_id)
        last = select(asked.dag_run_id, asked.asking_no).where(of_task).order_by(asked.question_id.desc())
        with self._engine.connect() as connection:
            found = connection.execute(last.limit(1)).one_or_none()
        return self.answer_within(plan_id, task_id, found.dag_run_id, found.asking_no) if found else None

    def answer_within(
        self, plan_id: str, task_id: str, dag_run_id: str, asking_no: int
    ) -> GivenAnswer | None:
        """Find the latest answer that any try of a task was given since it was cleared, if ever."""
        asked = approval_question.c
        of_task = (asked.plan_id == plan_id) & (asked.task_id == task_id)
        same = of_task & (asked.dag_run_id == dag_run_id) & (asked.asking_no == asking_no)
        query = select(*ANSWER).join_from(approval_answer, approval_question).where(same)
        latest = query.order_by(approval_answer.c.answered_at.desc(), approval_answer.c.answer_id.desc())
        with self._engine.connect() as connection:
            row = connection.execute(latest.limit(1)).mappings().one_or_none()
        return GivenAnswer(**row) if row else None


def _check_text(connection: Connection, question: AskedQuestion) -> None:
    # Two tries of one run take turns here.
    connection.execute(select(plan.c.plan_id).where(plan.c.plan_id == question.plan_id).with_for_update())
    asked = approval_question.c
    of_run = (asked.dag_run_id == question.dag_run_id) & (asked.task_id == question.task_id)
    query = select(asked.digest, asked.asked_of).where(of_run).order_by(asked.question_id).limit(1)
    shown = connection.execute(query).one_or_none()
    if shown is not None and shown.digest != question.digest:
        msg = (
            f"this run has asked about plan {shown.digest[:12]} and Airflow still shows that text, now it holds plan"
            f" {question.digest[:12]}; nothing is created, start a new run of plan_wind_down"
        )
        raise PlanChanged(msg)
    if shown is not None and set(shown.asked_of) != set(question.asked_of):
        msg = (
            f"this run has asked {shorten(sorted(shown.asked_of))} and Airflow still lets nobody else answer, now"
            f" {shorten(sorted(question.asked_of))} may; nothing is created, start a new run of plan_wind_down"
        )
        raise PlanNotApproved(msg)
