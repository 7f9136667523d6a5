"""Notices by mail."""

import logging
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from include.winddown.adapters.mail import Postbox, post
from include.winddown.adapters.notices.port import Severity
from include.winddown.domain.effects import Outcome
from include.winddown.domain.texts import shown

log = logging.getLogger(__name__)

SUBJECT_MAX = 160
URGENT: dict[Severity, str] = {"info": "low", "warning": "normal", "critical": "high"}


class ByMail:
    """
    Notices to one address.

    Args:
        postbox: server, login, from and to.
    """

    def __init__(self, postbox: Postbox) -> None:
        self._postbox = postbox

    def send(self, subject: str, text: str, severity: Severity) -> bool:
        """Send one mail; True once the server has taken it."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self._postbox.sender, self._postbox.recipient
        # nothing of a subject can begin another header
        mail["Subject"] = f"[winddown, {severity}] {shown(subject, SUBJECT_MAX)}"
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid("winddown", self._postbox.sender.rpartition("@")[2])
        mail["Importance"] = URGENT[severity]
        mail.set_content(text)
        posted = post(self._postbox, mail)
        if posted.outcome is not Outcome.OK:
            log.warning("a notice did not get through by mail: %s", posted.detail)
        return posted.outcome is Outcome.OK
