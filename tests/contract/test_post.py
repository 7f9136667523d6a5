"""One post for Ozon: paced, repeated only when that changes nothing, logged without its content."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.http import Line, Peer, PeerDown
from include.winddown.adapters.marketplaces.ozon_pace import OzonPace
from include.winddown.domain.errors import BadConnection, MarketplaceRefused, OutcomeUnknown
from tests.contract.tiny_server import Answer, Tiny, tiny

QUICK = Limits(connect_s=1, read_s=1, total_s=1, attempts=3, deadline_s=5, pause_max_s=2, bytes_max=10_000)
OK = Answer(body={"done": True}, headers={"x-o3-trace-id": "trace-1\u00ad"})
BUSY = Answer(body={"code": 8, "message": "rate limit"}, status=429, headers={"Retry-After": "1"})
CIRCLE = Answer(body={"code": 14, "message": "Circle is open"}, status=503)


@contextmanager
def line_to(tmp_path: Path, *answers: Answer, **limits: Any) -> Iterator[tuple[Line, Tiny]]:
    waiting = list(answers)
    with tiny(lambda _path, _body: waiting.pop(0) if waiting else OK) as server:
        peer = Peer(
            who="the marketplace",
            address=server.address,
            headers={"Client-Id": "client-77", "Api-Key": "secret-key"},
            refusal=MarketplaceRefused,
            fix="check the key",
            limits=replace(QUICK, **limits),
            pace=OzonPace(tmp_path / "pace", "client-77"),
        )
        with peer.line() as line:
            yield line, server


@pytest.mark.fault("F23", "S2")
@pytest.mark.parametrize("passing", [BUSY, Answer(body={}, status=500), Answer(body={}, status=0)])
def test_a_repeatable_post_is_repeated(tmp_path: Path, passing: Answer):
    """Throttling, a server error and a cut are borne when a second post changes nothing."""
    with line_to(tmp_path, passing) as (line, server):
        reply, _ = line.post("/v1/x", {"a": 1}, repeatable=True)
    assert reply["done"].flag()
    assert [body for _, body, _ in server.asked] == [{"a": 1}] * 2


@pytest.mark.parametrize(
    "passing", [Answer(body={}, status=500), Answer(body={}, status=0), Answer(body=b"<html>")]
)
def test_a_post_that_must_not_be_repeated_may_have_been_done(tmp_path: Path, passing: Answer):
    """A reply that proves nothing is said to prove nothing, and nothing is sent again."""
    with (
        line_to(tmp_path, passing) as (line, server),
        pytest.raises(OutcomeUnknown, match=r"may or may not have done POST /v1/x.*look it up"),
    ):
        line.post("/v1/x", {}, repeatable=False)
    assert len(server.asked) == 1


def test_a_throttled_post_was_not_done(tmp_path: Path):
    """429 proves that nothing was done, so a later run may send it."""
    with line_to(tmp_path, BUSY) as (line, server), pytest.raises(PeerDown, match="429"):
        line.post("/v1/x", {}, repeatable=False)
    assert len(server.asked) == 1


def test_an_open_circle_is_a_pause_for_everybody(tmp_path: Path):
    """A method that is switched off is left alone for a while, by other tasks of the host too."""
    with line_to(tmp_path, CIRCLE) as (line, server):
        with pytest.raises(PeerDown, match="Circle is open"):
            line.post("/v1/x", {}, repeatable=True)
        assert len(server.asked) == 1
    pace = OzonPace(tmp_path / "pace", "client-77")
    assert pace._of_method("/v1/x").reserve() > 5
    assert pace._of_method("/v1/y").reserve() == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_line_99_a_redirect_is_refused_and_never_followed(tmp_path: Path, status: int):
    """A read says where it would have led and what to correct; nobody is asked there."""
    with line_to(tmp_path) as (_, elsewhere):
        away = Answer(body={}, status=status, headers={"Location": f"{elsewhere.address}/v1/x?key=hunter2"})
        with line_to(tmp_path, away) as (line, server), pytest.raises(BadConnection) as refused:
            line.post("/v1/x", {}, repeatable=True)
    assert str(refused.value) == (
        f"the marketplace at {server.address} sends POST /v1/x on to 127.0.0.1 (status {status}), and nothing"
        " is sent on: give the address that answers itself in its connection, or ask who stands in between"
    )
    assert (len(server.asked), elsewhere.asked) == (1, [])


def test_line_99_a_redirected_write_may_have_been_done(tmp_path: Path):
    """It is neither followed nor sent again; it is to be looked up."""
    away = Answer(body=b"", status=307, headers={"Location": "https://[broken"})
    with (
        line_to(tmp_path, away) as (line, server),
        pytest.raises(
            OutcomeUnknown, match=r"may or may not have done POST /v1/x \(it is sent on .*look it up"
        ),
    ):
        line.post("/v1/x", {}, repeatable=False)
    assert len(server.asked) == 1


def test_tries_end_at_the_deadline(tmp_path: Path):
    """All tries of one read end together, however patient each is."""
    with (
        line_to(tmp_path, BUSY, BUSY, BUSY, attempts=9, deadline_s=1.5) as (line, server),
        pytest.raises(PeerDown),
    ):
        line.post("/v1/x", {}, repeatable=True)
    assert len(server.asked) == 2


def test_a_reply_without_end_is_not_read(tmp_path: Path):
    """A reply beyond the byte cap is given up."""
    with (
        line_to(tmp_path, *[Answer(body=b"x" * 50_000)] * 3) as (line, _),
        pytest.raises(PeerDown, match="larger than 10000 bytes"),
    ):
        line.post("/v1/x", {}, repeatable=True)


def test_the_log_names_each_try_and_shows_no_content(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Method, path, status, time, our number and their trace id; no key, no header, no body."""
    with caplog.at_level(logging.INFO), line_to(tmp_path, BUSY) as (line, _):
        line.post("/v1/x", {"secret": "body-text"}, repeatable=True)
    first, second = [r.message for r in caplog.records if "POST /v1/x" in r.message]
    assert "-> 429" in first
    assert "-> 200" in second
    assert "trace trace-1" in second
    number = first.split("request ")[1].split(",")[0]
    assert number in second
    assert not any(word in caplog.text for word in ("client-77", "secret-key", "body-text", "\u00ad"))
