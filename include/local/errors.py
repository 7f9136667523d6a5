"""What can stop a local run; each message says what to do."""


class LocalError(Exception):
    """A local run cannot go on."""


class Busy(LocalError):
    """Another launcher works in the same var/."""


class Ended(LocalError):
    """A process of the run ended by itself."""


class RunFailed(LocalError):
    """A DAG run failed; the message carries the task's own words and the link to it."""


class Stopped(BaseException):
    """
    Somebody asked the launcher to stop.

    Attributes:
        number: the signal.
    """

    def __init__(self, number: int) -> None:
        """Keep the signal, from which the exit code follows."""
        self.number = number
        super().__init__(number)
