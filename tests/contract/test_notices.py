"""Notices over real sockets: the sandbox's mail server, and an HTTP server that answers by the test."""

import json
from collections.abc import Iterator

import pytest
from airflow.sdk import Connection

from include.winddown.adapters.notices.by_mail import ByMail
from include.winddown.adapters.notices.by_webhook import ByWebhook
from include.winddown.adapters.notices.in_the_log import InTheLog
from include.winddown.domain.errors import BadConnection
from include.winddown.runtime.notices import open_notices
from tests.contract.sandbox_server import Sandbox, running
from tests.contract.tiny_server import Answer, Tiny, tiny

SUBJECT, TEXT = "1 effect escalated\r\nBcc: x@y.example", "shipment WH-1-standard-001\n<b>ask the desk</b>"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "5", "--history", "10") as started:
        yield started


def connection(**settings: object) -> Connection:
    extra = settings.pop("extra")
    return Connection(conn_id="winddown_notices", conn_type="generic", extra=json.dumps(extra), **settings)


def mailing(sandbox: Sandbox, **changes: object) -> Connection:
    settings = {
        "host": "127.0.0.1",
        "port": int(sandbox.greeting["smtp_port"]),
        "login": "winddown",
        "password": sandbox.greeting["smtp_password"],
        "extra": {"kind": "smtp", "from": "winddown@m.example", "to": "people@m.example", "tls": "none"},
    }
    return connection(**settings | changes)


def hooked(server: Tiny, **extra: object) -> Connection:
    port = int(server.address.rpartition(":")[2])
    password = extra.pop("password", "")
    return connection(
        host="127.0.0.1", port=port, password=password, extra={"kind": "webhook", "scheme": "http", **extra}
    )


def test_a_notice_by_mail_arrives(sandbox: Sandbox):
    """Subject and text are those given; a line break begins no header."""
    notices = open_notices(mailing(sandbox))
    assert isinstance(notices, ByMail)
    assert notices.send(SUBJECT, TEXT, "critical") is True
    mail = sandbox.http.get("/world/mails", headers=sandbox.bearer("world_token")).json()[-1]
    assert mail["recipient"] == "people@m.example"
    assert mail["Subject"] == "[winddown, critical] 1 effect escalated⟨U+000D⟩⟨U+000A⟩Bcc: x@y.example"
    assert "<b>ask the desk</b>" in mail["text"]


@pytest.mark.parametrize("fault", ["busy_421", "auth_535", "recipient_550", "drop_after_text"])
def test_mail_trouble_is_no_error(sandbox: Sandbox, fault: str, caplog: pytest.LogCaptureFixture):
    """False, and a line in the log without the password."""
    sandbox.faults(mail={fault: 1})
    assert open_notices(mailing(sandbox)).send(SUBJECT, TEXT, "warning") is False
    assert "did not get through" in caplog.text
    assert sandbox.greeting["smtp_password"] not in caplog.text


@pytest.mark.parametrize(
    ("extra", "path", "body"),
    [
        (
            {"path": "hook", "password": "tok"},
            "/hook",
            {"source": "winddown", "severity": "info", "subject": "S", "text": "<a> & b"},
        ),
        (
            {"format": "slack", "password": "services/T/B/X"},
            "/services/T/B/X",
            {"text": "ℹ️ S\n\n&lt;a&gt; &amp; b"},
        ),
        (
            {"format": "telegram", "password": "1:A", "chat_id": -5},
            "/bot1:A/sendMessage",
            {"chat_id": "-5", "text": "ℹ️ S\n\n<a> & b", "disable_web_page_preview": True},
        ),
    ],
)
def test_a_notice_by_webhook_has_the_shape_of_its_kind(extra: dict[str, object], path: str, body: object):
    """JSON of our own, Slack's, Telegram's."""
    with tiny(lambda *_: Answer(body={"ok": True})) as server:
        notices = open_notices(hooked(server, **extra))
        assert isinstance(notices, ByWebhook)
        assert notices.send("S", "<a> & b", "info") is True
    [(asked, sent, headers)] = server.asked
    assert (asked, sent) == (path, body)
    assert headers.get("Authorization") == ("Bearer tok" if "path" in extra else None)


@pytest.mark.parametrize("status", [0, 302, 404, 429, 503])
def test_webhook_trouble_is_no_error(status: int, caplog: pytest.LogCaptureFixture):
    """Cut, redirected, refused: False, and the secret path is in no log."""
    with tiny(lambda *_: Answer(body={}, status=status, headers={"Location": "/elsewhere"})) as server:
        notices = open_notices(hooked(server, format="slack", password="services/T/B/SECRET"))
        assert notices.send("S", "T", "critical") is False
    assert len(server.asked) == 1
    assert "notice" in caplog.text
    assert "SECRET" not in caplog.text + repr(notices.__dict__)


def test_nobody_listens(sandbox: Sandbox):
    """A server that is down: False for both kinds."""
    assert open_notices(mailing(sandbox, port=9)).send("S", "T", "info") is False
    down = connection(host="127.0.0.1", port=9, extra={"kind": "webhook", "scheme": "http"})
    assert open_notices(down).send("S", "T", "info") is False


def test_without_a_connection_there_is_the_log(caplog: pytest.LogCaptureFixture):
    """One line, no line break of it acts."""
    caplog.set_level("INFO")
    assert InTheLog().send(SUBJECT, TEXT, "critical") is True
    [record] = [one for one in caplog.records if "escalated" in one.getMessage()]
    assert record.levelname == "ERROR"
    assert "\n" not in record.getMessage()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"extra": {"kind": "pigeon"}}, "give 'smtp' or 'webhook'"),
        ({"extra": {"kind": "webhook", "format": "irc"}}, "give json, slack, telegram"),
        ({"extra": {"kind": "webhook"}}, "needs the server that takes the notices"),
        (
            {"host": "h.example", "extra": {"kind": "webhook", "scheme": "http"}},
            "only https leaves this machine",
        ),
        ({"extra": {"kind": "webhook", "format": "slack"}}, "from services/ on as its password"),
        ({"password": "1:A", "extra": {"kind": "webhook", "format": "telegram"}}, "chat_id in its extra"),
        ({"extra": {"kind": "smtp"}}, "needs the mail server as its host"),
        ({"host": "h.example", "extra": {"kind": "smtp", "tls": "none"}}, "only TLS leaves this machine"),
        ({"host": "h.example", "extra": {"kind": "smtp", "tls": "ssl"}}, "give 'starttls', 'tls' or 'none'"),
        ({"host": "h.example", "extra": {"kind": "smtp", "from": "a@b.example"}}, "to '' in its extra"),
        (
            {
                "host": "h.example",
                "extra": {"kind": "smtp", "from": "a@b.example\nBcc: c@d.example", "to": "x"},
            },
            "give one address",
        ),
    ],
)
def test_a_connection_that_cannot_be_is_named(settings: dict[str, object], words: str):
    """The message says what to give."""
    with pytest.raises(BadConnection, match=words.replace("(", r"\(")):
        open_notices(connection(**settings))
