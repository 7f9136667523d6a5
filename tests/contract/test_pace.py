"""Turns at a rate, shared by the processes of a host."""

import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from include.winddown.adapters import buckets
from include.winddown.adapters.buckets import Bucket
from include.winddown.adapters.marketplaces.ozon_pace import OzonPace
from include.winddown.adapters.turns import NoTurn
from include.winddown.domain.errors import BadConnection

ROOT = Path(__file__).parents[2]
RATE = 200
CATCH_UP = 3
COUNT = 120
TAKER = """
import sys, time
from pathlib import Path
from include.winddown.adapters.buckets import Bucket
bucket = Bucket(Path(sys.argv[1]), 1 / float(sys.argv[2]), int(sys.argv[3]))
for _ in range(int(sys.argv[4])):
    asked = time.monotonic()
    wait_s = bucket.reserve()
    time.sleep(wait_s)
    print(asked + wait_s)
"""


def taking(path: Path) -> "subprocess.Popen[str]":
    words = [sys.executable, "-c", TAKER, str(path), str(RATE), str(CATCH_UP), str(COUNT)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_share_one_rate(tmp_path: Path):
    """Two processes that take as fast as they can stay within rate and catch-up together."""
    path = tmp_path / "bucket"
    with taking(path) as one, taking(path) as other:
        slots = sorted(float(line) for line in "".join(p.communicate()[0] for p in (one, other)).split())
    assert len(slots) == 2 * COUNT
    for width in (10, 50, 100, 2 * COUNT):
        spans = [late - early for early, late in zip(slots, slots[width - 1 :], strict=False) if late > early]
        assert min(spans) >= (width - 1 - CATCH_UP) / RATE - 0.01


def test_a_file_of_an_earlier_boot_blocks_nobody(tmp_path: Path):
    """A slot written before the machine was started again is no slot."""
    path = tmp_path / "bucket"
    path.write_bytes(buckets._STATE.pack(b"another boot".ljust(36), time.monotonic() + 100))
    assert Bucket(path, 1).reserve() == 0


@pytest.mark.parametrize("content", [b"", b"cut", b"x" * 200])
def test_a_damaged_file_blocks_nobody(tmp_path: Path, content: bytes):
    """What nobody can have written counts as nothing."""
    path = tmp_path / "bucket"
    path.write_bytes(content)
    assert Bucket(path, 1).reserve() == 0


def test_a_turn_too_far_away_is_not_waited_for(tmp_path: Path):
    """Who would have to wait for minutes is told so, and takes nothing."""
    bucket = Bucket(tmp_path / "bucket", 100)
    assert (bucket.reserve(), round(bucket.reserve())) == (0, 100)
    for _ in range(2):
        with pytest.raises(NoTurn, match="the next turn is 200 s away"):
            bucket.reserve()


def test_a_hold_is_for_everybody_and_for_its_method_only(tmp_path: Path):
    """A method that is held waits in every process; another method goes on, unless the rate was hit."""
    folder = tmp_path / "pace"
    OzonPace(folder, "77").hold("/v1/held", 0.3, is_rate=False)
    pace = OzonPace(folder, "77")
    start = time.monotonic()
    pace.wait("/v1/free")
    free_s = time.monotonic() - start
    pace.wait("/v1/held")
    assert free_s < 0.2 <= time.monotonic() - start
    pace.hold("/v1/free", 0.3, is_rate=True)
    start = time.monotonic()
    pace.wait("/v1/other")
    assert time.monotonic() - start >= 0.2


def test_no_file_name_tells_the_cabinet(tmp_path: Path):
    """The folder is ours alone and its names are digests."""
    folder = tmp_path / "pace"
    OzonPace(folder, "client-77").wait("/v1/roles")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not any("client" in path.name for path in folder.iterdir())


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path):
    """A folder others can write to, or a link, is not used."""
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(folder)
    for name in ("open", "link"):
        with pytest.raises(BadConnection, match="folder of our own"):
            OzonPace(tmp_path / name, "77").wait("/v1/roles")
