"""A shortage in real Airflow: found, claimed with its evidence, handed over, paid, and booked."""

import hashlib
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

from include.local.runs import Run
from tests.e2e.file_exports import put_up
from tests.e2e.people import Office, end

MISSING = 2
PAID_MINOR = 1_550
WHY = "the partner's letter says that it pays"
LINES = """
select request_no, sku, condition, accepted_qty
from return_request join return_line using (request_id)
where exit_id = :exit_id and accepted_qty > 0 order by accepted_qty desc, request_no, sku, condition
"""


def ship_short(office: Office) -> dict[str, Any]:
    """Ship what was agreed to and count all but some pieces of one line; gives that line."""
    lines, now = office.rows(LINES), datetime.now(UTC)
    sent, counted = (now - timedelta(days=2)).isoformat(), (now - timedelta(days=1)).isoformat()
    mirror = office.stack.mirror
    assert mirror
    for number, line in enumerate(lines):
        goods = {name: line[name] for name in ("request_no", "sku", "condition")}
        parcel = {"carton_id": f"K-{number}", "tracking_number": f"1Z{number}", "happened_at": sent}
        mirror.report("partner", goods | parcel | {"kind": "shipped", "quantity": line["accepted_qty"]})
        here = line["accepted_qty"] - (0 if number else MISSING)
        mirror.report("dock", goods | {"kind": "received_ok", "quantity": here, "counted_at": counted})
    for request_no in {line["request_no"] for line in lines}:
        mirror.report("dock", {"request_no": request_no, "kind": "count_closed", "counted_at": counted})
    return lines[0]


def started(office: Office, dag_id: str, conf: dict[str, str]) -> Run:
    api = office.stack.api("operator")
    return Run(api, dag_id, api.trigger(dag_id, conf), office.stack.crew.check)


def booked(office: Office, line: dict[str, Any]) -> dict[str, int]:
    """Where the books have the pieces of a line that are not received."""
    (row,) = office.rows(
        "select received_ok_qty, lost_qty, compensated_qty from booked_line"
        " where exit_id = :exit_id and request_no = :request_no and sku = :sku and condition = :condition",
        **{name: line[name] for name in ("request_no", "sku", "condition")},
    )
    return row


def test_a_shortage_is_claimed_and_paid(stack):
    """From the return that came short to its compensation in the books, each step by a named person."""
    office, plan = put_up(stack, "claims")
    office.answer(plan, "Approve")
    stack.wait_for("the requests", lambda: bool(office.rows(LINES)))
    stack.wait_for("create_returns", lambda: office.has_runs("create_returns"))
    end(Run(stack.api("operator"), "create_returns", office.run_ids("create_returns")[0], stack.crew.check))
    line = ship_short(office)
    assert office.ended("reconcile_returns", {"exit_id": office.exit_id}).state() == "success"
    here = line["accepted_qty"] - MISSING
    assert booked(office, line) == {"received_ok_qty": here, "lost_qty": MISSING, "compensated_qty": 0}

    claiming = started(office, "claim_returns", {"exit_id": office.exit_id})
    states = "select state, decided_by from discrepancy where exit_id = :exit_id and stake = 'claim'"
    office.insist(claiming, lambda: office.rows(states)[0]["state"] == "claimed", "Approve")
    assert end(claiming) == "success"
    (claim,) = office.rows("select claim_id, digest, handed_over_by from claim where exit_id = :exit_id")
    assert claim["handed_over_by"] == "approver"
    (pack,) = stack.crew.var.rglob(f"{office.exit_id}/claims/{claim['claim_id']}-*.zip")
    assert hashlib.sha256(pack.read_bytes()).hexdigest() == claim["digest"]
    with zipfile.ZipFile(pack) as content:
        assert any(name.endswith(".docx") for name in content.namelist())

    settling = started(office, "settle_claim", {"exit_id": office.exit_id, "claim": claim["claim_id"][:8]})
    paid = {"amount_minor": str(PAID_MINOR), "pieces": "", "reference": "P-7", "only": "", "why": WHY}
    office.insist(settling, lambda: office.rows(states)[0]["state"] == "paid", "Paid in money", **paid)
    assert end(settling) == "success"
    assert office.rows(states) == [{"state": "paid", "decided_by": "approver"}]
    assert office.rows(
        "select cash_minor, reference, by_user from claim_settlement where exit_id = :exit_id"
    ) == [{"cash_minor": PAID_MINOR, "reference": "P-7", "by_user": "approver"}]
    stack.wait_for("the books", lambda: booked(office, line)["compensated_qty"] == MISSING)
    assert booked(office, line) == {"received_ok_qty": here, "lost_qty": 0, "compensated_qty": MISSING}
