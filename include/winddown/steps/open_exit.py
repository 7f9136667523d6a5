"""Open an exit: check what was typed in before anything depends on it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.domain.errors import BadExit
from include.winddown.domain.exits import Exit, Policy
from include.winddown.runtime import doors
from include.winddown.steps.gather import check_own_cabinet


def open_exit(form: str) -> str:
    """
    Open an exit, or find it open with the same values.

    Args:
        form: the params of the DAG `open_exit`, as JSON.

    Returns:
        The exit id.

    Raises:
        BadConnection: one of the three connections is missing, incomplete or of another kind, or
            another open exit has its cabinet or its key.
    """
    today = datetime.now(UTC).date()
    merchant_exit = read_form(json.loads(form), today)
    doors.marketplace(merchant_exit, None)
    doors.desk(merchant_exit)
    doors.dock(merchant_exit)
    check_own_cabinet(merchant_exit)
    ExitStore(doors.database()).add(merchant_exit)
    return merchant_exit.exit_id


def read_form(form: Mapping[str, object], today: date) -> Exit:
    """
    Turn the trigger form into an exit.

    Raises:
        BadExit: a date is not YYYY-MM-DD, or the deadline is not in the future.
        BadPolicy: a policy setting is unknown or out of range.
    """
    opened_on = _day(form, "opened_on") if form.get("opened_on") else today
    policy = form.get("policy") or {}
    texts = ("exit_id", "merchant", "marketplace_conn", "desk_conn", "dock_conn", "destination", "currency")
    return Exit(
        **{name: str(form[name]) for name in texts},
        opened_on=opened_on,
        deadline_on=_day(form, "deadline_on"),
        policy=Policy.of(policy if isinstance(policy, Mapping) else {}),
    )


def _day(form: Mapping[str, object], name: str) -> date:
    try:
        return date.fromisoformat(str(form[name]))
    except ValueError as wrong:
        msg = f"{name} is {form[name]!r}; write a date as YYYY-MM-DD"
        raise BadExit(msg) from wrong
