"""
Everything that can go wrong by the rules of the business, by name.

A message names the thing, the place and the fix. None of these is ever retried:
the same input gives the same error.
"""

from collections.abc import Sequence


def shorten(names: Sequence[str], most: int = 10) -> str:
    """List at most `most` names and say how many were left out."""
    shown = ", ".join(names[:most])
    rest = len(names) - most
    return f"{shown} and {rest} more" if rest > 0 else shown


class WinddownError(Exception):
    """The root of every named error; it never carries a secret."""


class NothingToDo(WinddownError):
    """There is no work for this run; the task is skipped, not failed."""


class UnknownExit(WinddownError):
    """No exit of that id is open."""


class BadExit(WinddownError):
    """An exit cannot be opened with these values."""


class IllegalMove(WinddownError):
    """An exit cannot go into that state from the one it is in; the message says what must come first."""


class StillOpen(WinddownError):
    """An exit cannot be handed over or closed yet; the message says what is open and what to do."""


class DeadlinePassed(WinddownError):
    """The deadline lies on or before the day of the snapshot."""


class BadParam(WinddownError):
    """A run was triggered with a parameter that its DAG does not have, or with one of another kind."""


class BadAnswer(WinddownError):
    """A person's answer cannot be acted upon; it is asked for again, and the message says what was wrong."""


class BadPolicy(WinddownError):
    """
    A policy setting is unknown, of the wrong type or out of range.

    Attributes:
        path: the names that lead to it, outermost first; empty = the policy as a whole.
    """

    def __init__(self, message: str, path: tuple[str, ...] = ()) -> None:
        """Keep the path apart from the sentence, so that a reader of files can say the line."""
        super().__init__(message)
        self.path = path


class BadConnection(WinddownError):
    """An Airflow connection is missing, incomplete or points to a place that is not allowed."""


class FileRefused(WinddownError):
    """
    A whole file is refused; nothing of it is used.

    Attributes:
        code: one of the F_ codes of docs/bad-input.md.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep the code apart from the sentence, so that tests and pages can group by it."""
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        """The code, then the sentence."""
        return f"{self.code}: {self.message}"


class MarketplaceRefused(WinddownError):
    """The marketplace answered, and the answer is no: a key, a role, an obsolete method."""


class ContractBroken(WinddownError):
    """A reply does not have the shape its owner documents; the JSON path is in the message."""


class NumberTaken(ContractBroken):
    """A desk named for one request the number of another; a person has to ask what it means."""


class SnapshotIsFinal(WinddownError):
    """A committed snapshot is never written again."""


class SnapshotDamaged(WinddownError):
    """A file of a snapshot is gone or is not the one that was written."""


class NoSnapshot(WinddownError):
    """The exit has no valid snapshot yet."""


class ExpectationsFailed(WinddownError):
    """A critical expectation failed; the message names the rows."""


class GateBlocked(WinddownError):
    """Orders are pending or units reserved; the message names them."""


class StockDisagrees(WinddownError):
    """The warehouses' report and the marketplace's totals are too far apart; names the SKUs."""


class UnitsLost(WinddownError):
    """Units appeared or vanished without an explanation; the message names the SKUs."""


class UnitTooLarge(WinddownError):
    """One unit alone is heavier or larger than a whole shipment may be."""


class PlanChanged(WinddownError):
    """The stored plan no longer has the digest that was put up for approval."""


class DecisionIsFinal(WinddownError):
    """A plan was decided upon already, and the other way."""


class PlanNotApproved(WinddownError):
    """No valid approval stands behind the plan."""


class RequestRefused(WinddownError):
    """The return desk refused one or more requests; the message says which and why."""


class PriceUnsafe(WinddownError):
    """A price of an approved plan must not be sent: it is at zero or below the floor; names the SKUs."""


class PricesRefused(WinddownError):
    """The marketplace refused prices, or refuses us; the message says which and why. The others stand."""


class OutcomeUnknown(WinddownError):
    """A write's outcome is not known yet; it will be looked up, never sent again blindly."""


class PersonNeeded(WinddownError):
    """What became of a write only a person can find out; the message says which and what to ask."""


class PapersDiffer(WinddownError):
    """A paper of a return request stands in the store with other content; it is not overwritten."""


class LedgerFrozen(WinddownError):
    """The database is not the one that was written to before: nothing is sent until a person has looked."""


class IllegalClaimMove(WinddownError):
    """A claim cannot go from its state to that one, or nobody is named who decided."""


class ClaimNotApproved(WinddownError):
    """A claim's pack is not the one a person approved, or nobody approved it."""
