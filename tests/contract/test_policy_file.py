"""Where an exit's policy file may lie, and what it is for the exit."""

import re
from datetime import date
from pathlib import Path

import pytest

from include.winddown.domain.errors import BadPolicy
from include.winddown.runtime import doors
from include.winddown.steps.open_exit import POLICIES, read_form

FORM: dict[str, object] = {
    "exit_id": "demo-1",
    "merchant": "Demo merchant",
    "marketplace_conn": "shop",
    "desk_conn": "desk",
    "dock_conn": "dock",
    "destination": "OWN-WH-1",
    "currency": "RUB",
    "opened_on": "2026-03-01",
    "deadline_on": "2026-06-01",
}
TODAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of policy files in the store: one good, one with a typo, and a file beside the folder."""
    monkeypatch.setattr(doors, "store_root", lambda: tmp_path)
    folder = tmp_path / POLICIES
    folder.mkdir()
    (folder / "good.yaml").write_text("prices:\n  discount_max_pct: 40\n", encoding="utf-8")
    (folder / "bad.yaml").write_text("prices:\n  cap: 40\n", encoding="utf-8")
    (tmp_path / "beside.yaml").write_text("rows_bad_max: 3\n", encoding="utf-8")
    return folder


def test_the_policy_may_come_from_a_file_of_the_store(policies: Path) -> None:
    """Its settings are copied into the exit: the file may go afterwards."""
    opened = read_form(FORM | {"policy_file": "good.yaml"}, TODAY)
    (policies / "good.yaml").unlink()
    assert opened.policy.prices.discount_max_pct == 40


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"policy_file": "../beside.yaml"}, "and no path"),
        ({"policy_file": "/etc/passwd"}, "and no path"),
        ({"policy_file": "good.yaml\n"}, "and no path"),
        ({"policy_file": 7}, "and no path"),
        ({"policy_file": "none.yaml"}, "cannot be read"),
        ({"policy_file": "bad.yaml"}, "bad.yaml, line 2: unknown policy setting 'prices.cap'"),
        ({"policy_file": "good.yaml", "policy": {"rows_bad_max": 3}}, "both given"),
    ],
)
def test_no_other_file_is_read_as_a_policy(given: dict[str, object], message: str) -> None:
    """Only a plain name in one folder; an error in the file has its line."""
    with pytest.raises(BadPolicy, match=re.escape(message)):
        read_form(FORM | given, TODAY)
