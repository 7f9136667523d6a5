"""
The return desk of a warehouse without an API: a sheet and a letter, sent by mail or by a person.

Nothing of it proves anything before an answer is there: a mail that was taken has not been read. So
every request that was handed over is UNKNOWN until a file in the inbox or a person tells the answer,
and no silence ever makes it ready to be sent again. How mail replies are read: adapters/mail.py.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from include.winddown.adapters.desks.inbox import Inbox
from include.winddown.adapters.desks.letter_mail import compose, message_id
from include.winddown.adapters.desks.papers import Papers
from include.winddown.adapters.mail import Postbox, post
from include.winddown.adapters.ports import Found, Handed, Standing
from include.winddown.domain.desk_answers import DeskAnswer, as_found
from include.winddown.domain.effects import Event, Manner, Outcome, Reply, ReturnRequest
from include.winddown.domain.errors import PapersDiffer, WinddownError
from include.winddown.domain.request_sheet import RequestSheet, sheet_name
from include.winddown.domain.texts import log_safe

log = logging.getLogger(__name__)

ACCOUNT = "documents|"
"""What the account of such a desk begins with: whoever waits for one waits for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """
    What the desk asks winddown's own records.

    Attributes:
        sheet: what the sheet of a request says, by its reference.
        typed: what people typed as answers to it.
    """

    sheet: Callable[[str], RequestSheet]
    typed: Callable[[str], Sequence[DeskAnswer]]


class Documents:
    """
    A return desk that is dealt with by documents.

    Args:
        papers: where sheets and letters are kept.
        inbox: where answers and reports come in.
        books: winddown's own records.
        postbox: how mail is sent; None = a person hands the papers over.
        wait_s: how long the warehouse has to answer; for people, nothing happens by itself then.
    """

    def __init__(
        self, papers: Papers, inbox: Inbox, books: Books, postbox: Postbox | None, wait_s: float
    ) -> None:
        # the folder stays when mail is set up or its recipient changes
        self.manner = Manner(account=f"{ACCOUNT}{inbox.folder}", horizon_s=wait_s, is_person=True)
        self._papers = papers
        self._inbox = inbox
        self._books = books
        self._postbox = postbox

    def create(self, request: ReturnRequest) -> Reply:
        """
        Write the papers and send them once, or leave them to a person.

        Returns:
            UNKNOWN once they are handed over; what the mail server's reply proves otherwise.
        """
        try:
            sheet = self._books.sheet(request.client_reference)
            papers = self._papers.put(sheet)
        except PapersDiffer as differ:
            return Reply(outcome=Outcome.DENIED, detail=str(differ))
        except (WinddownError, OSError) as error:
            return Reply(
                outcome=Outcome.NOT_SENT, detail=f"the papers cannot be written: {log_safe(str(error))}"
            )
        if not sheet.is_about(request):
            return Reply(
                outcome=Outcome.DENIED, detail="the stored shipment is not the one asked for; make a new plan"
            )
        if self._postbox is None:
            place = self._papers.folder(request.client_reference)
            return Reply(
                outcome=Outcome.UNKNOWN, detail=f"the papers lie in {place}; a person hands them over"
            )
        mail = compose(sheet, papers, self._postbox.sender, self._postbox.recipient)
        posted = post(self._postbox, mail)
        outcome = Outcome.UNKNOWN if posted.outcome is Outcome.OK else posted.outcome
        return Reply(outcome=outcome, detail=f"mail to {self._postbox.recipient}, {posted.detail}")

    def find(self, request: ReturnRequest) -> Found:
        """
        Look for answers: in the inbox, and among what people typed.

        Returns:
            Never complete: no answer yet is no proof that there is none. Answers that differ come
            out as several matches. A file that cannot be used is no answer; `handed` says why.
        """
        read = self._inbox.answers(request)
        matches, refusal = as_found([*self._books.typed(request.client_reference), *read.answers])
        return Found(complete=False, matches=matches, refusal=refusal)

    def handed(self, request: ReturnRequest) -> Handed:
        """Tell a person where the papers are and what is wrong with the files that came back."""
        sender = self._postbox.sender if self._postbox else ""
        return Handed(
            folder=str(self._papers.folder(request.client_reference)),
            file=sheet_name(request.client_reference),
            recipient=self._postbox.recipient if self._postbox else "",
            message_id=message_id(request.client_reference, sender) if sender else "",
            inbox=str(self._inbox.folder / "answers"),
            refused=tuple(str(refused) for refused in self._inbox.answers(request).refused),
        )

    def standing(self) -> Iterator[Standing]:
        """Give every request with papers here that was accepted, oldest first."""
        for asked in sorted(
            self._papers.kept(), key=lambda one: (one.asked_on, one.request.client_reference)
        ):
            for match in self.find(asked.request).matches:
                yield Standing(
                    request_no=match.request_no,
                    client_reference=asked.request.client_reference,
                    warehouse_id=asked.request.warehouse_id,
                    created_at=asked.asked_on,
                    units_qty=sum(line.qty for line in asked.request.lines),
                )

    def events(self) -> Iterator[Event]:
        """
        Give what was shipped, as the reports in the inbox say, oldest first.

        Raises:
            FileRefused: a report has a bad row.
        """
        yield from self._inbox.shipped()

    def stock_report(self) -> bytes:
        """
        Read the newest stock report of the inbox.

        Raises:
            FileRefused: there is none.
        """
        return self._inbox.stock_report()
