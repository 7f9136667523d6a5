"""Bad input and broken surroundings: a clear message on the run, and nothing half-written."""

import re
from datetime import UTC, datetime, timedelta

from tests.e2e.file_exports import STOCK, exports_office, write_day
from tests.e2e.people import Office, end, note


def test_file_exports_block_clear_repeat_and_contradict(stack):
    """A pending order blocks and is named; the next day clears; a file counts once; another past is refused."""
    folder = stack.wish.input_folder
    write_day(folder, "2010-12-07", status="awaiting_packaging", lamps=40)
    write_day(folder, "2010-12-08", status="delivered", lamps=40)
    office = exports_office(stack, "files", "File merchant")
    assert office.open().state() == "success"

    office.snapshot(as_of="2010-12-07")
    blocked = office.plan()
    assert end(blocked) == "failed"
    assert re.search(
        r"GateBlocked: 1 postings with 2 pieces are pending \(1 awaiting_packaging\): P-2", note(blocked)
    )

    office.snapshot(as_of="2010-12-08")
    done = office.answer(office.plan(), "Approve")
    assert done.state() == "success"
    stack.wait_for("the return requests", lambda: office.has_runs("reconcile_returns"))
    requested = office.rows(
        "select sum(requested_qty) as qty from return_line join return_request using (request_id)"
        " where exit_id = :exit_id"
    )
    planned = office.rows(
        "select sum(planned_qty) as qty from plan_line join plan using (plan_id)"
        " where exit_id = :exit_id and disposition = 'return'"
    )
    assert requested == planned
    assert requested[0]["qty"] > 0

    again = office.snapshot(as_of="2010-12-08")
    assert again.state() == "success"
    assert not again.succeeded("snapshot.publish")

    write_day(folder, "2010-12-08", status="delivered", lamps=39)
    other = office.snapshot(as_of="2010-12-08")
    assert other.state() == "failed"
    assert "F_PERIOD" in note(other)
    valid = office.rows("select snapshot_id from snapshot where exit_id = :exit_id and state = 'valid'")
    assert len(valid) == 2


def test_an_unreadable_file_is_named_and_the_snapshot_before_stays(stack):
    """Wrong encoding, wrong columns, an empty file and a missing day: the run names file, code and fix."""
    folder = stack.wish.input_folder
    write_day(folder, "2010-11-29", status="delivered", lamps=40)
    office = exports_office(stack, "unreadable", "Clumsy merchant")
    office.open()
    assert office.snapshot(as_of="2010-11-29").state() == "success"
    in_force = "select snapshot_id from snapshot where exit_id = :exit_id and state = 'valid'"
    before = office.rows(in_force)
    office.answer(office.plan(), "Reject")
    broken = {
        "F_ENC": STOCK.format(day="2010-11-30", lamps=1).replace("WH-A", "Склад").encode("cp1251"),
        "F_SCHEMA": STOCK.format(day="2010-11-30", lamps=1).replace("quantity", "qty").encode(),
        "F_EMPTY": b"",
    }
    write_day(folder, "2010-11-30", status="delivered", lamps=1)
    for code, content in broken.items():
        (folder / "2010-11-30" / "stock.csv").write_bytes(content)
        run = office.snapshot(as_of="2010-11-30")
        assert run.state() == "failed"
        assert code in note(run)
        assert "stock.csv" in note(run)
    missing = office.snapshot(as_of="2010-11-28")
    assert "F_MISSING" in note(missing)
    assert office.rows(in_force) == before


def test_what_was_typed_wrong_is_named(stack):
    """Unknown exit, deadline in the past, missing connection, unknown setting or parameter: each on its run."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    unknown = Office(stack, "nowhere").snapshot()
    assert "UnknownExit" in note(unknown)
    assert "nowhere" in note(unknown)
    assert "is not after" in note(Office(stack, "late", deadline_on=yesterday).open())
    lost = Office(stack, "lost", desk_conn="no_such_desk").open()
    assert "the Airflow connection 'no_such_desk' is missing" in note(lost)
    typo = Office(stack, "typo", policy={"discount_pc": 10}).open()
    assert "unknown policy setting 'discount_pc'" in note(typo)
    misspelt = Office(stack, "nobody").ended("take_snapshot", {"exit": "nobody"})
    assert "take_snapshot has no parameter 'exit'" in note(misspelt)


def test_a_marketplace_that_is_down_is_tried_again_and_then_named(stack):
    """The run fails after its retries, says which address did not answer, and no snapshot is in force."""
    office = Office(stack, "down")
    office.open()
    stack.world.faults(ozon={"down": True})
    try:
        run = office.snapshot()
    finally:
        stack.world.faults(calm=True)
    assert run.state() == "failed"
    assert [task["try_number"] for task in run.tasks() if task["state"] == "failed"] == [3]
    assert f"127.0.0.1:{stack.settings.sandbox.port}" in note(run)
    assert office.rows("select 1 from snapshot where exit_id = :exit_id and state = 'valid'") == []
    assert office.snapshot().state() == "success"
    office.answer(office.plan(), "Reject")
