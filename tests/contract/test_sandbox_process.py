"""The sandbox as a process: it remembers, it ends when told, and it says why it does not start."""

import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.sandbox_server import ROOT, named, running


def test_a_restart_continues_the_same_world(tmp_path: Path):
    """The state file brings back time, goods, requests, events and tokens; it is for its owner only."""
    file = tmp_path / "world.json"
    arguments = ("--seed", "9", "--size", "20", "--state", str(file))
    with running(*arguments) as world:
        world.desk().create(world.request("r", qty=5))
        world.advance(4)
        before = (world.truth(shelves=True), world.stock(), list(world.desk().events()))
        first = world.greeting
    with running(*arguments) as world:
        assert (world.truth(shelves=True), world.stock(), list(world.desk().events())) == before
        anew = {"address": "", "smtp_port": ""}
        assert {**world.greeting, **anew} == {**first, **anew}
        assert world.desk().create(world.request("r", qty=5)).accepted is None
        assert Path(world.greeting["costs_csv"]).read_bytes() == world.http.get("/world/costs.csv").content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["world.costs.csv", "world.json"]


def test_nothing_acknowledged_is_forgotten_by_a_kill(tmp_path: Path):
    """A request that was answered is in the file, even if the process is killed right after."""
    arguments = ("--seed", "9", "--size", "10", "--state", str(tmp_path / "world.json"))
    with running(*arguments) as world:
        assert world.desk().create(world.request("r")).accepted is not None
        world.process.kill()
    with running(*arguments) as world:
        assert len(world.desk().find(named("r")).matches) == 1


def run_refused(*arguments: str) -> str:
    command = [sys.executable, "-m", "include.sandbox", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0
    assert done.stdout == ""
    return done.stderr


def test_another_seed_than_the_files_is_refused(tmp_path: Path):
    """A state file is never mistaken for another world; the message says which seed it has."""
    file = tmp_path / "world.json"
    with running("--seed", "9", "--size", "5", "--state", str(file)):
        pass
    assert "start with --seed 9" in run_refused("--seed", "1", "--state", str(file))


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"seed": 1, "products": [{}]}'])
def test_a_broken_state_file_is_refused(tmp_path: Path, content: str):
    """A file that holds no world is named and left as it is."""
    file = tmp_path / "world.json"
    file.write_text(content)
    assert "is not the file of a world" in run_refused("--seed", "1", "--state", str(file))
    assert file.read_text() == content


def test_a_taken_port_is_named():
    """A port in use ends the start with a sentence."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        assert f"port {port} is taken" in run_refused("--port", port)


def test_sigterm_ends_it_even_while_a_peer_waits():
    """A connection that is left hanging does not keep the server alive."""
    with running("--seed", "9", "--size", "5") as world:
        world.faults(partner={"hang": True})
        assert not world.desk().find(named("r")).complete
        world.process.send_signal(signal.SIGTERM)
        assert world.process.wait(timeout=10) in (0, -signal.SIGTERM)
