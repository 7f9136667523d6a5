"""What a start remembers of the one before."""

from pathlib import Path

import pytest

from include.local.stack import remember


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "input"


def test_exports_keep_their_folder(note: Path, tmp_path: Path) -> None:
    """A start without INPUT still knows the folder of the exports given before."""
    (tmp_path / "shop").mkdir()
    assert remember(note, tmp_path / "shop") == tmp_path / "shop"
    assert remember(note, None) == tmp_path / "shop"


def test_no_folder_was_ever_given(note: Path) -> None:
    """Without exports there is nothing to remember."""
    assert remember(note, None) is None


def test_folder_is_gone(note: Path, tmp_path: Path) -> None:
    """A folder that was removed since does not stop the next start."""
    note.write_text(str(tmp_path / "gone"))
    assert remember(note, None) is None
