"""Prices in real Airflow: a list for a person, and a later plan that the last approval covers."""

import csv
from datetime import UTC, datetime, timedelta

from tests.e2e.file_exports import LAMPS, PRICES, exports_office, write_day
from tests.e2e.people import end


def test_a_plan_within_the_corridor_is_carried_out_without_a_question(stack):
    """Once the list is imported the next plan goes on from the full prices: nothing more goes back, nobody is asked."""
    today = datetime.now(UTC).date()
    day, deadline = (today - timedelta(days=1)).isoformat(), (today + timedelta(days=70)).isoformat()
    told = {
        "status": "delivered",
        "lamps": LAMPS,
        "sold": ((today - timedelta(days=20)).isoformat(), (today - timedelta(days=15)).isoformat()),
    }
    write_day(stack.wish.input_folder, day, **told)
    policy = {"prices": {"corridor_pct": 10}}
    form = {"policy": policy, "opened_on": day, "deadline_on": deadline}
    office = exports_office(stack, "corridor", "Approved merchant", **form)
    assert office.open().state() == "success"
    assert office.snapshot(as_of=day).succeeded("snapshot.publish")
    run = office.plan()
    assert "covers later plans" in office.question(run)["body"]
    office.answer(run, "Approve")
    folder = stack.settings.var / "store" / "corridor" / "price-lists"
    stack.wait_for("the list of prices", lambda: list(folder.glob("prices-*.csv")))
    stack.wait_for(
        "the returns", lambda: office.rows("select 1 from return_request where exit_id = :exit_id")
    )
    [made] = folder.glob("prices-*.csv")
    listed = {row["offer_id"]: row["price"] for row in csv.DictReader(made.read_text("utf-8").splitlines())}
    assert listed

    write_day(stack.wish.input_folder, day, **told, prices=PRICES | listed)
    assert office.snapshot(as_of=day).succeeded("snapshot.publish")
    later = office.plan()
    assert end_or_question(office, later) == "success"
    assert later.succeeded("seal")
    assert not later.succeeded("approve")
    assert office.plan_states() == ["approved", "within"]


def end_or_question(office, run) -> str:
    """Wait for the end; a question would be waited for in vain."""
    office.stack.wait_for(
        "the end of the plan",
        lambda: run.state() in {"success", "failed"} or run.api.open_question(run.dag_id, run.run_id),
    )
    assert run.api.open_question(run.dag_id, run.run_id) is None
    return end(run)
