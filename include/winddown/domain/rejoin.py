"""How ready a merchant is to come back to a scheme it left: a score out of 100, with a reason for each point lost."""

from dataclasses import dataclass

from include.winddown.domain.exit_course import CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """
    What is known about coming back; None = not known.

    Attributes:
        state: of the old exit.
        open_claims_qty: claims against the old warehouse without an answer.
        has_contract: whether contract and offer are in force.
        key_days: days the Api-Key lives on.
        products_qty, products_ready_qty: products to supply, and those the platform would take.
        sized_qty: products with size and weight.
        gain_minor: what the scheme brings in a month beyond own delivery.
    """

    state: str
    open_claims_qty: int | None
    has_contract: bool | None
    key_days: int | None
    products_qty: int | None
    products_ready_qty: int | None
    sized_qty: int | None
    gain_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the score: points of most, and why not all of them."""

    name: str
    points: int
    most: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """
    How ready a merchant is.

    Attributes:
        points: 0 to 100.
        parts: what they come from.
        musts: what has to be done before anything else; with one open, nobody is ready at any score.
    """

    points: int
    parts: tuple[Part, ...]
    musts: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether a supply may be drafted."""
        return not self.musts


KEY_DAYS_MIN = 14


def score(known: Readiness) -> Score:
    """Score what is known; what is not known earns nothing, and is a reason."""
    parts = (
        _share("products", known.products_ready_qty, known.products_qty, 40, "products would be taken"),
        _share("sizes", known.sized_qty, known.products_qty, 20, "products have size and weight"),
        _claims(known.open_claims_qty),
        _gain(known.gain_minor),
    )
    return Score(points=sum(part.points for part in parts), parts=parts, musts=_musts(known))


def _musts(known: Readiness) -> tuple[str, ...]:
    days = "an unknown number of" if known.key_days is None else known.key_days
    checks = (
        (known.state == CLOSED, f"the old exit is {known.state}; close it first"),
        (
            known.has_contract is True,
            "contract and offer are not known to be in force; accept them in the cabinet",
        ),
        (
            known.key_days is not None and known.key_days >= KEY_DAYS_MIN,
            f"the Api-Key lives {days} more days and {KEY_DAYS_MIN} are needed; make a new one in the cabinet",
        ),
        (
            bool(known.products_ready_qty),
            "no product is known that the platform would take; validate the supply first",
        ),
    )
    return tuple(words for is_met, words in checks if not is_met)


def _share(name: str, qty: int | None, of_qty: int | None, most: int, words: str) -> Part:
    if qty is None or not of_qty:
        return Part(name=name, points=0, most=most, why=f"it is not known how many {words}")
    points = most * max(0, min(qty, of_qty)) // of_qty
    return Part(name=name, points=points, most=most, why=f"{qty} of {of_qty} {words}")


def _claims(open_qty: int | None) -> Part:
    if open_qty is None:
        return Part(name="claims", points=0, most=20, why="it is not known how many claims are open")
    points = max(0, 20 - 5 * open_qty)
    return Part(
        name="claims",
        points=points,
        most=20,
        why=f"claims against the warehouse without an answer: {open_qty}",
    )


def _gain(gain_minor: int | None) -> Part:
    if gain_minor is None:
        return Part(name="gain", points=0, most=20, why="it is not known what the scheme would bring")
    words = "brings more than" if gain_minor > 0 else "brings no more than"
    return Part(
        name="gain", points=20 if gain_minor > 0 else 0, most=20, why=f"the scheme {words} own delivery"
    )
