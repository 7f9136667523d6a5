"""What an API may do wrong although it answers: through the adapters, by a tiny server and by the sandbox."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from include.winddown.adapters.docks.dock_api import DockApi
from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.http import DEFAULT_LIMITS, PeerDown
from include.winddown.adapters.marketplaces import ozon_reports as reports
from include.winddown.adapters.marketplaces import ozon_writes as writes
from include.winddown.adapters.marketplaces.ozon_stocks import read_totals
from include.winddown.adapters.pages import ListIncomplete
from include.winddown.adapters.ports import Pull
from include.winddown.domain.errors import ContractBroken, MarketplaceRefused, OutcomeUnknown
from include.winddown.domain.frames import TOTALS
from tests.contract.sandbox_server import Sandbox, running
from tests.contract.test_ozon import rows_of
from tests.contract.test_ozon_union import peer_of
from tests.contract.tiny_server import Answer, Tiny, tiny

ITEM = {
    "product_id": 1,
    "offer_id": "A",
    "stocks": [{"type": "fbp", "present": 5, "reserved": 1, "sku": 77}],
}
LOGIN_PAGE = b"<!DOCTYPE html><html><body>Are you a robot?</body></html>"
IMPATIENT = Limits(connect_s=1, read_s=1, total_s=1, attempts=2, bytes_max=100_000)


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "3") as started:
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


def totals(*items: Any, **more: Any) -> dict[str, Any]:
    """A whole list of totals as Ozon tells it."""
    return {"items": list(items), "cursor": "", "total": len(items)} | more


def read_from(*answers: Answer) -> tuple[list[dict[str, Any]], Tiny]:
    """Read totals from answers in a row, the last one again and again."""
    waiting = list(answers)
    with tiny(lambda _path, _body: waiting.pop(0) if len(waiting) > 1 else waiting[0]) as server:
        pull = Pull(frame=TOTALS, batches=())
        pull.batches = read_totals(peer_of(server), pull)
        return rows_of(pull), server


def cancelled(answer: Answer) -> tuple[writes.ItemAnswer, Tiny]:
    """Cancel a supply, answered like this."""
    with tiny(lambda _path, _body: answer) as server, peer_of(server).line() as line:
        return writes.cancel_supply(line, "direct", "s-1"), server


@pytest.mark.fault("F20", "S11")
@pytest.mark.parametrize("state", [" Closed ", "ЗАКРЫТО", "возвращено  продавцу", "Closed?", ""])
def test_line_91_an_unknown_state_stays_a_word(state: str):
    """Blanks around and capitals aside it stays as it came: no word means that a removal is over."""
    box = {"box_id": 0, "box_state": state}
    row = box | {"return_id": "7", "sku": "77", "return_state": state, "quantity_for_return": 4}
    given = [{"returns_summary_report_rows": rows, "last_id": ""} for rows in ([row], [])]
    today = datetime.now(UTC).date()
    with (
        tiny(lambda path, _body: Answer(body=given["from-supply" in path])) as server,
        peer_of(server).line() as line,
    ):
        (found,) = reports.removals(line, today - timedelta(days=30), today)
    assert (found.return_state, found.box_state) == (state.strip().lower(),) * 2


@pytest.mark.fault("F20", "S12")
@pytest.mark.parametrize("kind", ["COUNT_CLOSED", " count_closed", "count_closed ", "closed"])
def test_line_91_a_word_like_closed_closes_no_count(kind: str):
    """The end of a count is one word exactly; another one is named, and nothing counts as missing."""
    entry = {"count_id": "C-1", "request_no": "R-1", "kind": kind, "counted_at": "2026-11-20T10:00:00Z"}
    entry |= {"sku": "", "condition": "", "quantity": 0}
    with (
        tiny(lambda _path, _body: Answer(body={"items": [entry], "next_cursor": ""})) as server,
        pytest.raises(ContractBroken, match=rf"kind is '{kind}'; expected one of .*count_closed"),
    ):
        list(DockApi(server.address, "token", IMPATIENT).events())


def test_line_92_an_id_may_be_a_number_or_a_text():
    """The same row either way; zeros in front of a text stay."""
    rows = [
        read_from(Answer(body=json.loads(json.dumps(totals(ITEM)).replace('"sku": 77', f'"sku": {sku}'))))[0]
        for sku in ("77", '"77"', '"077"')
    ]
    assert rows[0] == rows[1]
    assert [row["sku"] for (row,) in rows] == ["77", "77", "077"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ('"present": 5|"present": null', r"items\[0\]\.stocks\[0\]\.present is 'None'"),
        ('"present": 5, |', r"items\[0\]\.stocks\[0\]\.present is 'missing'"),
        ('"sku": 77|"sku": null', r"items\[0\]\.stocks\[0\]\.sku is 'None'"),
        ('"items"|"rows"', r"reply\.items is 'missing'"),
        ('"cursor": "", |', r"reply\.cursor is 'missing'"),
        ('"stocks": [|"stocks": null, "more": [', r"items\[0\]\.stocks is 'None'; expected a list"),
    ],
)
def test_line_93_a_missing_field_or_null_is_named_with_its_path(change: str, path: str):
    """The method and the JSON path are in the message; a field nobody knows is no matter."""
    new = totals(ITEM | {"required_from_tomorrow": {"a": [1]}})
    assert len(read_from(Answer(body=new))[0]) == 1
    before, after = change.split("|")
    body = json.dumps(new).replace(before, after)
    assert body != json.dumps(new)
    with pytest.raises(ContractBroken, match=r"POST /v4/product/info/stocks: .*" + path):
        read_from(Answer(body=body.encode()))


@pytest.mark.parametrize(
    ("pages", "asked"),
    [
        ([totals(ITEM, cursor="a", total=9), totals(ITEM, cursor="b", total=9)], 2),
        ([totals(ITEM, cursor="a", total=9), totals(ITEM | {"product_id": 2}, cursor="a", total=9)], 2),
    ],
)
def test_line_94_a_page_or_a_cursor_that_repeats_ends_the_read(pages: list[dict[str, Any]], asked: int):
    """After one repetition nothing more is asked; the list is incomplete and nothing of it is used."""
    questions: list[object] = []

    def answer(_path: str, body: dict[str, Any]) -> Answer:
        questions.append(body)
        return Answer(body=pages[min(len(questions), len(pages)) - 1])

    pull = Pull(frame=TOTALS, batches=())
    with tiny(answer) as server:
        pull.batches = read_totals(peer_of(server), pull)
        with pytest.raises(ListIncomplete, match="the list is incomplete"):
            rows_of(pull)
    assert (len(questions), pull.sources) == (asked, [])


def test_line_95_an_error_in_a_200_is_an_error():
    """Code and message are no data: a read and a write are refused with Ozon's words, asked once."""
    obsolete = Answer(body={"code": 9, "message": "obsolete method cannot be used"})
    for call in (read_from, cancelled):
        with pytest.raises(MarketplaceRefused, match=r"POST .* is refused .*obsolete method"):
            call(obsolete)


@pytest.mark.parametrize("page", [LOGIN_PAGE, b"", b"OK"])
def test_line_96_a_page_for_people_is_no_answer(page: bytes):
    """A read is tried again and goes on; of a write nobody knows what it did, and it is sent once."""
    plain, calm = read_from(Answer(body=totals(ITEM)))
    rows, server = read_from(Answer(body=page), Answer(body=totals(ITEM)))
    assert (rows, len(server.asked)) == (plain, len(calm.asked) + 1)
    with pytest.raises(OutcomeUnknown, match="look it up before it is sent again"):
        cancelled(Answer(body=page))


def test_line_97_a_reply_without_end_is_given_up(sandbox: Sandbox):
    """A byte cap and a time for the whole reply, however lively it drips; the message has the limit."""
    assert (DEFAULT_LIMITS.bytes_max, DEFAULT_LIMITS.total_s) == (50_000_000, 60)
    shop = sandbox.ozon(limits=IMPATIENT)
    sandbox.faults(ozon={"drip": True})
    started = time.monotonic()
    with pytest.raises(PeerDown, match="the reply was not complete after 1 s"):
        rows_of(shop.totals())
    assert time.monotonic() - started < 10
    with (
        tiny(lambda _path, _body: Answer(body=b" " * 200_000)) as server,
        pytest.raises(PeerDown, match="the reply is larger than 100000 bytes"),
    ):
        rows_of(sandbox.ozon(limits=IMPATIENT, address=server.address).totals())
