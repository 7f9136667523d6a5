"""Drive one exit through the real DAGs, as an operator and an approver would, by the public API."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from include.local.api import FINISHED
from include.local.progress import Progress
from include.local.runs import Run, belongs_to
from include.local.stack import Stack
from include.local.subject import Subject
from include.winddown.adapters.stores.database import engine_of
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.domain.errors import UnknownExit

DAGS = ("open_exit", "take_snapshot", "plan_wind_down", "create_returns", "mark_down", "reconcile_returns")
SETTLING_DAYS = 14
COUNTING_DAYS = 30
STEP_DAYS = 2
APPROVERS = {"approve": "approver", "approve_second": "approver2"}
"""The demo's user for each task that asks."""
IN_THE_INBOX = "In the inbox"
APPROVER_WAIT_S = 2.5  # sooner, and Airflow 3.3.2 may not have parked the task yet


class Journey:
    """
    One exit on its way.

    Args:
        stack: the running system.
        subject: whose exit.
        progress: where it is told.
        robot: whether the demo's approver answers by itself.
    """

    def __init__(self, stack: Stack, subject: Subject, progress: Progress, *, robot: bool) -> None:
        self.stack = stack
        self.subject = subject
        self.exit_id = subject.exit_id
        self.progress = progress
        self.robot = robot
        self.operator = stack.api("operator")
        self.world = stack.mirror if subject.days and stack.mirror else stack.world

    def go(self) -> dict[str, Any]:
        """
        Go from where the exit stands to where nothing is left to do; gives the summary.

        Raises:
            RunFailed: a DAG run failed for another reason than a blocked gate.
        """
        self._open()
        self._take_up_what_was_interrupted()
        if self.subject.days:
            for day in self.subject.days:
                self._snapshot_and_plan(day)
        else:
            self._snapshots_until_cleared()
        self._count()
        return self._summary()

    def _open(self) -> None:
        engine = engine_of(self.stack.database_url)
        try:
            known = ExitStore(engine).get(self.exit_id)
        except UnknownExit:
            run = self._start("open_exit", self.subject.form)
            with self.progress.stage("open", f"Open the exit {self.exit_id}: {run.link}"):
                self._end(run)
        else:
            self.progress.say(f"Exit {self.exit_id} is open already; its deadline is {known.deadline_on}.")
        finally:
            engine.dispose()

    def _take_up_what_was_interrupted(self) -> None:
        before = self._known()
        for run in self._unfinished("plan_wind_down"):
            self._plan_and_return(run, before)
        for run in self._unfinished("create_returns"):
            self._create(run)
        for run in self._unfinished("mark_down"):
            self._mark_down(run)

    def _snapshots_until_cleared(self) -> None:
        for _ in range(SETTLING_DAYS):
            if self._snapshot_and_plan(None):
                return
            self.progress.say("One day passes in the sandbox, and nobody orders anything new.")
            self.world.advance(1, settle=True)
        self.progress.say("The gate is still closed; run again to go on waiting.", style="yellow")

    def _snapshot_and_plan(self, day: str | None) -> bool:
        """Take one snapshot and what follows from it; False when the gate is closed."""
        before = self._known()
        self._let_the_clerk_work()
        title = f"Take a snapshot of {self.exit_id}" + (f", {day}" if day else "")
        run = self._start("take_snapshot", {"exit_id": self.exit_id, **({"as_of": day} if day else {})})
        with self.progress.stage("snapshot", f"{title}: {run.link}"):
            self._end(run)
            is_new = run.succeeded("snapshot.publish")
        if not is_new:
            self.progress.say("  Nothing new: this snapshot is already imported.")
            return bool(self.subject.days) or bool(self._summary()["gate"]["cleared"])
        return self._plan_and_return(self._next("plan_wind_down", before), before)

    def _plan_and_return(self, run: Run, before: Mapping[str, set[str]]) -> bool:
        if not self._plan(run):
            return False
        if run.succeeded("seal"):
            self._create(self._next("create_returns", before))
            self._mark_down(self._next("mark_down", before))
            run = self._next("reconcile_returns", before)
            with self.progress.stage("reconcile", f"Reconcile the returns: {run.link}"):
                self._end(run)
        return True

    def _plan(self, run: Run) -> bool:
        with self.progress.stage("plan", f"Plan: {run.link}"):
            state = run.follow(self.progress, on_question=self._approve)
            task_id, words = run.problem() if state == "failed" else ("", "")
        if task_id == "gate" and words.startswith("GateBlocked"):
            self.progress.say(f"  {words}", style="yellow")
            return False
        run.must_succeed(state)
        if not run.succeeded("seal"):
            self.progress.say("  The plan was not approved; nothing is created.", style="yellow")
        return True

    def _approve(self, run: Run) -> None:
        question = self.operator.open_question(run.dag_id, run.run_id)
        if question is None:
            return
        task_id = question["task_instance"]["task_id"]
        user = APPROVERS[task_id]
        link = self.operator.link(run.dag_id, run.run_id, task_id, "required_actions")
        self.progress.say(f"  {question['subject']}", style="bold")
        self.progress.say(f"  Approve or reject it: {link}")
        if not self.robot:
            self.progress.say(f"  Waiting for a person (user {user}) ...")
            return
        time.sleep(APPROVER_WAIT_S)
        reply = self.stack.api(user).answer(question, "Approve")
        if reply.status_code != httpx.codes.CONFLICT:  # somebody else was quicker
            reply.raise_for_status()
            self.progress.say(
                "  The demo's approver has approved it, by Airflow's API; no person looked at it."
            )

    def _create(self, run: Run) -> None:
        with self.progress.stage("returns", f"Create the return requests: {run.link}"):
            run.must_succeed(run.follow(self.progress, on_question=self._answer_for_the_clerk))

    def _answer_for_the_clerk(self, run: Run) -> None:
        """Say of every open question that the clerk's file is in the inbox; too young ones come again."""
        time.sleep(APPROVER_WAIT_S)
        self._let_the_clerk_work()
        latest = datetime.now(UTC) - timedelta(seconds=APPROVER_WAIT_S)
        for question in self.operator.open_questions(run.dag_id, run.run_id):
            if datetime.fromisoformat(question["created_at"]) > latest:
                continue
            self.progress.say(f"  {question['subject']}", style="bold")
            if not self.robot:
                link = self.operator.link(run.dag_id, run.run_id, "desk.answer", "required_actions")
                self.progress.say(f"  The clerk's sheet is in {self.stack.settings.inbox}; answer: {link}")
                continue
            reply = self.stack.api("approver").answer(question, IN_THE_INBOX)
            if reply.status_code != httpx.codes.CONFLICT:
                reply.raise_for_status()

    def _let_the_clerk_work(self) -> None:
        if self.subject.has_clerk:
            self.world.clerk(self.stack.settings.inbox)

    def _mark_down(self, run: Run) -> None:
        with self.progress.stage("prices", f"Put the prices into effect: {run.link}"):
            self._end(run)

    def _count(self) -> None:
        truth = self.world.state()
        if not truth["open_requests"]:
            return
        with self.progress.stage("reconcile", "Goods travel and are counted; sandbox days pass"):
            for _ in range(COUNTING_DAYS // STEP_DAYS):
                truth = self.world.advance(STEP_DAYS, settle=True)
                self.progress.now(f"{truth['open_requests']} return requests are under way")
                if not truth["open_requests"]:
                    break
            self._let_the_clerk_work()
            run = self._start("reconcile_returns", {"exit_id": self.exit_id})
            self.progress.say(f"  Reconcile them: {run.link}")
            self._end(run)

    def _summary(self) -> dict[str, Any]:
        from include.winddown.steps.report import summarise

        engine = engine_of(self.stack.database_url)
        try:
            return {
                **summarise(engine, self.exit_id),
                "seconds": {**self.stack.seconds, **self.progress.seconds},
            }
        finally:
            engine.dispose()

    def _start(self, dag_id: str, form: Mapping[str, object]) -> Run:
        run_id = self.operator.trigger(dag_id, form)
        return Run(self.operator, dag_id, run_id, self.stack.crew.check)

    def _end(self, run: Run) -> None:
        run.must_succeed(run.follow(self.progress))

    def _known(self) -> dict[str, set[str]]:
        return {dag_id: {run["dag_run_id"] for run in self.operator.runs(dag_id)} for dag_id in DAGS}

    def _unfinished(self, dag_id: str) -> list[Run]:
        return [
            Run(self.operator, dag_id, run["dag_run_id"], self.stack.crew.check)
            for run in self.operator.runs(dag_id)
            if belongs_to(run, self.exit_id) and run["state"] not in FINISHED
        ]

    def _next(self, dag_id: str, before: Mapping[str, set[str]]) -> Run:
        """Wait for the run that an asset event starts."""
        self.stack.wait_for(f"a run of {dag_id}", lambda: any(True for _ in self._new(dag_id, before)))
        return Run(self.operator, dag_id, next(self._new(dag_id, before)), self.stack.crew.check)

    def _new(self, dag_id: str, before: Mapping[str, set[str]]) -> Iterator[str]:
        return (
            run["dag_run_id"]
            for run in self.operator.runs(dag_id)
            if run["dag_run_id"] not in before[dag_id] and belongs_to(run, self.exit_id)
        )
