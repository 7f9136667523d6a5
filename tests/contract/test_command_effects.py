"""`bin/winddown effects` on a real database."""

import subprocess
import sys
from pathlib import Path

import pytest

from include.winddown.adapters.stores.effects import EffectLedger
from tests.contract.intents import KEY, OTHER, intent

ROOT = Path(__file__).parents[2]


def run(database: str, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "include.winddown.cli", "effects", "--database", database, *arguments]
    env = {"COLUMNS": "200", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_what_is_open_is_listed_with_the_reason(ledger: EffectLedger, database_url: str):
    """State, how long, how often it may have been sent, what was said last; and who holds the goods."""
    ledger.intend(intent(OTHER, request={"shipment_no": "WH-2-standard-002"}))
    ledger.escalate(KEY, ledger.claim(KEY, 60), "the desk holds RR-8, RR-9", ["RR-8", "RR-9"])
    code, out = run(database_url)
    assert code == 0
    assert KEY[:12] in out
    assert "escalated" in out
    assert "the desk holds RR-8, RR-9" in out
    assert "waits for another one on the same goods" in out
    assert "1 escalated, 1 ready" in out
    assert "Nothing is open" in run(database_url, "--exit", "other")[1]


def test_one_effect_is_shown_with_its_history(ledger: EffectLedger, database_url: str):
    """Every try and every note, in order."""
    ledger.escalate(KEY, ledger.claim(KEY, 60), "the desk holds RR-8, RR-9", ["RR-8", "RR-9"])
    code, out = run(database_url, "show", KEY[:8])
    assert (code, KEY in out) == (0, True)
    assert out.index("try 1: unknown") < out.index("escalated: the desk holds")


def test_freezing_is_said_on_every_list(ledger: EffectLedger, database_url: str):
    """Who and why; claims are refused from then on."""
    assert run(database_url, "freeze", "--by", "Vera", "--why", "a wrong price went out")[0] == 0
    assert "The ledger is frozen: a wrong price went out (Vera)" in run(database_url)[1]
    assert ledger.claim(KEY, 60) is None


@pytest.mark.parametrize(
    ("database", "arguments", "words"),
    [
        ("", (), "which database?"),
        ("postgresql://nobody@127.0.0.1:9/none", (), "cannot be reached"),
    ],
)
def test_a_database_that_is_none_is_named(database: str, arguments: tuple[str, ...], words: str):
    """One sentence, and code 2."""
    code, out = run(database, *arguments)
    assert (code, words in out, "Traceback" in out) == (2, True, False)


def test_an_effect_that_is_not_open_is_named(ledger: EffectLedger, database_url: str):
    """With where to look."""
    assert ledger.get(KEY)
    code, out = run(database_url, "show", "ffff")
    assert (code, "0 open effects begin with 'ffff'" in out) == (2, True)
