"""The secrets of one var/."""

import json
import stat
from pathlib import Path

from include.local.keys import FILE, load_or_generate
from include.local.settings import USERS


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """The second start has those of the first; nobody else reads them."""
    made, is_new = load_or_generate(tmp_path)
    assert is_new
    assert set(made.passwords) == set(USERS)
    assert load_or_generate(tmp_path) == (made, False)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_user_that_is_new_gets_a_password(tmp_path: Path) -> None:
    """A var/ from before goes on; the passwords it has stay."""
    made, _ = load_or_generate(tmp_path)
    kept = json.loads((tmp_path / FILE).read_text())
    del kept["passwords"]["approver2"]
    (tmp_path / FILE).write_text(json.dumps(kept))
    again, is_new = load_or_generate(tmp_path)
    assert not is_new
    assert set(again.passwords) == set(USERS)
    assert {**again.passwords, "approver2": ""} == {**made.passwords, "approver2": ""}
    assert load_or_generate(tmp_path) == (again, False)
