"""A mail server that keeps what it is given: SMTP on 127.0.0.1, with one login, and trouble on demand."""

import asyncio
import base64
import contextlib
import email
import email.policy
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING

from include.sandbox.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable

HANG_S = 60.0
LINE_MAX = 1 << 16


@dataclass(slots=True, kw_only=True)
class Mail:
    """One mail as it was handed in."""

    sender: str
    recipient: str
    message: EmailMessage

    def shown(self) -> dict[str, object]:
        """Show its head and the names of what is attached."""
        names = [part.get_filename() for part in self.message.iter_attachments()]
        heads = {name: str(self.message[name]) for name in ("Subject", "Message-ID", "Date")}
        body = self.message.get_body(("plain",))
        text = body.get_content() if body else ""
        return {
            **heads,
            "sender": self.sender,
            "recipient": self.recipient,
            "attachments": names,
            "text": text,
        }


class Cut(Exception):
    """The connection is cut without a word."""


@dataclass(slots=True, kw_only=True)
class Post:
    """
    The mail server.

    Attributes:
        faults: what is still to go wrong.
        password: of the login 'winddown'.
        mails: as they came.
    """

    faults: Faults
    password: str
    mails: list[Mail] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LINE_MAX)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            Cut, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
        ):
            await Talk(self, reader, writer).go()
        writer.close()


class Talk:
    """One connection."""

    def __init__(self, post: Post, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.post = post
        self.reader = reader
        self.writer = writer
        self.sender = self.recipient = ""

    async def go(self) -> None:
        """Answer command by command until QUIT."""
        if self.post.faults.take("mail", "busy_421"):
            await self.say("421 too busy, come again")
            return
        await self.say("220 sandbox ESMTP")
        while line := (await self.reader.readline()).decode("utf-8", "replace").strip():
            verb, _, rest = line.partition(" ")
            if verb.upper() == "QUIT":
                await self.say("221 bye")
                return
            await self._answer(verb.upper(), rest)

    async def say(self, words: str) -> None:
        """Send one reply."""
        self.writer.write(f"{words}\r\n".encode())
        await self.writer.drain()

    async def _answer(self, verb: str, rest: str) -> None:
        if verb == "DATA":
            await self._data()
            return
        answers: dict[str, Callable[[str], str]] = {
            "EHLO": lambda _: "250-sandbox\r\n250-AUTH PLAIN\r\n250 SIZE 20000000",
            "HELO": lambda _: "250 sandbox",
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "RSET": lambda _: "250 forgotten",
            "NOOP": lambda _: "250 still here",
        }
        answer = answers.get(verb)
        await self.say(answer(rest) if answer else "500 unknown command")

    def _auth(self, rest: str) -> str:
        kind, _, given = rest.partition(" ")
        wanted = f"\0winddown\0{self.post.password}".encode()
        if self.post.faults.take("mail", "auth_535") or kind.upper() != "PLAIN":
            return "535 not you"
        return "235 welcome" if base64.b64decode(given) == wanted else "535 not you"

    def _mail(self, rest: str) -> str:
        self.sender = rest.partition("<")[2].partition(">")[0]
        return (
            "550 we do not take mail from you" if self.post.faults.take("mail", "sender_550") else "250 go on"
        )

    def _rcpt(self, rest: str) -> str:
        self.recipient = rest.partition("<")[2].partition(">")[0]
        replies = {"recipient_450": "450 mailbox busy", "recipient_550": "550 no such mailbox"}
        fault = self.post.faults.first("mail", tuple(replies))
        return replies.get(fault or "", "250 go on")

    async def _data(self) -> None:
        take = self.post.faults.take
        if take("mail", "data_451"):
            await self.say("451 not now")
            return
        if take("mail", "drop_before_text"):
            raise Cut
        await self.say("354 send the text, end with a dot")
        text = await self._text()
        if take("mail", "text_554"):
            await self.say("554 we do not deliver this")
            return
        if take("mail", "text_451"):
            await self.say("451 something went wrong")
            return
        message = email.message_from_bytes(text, policy=email.policy.default)
        self.post.mails.append(Mail(sender=self.sender, recipient=self.recipient, message=message))
        if take("mail", "drop_after_text"):
            raise Cut
        if take("mail", "hang_after_text"):
            await asyncio.sleep(HANG_S)
        await self.say(f"250 kept as {len(self.post.mails)}")

    async def _text(self) -> bytes:
        lines = []
        while (line := await self.reader.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)
