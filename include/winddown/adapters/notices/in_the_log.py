"""Notices where nobody has said how people are told: the log only."""

import logging

from include.winddown.adapters.notices.port import Severity
from include.winddown.domain.texts import log_safe

log = logging.getLogger(__name__)

LEVELS: dict[Severity, int] = {"info": logging.INFO, "warning": logging.WARNING, "critical": logging.ERROR}


class InTheLog:
    """Notices in the log of the task."""

    def send(self, subject: str, text: str, severity: Severity) -> bool:
        """Write it into the log, on one line."""
        log.log(LEVELS[severity], "%s: %s", log_safe(subject), log_safe(text, 4_000))
        return True
