"""Applications to leave in PostgreSQL: every version, how it was filed, what was decided."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.courses import move_in
from include.winddown.adapters.stores.tables import application
from include.winddown.domain import exit_course as course
from include.winddown.domain.application import Decision, Filing, Request
from include.winddown.domain.errors import DecisionIsFinal, IllegalMove


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """
    One version of an exit's application.

    Attributes:
        dossier: the facts behind it, as JSON.
        texts: by language: ru, zh, en.
        filed_on: None until a person filed it; due_on is the last day of the review then.
        decision: accepted or refused; None until it is decided.
    """

    exit_id: str
    version_no: int
    snapshot_id: str
    request: Request
    dossier: dict[str, Any]
    texts: dict[str, str]
    drafted_at: datetime
    filed_number: str | None
    filed_on: date | None
    due_on: date | None
    decision: str | None
    decision_reason: str | None


class ApplicationStore:
    """The versions of applications; what was drafted, filed or decided never changes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def draft(
        self, exit_id: str, snapshot_id: str, request: Request, dossier: dict[str, Any], texts: dict[str, str]
    ) -> int:
        """Keep the next version; the same snapshot again gives the version there is."""
        same = (application.c.exit_id == exit_id) & (application.c.snapshot_id == snapshot_id)
        with self._engine.begin() as connection:
            there: int | None = connection.scalar(select(application.c.version_no).where(same))
            if there is not None:
                return there
            last = select(func.max(application.c.version_no)).where(application.c.exit_id == exit_id)
            version_no: int = (connection.scalar(last) or 0) + 1
            values = {f"text_{language}": text for language, text in texts.items()}
            connection.execute(
                insert(application).values(
                    exit_id=exit_id,
                    version_no=version_no,
                    snapshot_id=snapshot_id,
                    request=asdict(request),
                    dossier=dossier,
                    **values,
                )
            )
        return version_no

    def get(self, exit_id: str, version_no: int) -> Application:
        """
        Find one version.

        Raises:
            IllegalMove: it was never drafted.
        """
        query = select(application).where(_of(exit_id, version_no))
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            msg = f"exit {exit_id} has no version {version_no} of its application; start apply_to_leave again"
            raise IllegalMove(msg)
        return _application(row)

    def versions(self, exit_id: str) -> list[Application]:
        """List every version, the first one first."""
        query = select(application).where(application.c.exit_id == exit_id).order_by(application.c.version_no)
        with self._engine.connect() as connection:
            return [_application(row) for row in connection.execute(query)]

    def file(self, exit_id: str, version_no: int, filing: Filing, due_on: date) -> None:
        """
        Write down that a version was filed, and move the exit; both or neither.

        Raises:
            IllegalMove: another version is filed and not decided, or the exit is past that.
        """
        why = f"version {version_no} as {filing.number} on {filing.filed_on}"
        with self._engine.begin() as connection:
            move_in(connection, exit_id, course.FILED, filing.by_user, why)
            values = {
                "filed_number": filing.number,
                "filed_on": filing.filed_on,
                "filed_by": filing.by_user,
                "filed_at": func.now(),
                "due_on": due_on,
            }
            _once(connection, exit_id, version_no, application.c.filed_on.is_(None), values)

    def decide(self, exit_id: str, version_no: int, decision: Decision) -> None:
        """
        Write the platform's answer down, and move the exit; both or neither.

        Raises:
            IllegalMove: the exit is not in review.
            DecisionIsFinal: this version is decided already.
        """
        state = course.ACCEPTED if decision.is_accepted else course.REFUSED
        with self._engine.begin() as connection:
            move_in(connection, exit_id, state, decision.by_user, decision.reason or decision.choice)
            values = {
                "decision": state,
                "decision_reason": decision.reason
                if decision.is_accepted
                else decision.choice + ": " + decision.reason,
                "decided_on": decision.decided_on,
                "decided_by": decision.by_user,
                "decided_at": func.now(),
            }
            is_open = application.c.filed_on.is_not(None) & application.c.decision.is_(None)
            _once(connection, exit_id, version_no, is_open, values)

    def late(self, today: date) -> list[Application]:
        """List what should have been answered before a day and of which nobody was told yet."""
        query = (
            select(application)
            .where(application.c.decision.is_(None), application.c.due_on < today)
            .where(application.c.late_told_at.is_(None))
            .order_by(application.c.exit_id)
        )
        with self._engine.connect() as connection:
            return [_application(row) for row in connection.execute(query)]

    def told_late(self, exit_id: str, version_no: int) -> bool:
        """Write down that people are told; false when somebody else just did."""
        is_new = _of(exit_id, version_no) & application.c.late_told_at.is_(None)
        with self._engine.begin() as connection:
            done = connection.execute(update(application).where(is_new).values(late_told_at=func.now()))
        return done.rowcount == 1


def _of(exit_id: str, version_no: int) -> Any:
    return (application.c.exit_id == exit_id) & (application.c.version_no == version_no)


def _once(
    connection: Connection, exit_id: str, version_no: int, is_open: Any, values: dict[str, Any]
) -> None:
    changed = connection.execute(update(application).where(_of(exit_id, version_no) & is_open).values(values))
    if changed.rowcount != 1:
        msg = f"version {version_no} of the application of {exit_id} is filed or decided already; read the table application"
        raise DecisionIsFinal(msg)


def _application(row: Row[Any]) -> Application:
    return Application(
        exit_id=row.exit_id,
        version_no=row.version_no,
        snapshot_id=row.snapshot_id,
        request=Request(**row.request),
        dossier=row.dossier,
        texts={"ru": row.text_ru, "zh": row.text_zh, "en": row.text_en},
        drafted_at=row.drafted_at.astimezone(UTC),
        filed_number=row.filed_number,
        filed_on=row.filed_on,
        due_on=row.due_on,
        decision=row.decision,
        decision_reason=row.decision_reason,
    )
