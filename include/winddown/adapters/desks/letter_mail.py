"""The mail that carries a request sheet: the same bytes at each try, recognisable by its Message-ID."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from email.message import EmailMessage
from email.utils import format_datetime

from include.winddown.adapters.desks.papers import LETTER_HTML, LETTER_TEXT
from include.winddown.domain.letters import subject_line
from include.winddown.domain.request_sheet import RequestSheet, sheet_name

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def message_id(reference: str, sender: str) -> str:
    """Derive the Message-ID from the reference, so that a second mail is seen to be the first one again."""
    return f"<winddown.{reference}@{sender.rpartition('@')[2]}>"


def compose(sheet: RequestSheet, papers: Mapping[str, bytes], sender: str, recipient: str) -> EmailMessage:
    """Put letter and sheet into one mail."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"] = subject_line(sheet)
    mail["Date"] = format_datetime(datetime.combine(sheet.asked_on, time(12), tzinfo=UTC))
    mail["Message-ID"] = message_id(sheet.reference, sender)
    mail["X-Winddown-Reference"] = sheet.reference
    mail.set_content(papers[LETTER_TEXT].decode())
    mail.add_alternative(papers[LETTER_HTML].decode(), subtype="html")
    name = sheet_name(sheet.reference)
    mail.add_attachment(papers[name], maintype=XLSX[0], subtype=XLSX[1], filename=name)
    # boundaries are drawn by chance otherwise
    mail.set_boundary(f"outer-{sheet.reference[:32]}")
    for part in mail.iter_parts():
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"inner-{sheet.reference[:32]}")
    return mail
