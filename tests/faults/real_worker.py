"""A worker in a process of its own: the production step, with places where it kills itself."""

import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NoReturn

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from include.winddown.adapters import writing
from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.stores.database import engine_of
from include.winddown.adapters.stores.effect_people import EffectPeople
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.domain.errors import PersonNeeded, WinddownError
from include.winddown.domain.lookup import SENDS_MAX
from include.winddown.steps import create_returns
from include.winddown.steps import ledger as steps

LEASE_S = 3.0
SEND_WITHIN_S = 2.0
LIMITS = Limits(connect_s=1, read_s=1.5, total_s=2, attempts=2, pause_max_s=1, deadline_s=5)
STEPS = {"record_request": "record", "take": "claim"}
POINTS = (
    "before intend",
    "after intend",
    "before claim",
    "in claim",
    "after claim",
    "before find",
    "after find",
    "before create",
    "in create",
    "after create",
    "before record",
    "in record",
    "after record",
)
"""
In a ledger call: around its COMMIT (before it, or right after it where one statement is the whole transaction); in the
call of the desk: the request has left, no reply was read.
"""
DONE, NOT_YET, BROKEN = 0, 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    What one worker is to do.

    Attributes:
        parts: what create_returns.request takes, one for each warehouse.
        kill_at: where to die; empty for nowhere.
        after: so many times it gets past that place before.
    """

    url: str
    address: str
    token: str
    knows_reference: bool
    horizon_s: float
    parts: Sequence[Mapping[str, str]]
    kill_at: str = ""
    after: int = 0


class Places:
    """Where the worker is, and whether it dies there."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._left = order.after
        self.step = ""

    def reach(self, place: str) -> None:
        """Be at a place."""
        if place == self._order.kill_at:
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= 1


class Stepped:
    """A ledger or a desk with a place before and after each of its calls."""

    def __init__(self, whom: object, places: Places) -> None:
        self._whom = whom
        self._places = places

    def __getattr__(self, name: str) -> Any:
        there = getattr(self._whom, name)
        if not callable(there):
            return there
        step, places = STEPS.get(name, name), self._places

        def call(*values: object, **named: object) -> object:
            places.reach(f"before {step}")
            places.step = step
            came = there(*values, **named)
            places.step = ""
            places.reach(f"after {step}")
            return came

        return call


def work(order: Order) -> NoReturn:
    """Bring every part about as a task of create_returns would, then leave; never returns to the caller."""
    code = BROKEN  # what a task of Airflow would not live through either ends the campaign
    logging.disable(logging.ERROR)
    try:
        _put_in_place(order, Places(order))
        came = [_is_done(part) for part in order.parts]
        code = DONE if all(came) else NOT_YET
    except Exception:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def _is_done(part: Mapping[str, str]) -> bool:
    try:
        create_returns.request(dict(part))
    except PersonNeeded:
        _settle(part["exit_id"])
        return False
    except (WinddownError, DBAPIError):
        return False
    return True


def _settle(exit_id: str) -> None:
    """
    Be the person: what was sent too often and shows nowhere may be sent again.

    It was unknown before each send, so the horizon of the last one is over.
    """
    engine = create_returns.doors.database()
    for effect in EffectLedger(engine).open(exit_id):
        if effect.state == "escalated" and effect.sends >= SENDS_MAX:
            EffectPeople(engine).resend(effect.effect_key, "harness", "it stands nowhere")


def _put_in_place(order: Order, places: Places) -> None:
    """Open the doors without Airflow, and stand at every place."""
    engine = engine_of(order.url)
    event.listen(engine, "commit", lambda _: places.reach(f"in {places.step}"))
    event.listen(engine, "after_cursor_execute", _after_a_statement(places))
    desk = PartnerApi(
        order.address,
        order.token,
        LIMITS,
        horizon_s=order.horizon_s,
        knows_reference=order.knows_reference,
    )
    create_returns.doors = SimpleNamespace(database=lambda: engine, desk=lambda _: Stepped(desk, places))
    create_returns.exit_of = lambda exit_id: exit_id
    create_returns.tell = lambda _: None
    create_returns.EffectLedger = lambda there: Stepped(EffectLedger(there), places)
    steps.LEASE_SECONDS, steps.SEND_WITHIN_SECONDS = LEASE_S, SEND_WITHIN_S
    writing.exchange = _traced(writing.exchange, places)


def _after_a_statement(places: Places) -> Callable[..., None]:
    """Stand where a statement that is a transaction alone is committed and its caller has not heard of it."""

    def stand(connection: Connection, _cursor: object, words: str, *_: object) -> None:
        is_alone = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
        if is_alone and not words.startswith("SELECT"):
            places.reach(f"in {places.step}")

    return stand


def _traced(exchange: Callable[..., Any], places: Places) -> Callable[..., Any]:
    """Stand where a request has left whole and its reply has not been read."""

    def trace(name: str, _info: object) -> None:
        if name == "http11.receive_response_headers.started":
            places.reach(f"in {places.step}")

    def call(client: Any, request: Any, limits: Limits) -> Any:
        if places.step == "create":
            request.extensions["trace"] = trace
        return exchange(client, request, limits)

    return call
