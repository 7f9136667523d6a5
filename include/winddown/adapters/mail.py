"""
Send one mail by SMTP, once, and say what the server's replies prove.

| when | reply | outcome |
|---|---|---|
| connecting, greeting, EHLO, STARTTLS | no connection, no TLS, cut, 4yz, 5yz | not_sent |
| AUTH | 4yz, cut | not_sent |
| AUTH | 5yz; the server offers no AUTH or no STARTTLS | denied: a person mends the connection |
| MAIL FROM | 4yz, cut | not_sent |
| MAIL FROM | 5yz | denied: our own address is refused |
| RCPT TO | 4yz, cut | not_sent |
| RCPT TO | 5yz | rejected: there is no such recipient |
| DATA, before the text | 4yz, 5yz | not_sent |
| after the text | 250 | ok: the server has taken it; nobody has read it yet |
| after the text | 5yz | denied: RFC 5321 4.2.5, it is not delivered; a person mends the mail or the server |
| DATA or after the text | anything else: cut, timeout, 4yz, another reply | unknown |

The fence is the command DATA: before it nothing can have been delivered.
"""

import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Literal

from include.winddown.domain.effects import Outcome
from include.winddown.domain.texts import log_safe

Tls = Literal["starttls", "tls", "none"]
PORTS = {"starttls": 587, "tls": 465, "none": 25}
TIMEOUT_S = 20.0
BEGIN_WITHIN_S = 45.0
"""A claim promises to send within a minute or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postbox:
    """
    Where mail is handed in, from whom and to whom.

    Attributes:
        host, port: of the server.
        login, password: empty = without logging in. The password is never shown.
        sender, recipient: one address each.
        tls: 'starttls', 'tls' from the first byte, or 'none', which is for this machine only.
        timeout_s: how long one reply may take.
    """

    host: str
    port: int
    sender: str
    recipient: str
    login: str = ""
    password: str = ""
    tls: Tls = "starttls"
    timeout_s: float = TIMEOUT_S

    def __repr__(self) -> str:
        """Name it without its password."""
        return f"Postbox({self.host}:{self.port}, {self.sender} to {self.recipient})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """How sending one mail ended; the detail holds the server's words and no secret."""

    outcome: Outcome
    detail: str


class _Ended(Exception):
    """Sending has ended before the text; carries what it came to."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.posted = Posted(outcome=outcome, detail=detail)


def post(postbox: Postbox, message: EmailMessage) -> Posted:
    """Send a mail to its one recipient, once; never retry, and never raise for what the server does."""
    began = time.monotonic()
    try:
        server = _opened(postbox)
    except _Ended as ended:
        return ended.posted
    except (OSError, smtplib.SMTPException) as error:
        return Posted(outcome=Outcome.NOT_SENT, detail=f"the mail server was not reached: {_words(error)}")
    try:
        return _before_the_text(server, postbox, began) or _hand_over(server, message)
    finally:
        # no QUIT: a mail that was taken must not look unsent because the farewell failed
        server.close()


def _before_the_text(server: smtplib.SMTP, postbox: Postbox, began: float) -> Posted | None:
    """Log in and name sender and recipient; None when the text may follow."""
    try:
        _log_in(server, postbox)
        _ask(server.mail(postbox.sender), "MAIL FROM", Outcome.DENIED)
        _ask(server.rcpt(postbox.recipient), f"RCPT TO {postbox.recipient}", Outcome.REJECTED)
    except _Ended as ended:
        return ended.posted
    except (OSError, smtplib.SMTPException) as error:
        return Posted(outcome=Outcome.NOT_SENT, detail=f"cut before the text: {_words(error)}")
    if time.monotonic() - began > BEGIN_WITHIN_S:
        return Posted(outcome=Outcome.NOT_SENT, detail="the mail server was too slow; nothing was sent")
    return None


def _opened(postbox: Postbox) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if postbox.tls == "tls":
        return smtplib.SMTP_SSL(postbox.host, postbox.port, timeout=postbox.timeout_s, context=context)
    server = smtplib.SMTP(postbox.host, postbox.port, timeout=postbox.timeout_s)
    if postbox.tls == "starttls":
        try:
            server.starttls(context=context)
        except smtplib.SMTPNotSupportedError as missing:
            server.close()
            raise _Ended(
                Outcome.DENIED, "the mail server offers no STARTTLS; set tls in the connection"
            ) from missing
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server


def _log_in(server: smtplib.SMTP, postbox: Postbox) -> None:
    if not postbox.login:
        server.ehlo_or_helo_if_needed()
        return
    try:
        server.login(postbox.login, postbox.password)
    except smtplib.SMTPAuthenticationError as refused:
        outcome = Outcome.DENIED if refused.smtp_code >= 500 else Outcome.NOT_SENT
        raise _Ended(outcome, f"AUTH: {_reply(refused.smtp_code, refused.smtp_error)}") from refused
    except smtplib.SMTPNotSupportedError as missing:
        raise _Ended(
            Outcome.DENIED, "the mail server offers no way to log in; correct the connection"
        ) from missing


def _ask(reply: tuple[int, bytes], command: str, refused: Outcome) -> None:
    code, words = reply
    if not 200 <= code < 300:
        outcome = refused if 500 <= code < 600 else Outcome.NOT_SENT
        raise _Ended(outcome, f"{command}: {_reply(code, words)}")


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> Posted:
    text = message.as_bytes(policy=SMTP_POLICY)
    try:
        code, words = server.data(text)
    except smtplib.SMTPDataError as early:
        outcome = Outcome.NOT_SENT if 400 <= early.smtp_code < 600 else Outcome.UNKNOWN
        return Posted(outcome=outcome, detail=f"DATA: {_reply(early.smtp_code, early.smtp_error)}")
    except (OSError, smtplib.SMTPException) as error:
        return Posted(outcome=Outcome.UNKNOWN, detail=f"no reply after the text: {_words(error)}")
    detail = f"after the text: {_reply(code, words)}"
    if code == 250:
        return Posted(outcome=Outcome.OK, detail=detail)
    return Posted(outcome=Outcome.DENIED if 500 <= code < 600 else Outcome.UNKNOWN, detail=detail)


def _reply(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {log_safe(text, 160)}"


def _words(error: Exception) -> str:
    return log_safe(f"{type(error).__name__}: {error}", 160)
