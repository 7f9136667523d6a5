"""Open an exit: check what was typed in before anything depends on it."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from include.winddown.adapters.files.policies import read_policy
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.domain.approvers import TWO, ask_whom, authors_of, choose_approvers
from include.winddown.domain.errors import BadParam, BadPolicy, shorten
from include.winddown.domain.exit_course import CLEARING
from include.winddown.domain.exits import Exit, Policy, read_day
from include.winddown.domain.policy import gone_back
from include.winddown.runtime import doors
from include.winddown.runtime.stations import started_by, tell
from include.winddown.steps.gather import check_own_cabinet

TEXTS = ("exit_id", "merchant", "marketplace_conn", "desk_conn", "dock_conn", "destination", "currency")
FIELDS = (*TEXTS, "opened_on", "deadline_on", "policy", "policy_file", "approvers")
POLICIES = "_policies"
"""The folder of policy files below the store's root; no exit can be called so."""

MOST_TOLD = 20

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.ya?ml")


def open_exit(form: str) -> str:
    """
    Open an exit, or find it open with the same values; it stays opened on the day it was, unless one is given.

    Args:
        form: the params of the DAG `open_exit`, as JSON.

    Returns:
        The exit id.

    Raises:
        BadConnection: one of the three connections is missing, incomplete or of another kind, or
            another open exit has its cabinet or its key.
        BadExit: an approver may not approve here, or too few are left beside whoever opened the exit.
    """
    given = json.loads(form)
    there = ExitStore(doors.database()).find(str(given.get("exit_id")))
    merchant_exit = read_form(given, there.opened_on if there else datetime.now(UTC).date())
    by = started_by()
    check_approvers(merchant_exit, by)
    doors.marketplace(merchant_exit, None)
    doors.desk(merchant_exit)
    doors.dock(merchant_exit)
    check_own_cabinet(merchant_exit)
    store_exit(merchant_exit, there, by)
    return merchant_exit.exit_id


def store_exit(merchant_exit: Exit, there: Exit | None, by: str | None, state: str = CLEARING) -> None:
    """Store an exit; of one that is there, say which settings of its policy are back at their defaults."""
    ExitStore(doors.database()).add(merchant_exit, by, state)
    if there and (gone := gone_back(there.policy, merchant_exit.policy)):
        tell(f"the policy is replaced as a whole; back at their defaults are: {shorten(gone, MOST_TOLD)}")


def read_form(form: Mapping[str, object], usual_on: date) -> Exit:
    """
    Turn the trigger form into an exit; it opens on the usual day where the form gives none.

    Raises:
        BadParam: a field is unknown, missing or of another kind.
        BadExit: a value cannot be, or the deadline is not in the future.
        BadPolicy: a policy setting is unknown or out of range, or the policy file cannot be read.
    """
    unknown = sorted(set(form) - set(FIELDS))
    if unknown:
        msg = f"unknown field {unknown[0]!r}; known are {', '.join(sorted(FIELDS))}"
        raise BadParam(msg)
    return Exit(
        **{name: _text(form, name) for name in TEXTS},
        opened_on=read_day("opened_on", form["opened_on"]) if form.get("opened_on") else usual_on,
        deadline_on=read_day("deadline_on", form.get("deadline_on")),
        policy=_policy(form),
        approvers=_approvers(form),
    )


def check_approvers(merchant_exit: Exit, opened_by: str | None) -> None:
    """See that the plans to come can be approved, before anything depends on it."""
    exit_id, limit = merchant_exit.exit_id, merchant_exit.policy.approval_second_above_minor
    approvers = choose_approvers(exit_id, merchant_exit.approvers, doors.approvers())
    authors = authors_of(opened_by, *ExitStore(doors.database()).authors(exit_id))
    ask_whom(exit_id, approvers, authors, needed=1 if limit is None else TWO)


def _approvers(form: Mapping[str, object]) -> tuple[str, ...]:
    names = form.get("approvers") or []
    if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
        msg = f'approvers is {names!r}; give user names, as ["ada", "ben"], or none'
        raise BadParam(msg)
    return tuple(sorted(name.strip() for name in names))


def _policy(form: Mapping[str, object]) -> Policy:
    settings, name = form.get("policy") or {}, form.get("policy_file")
    if not isinstance(settings, Mapping):
        msg = f'policy is {settings!r}; give settings by name, as {{"usable_fill_pct": 60}}'
        raise BadPolicy(msg)
    if not name:
        return Policy.of(settings)
    if settings:
        msg = "policy and policy_file are both given; give one: the file's settings would overrule the form's"
        raise BadPolicy(msg)
    if not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
        msg = f"policy_file is {name!r}; give the name of a file in {POLICIES} of the store, as demo-1.yaml, and no path"
        raise BadPolicy(msg)
    return read_policy(doors.store_root() / POLICIES / name)


def _text(form: Mapping[str, object], name: str) -> str:
    value = form.get(name)
    if isinstance(value, str) and value.strip():
        return value
    msg = f"{name} is {repr(value) if name in form else 'missing'}; write a text"
    raise BadParam(msg)
