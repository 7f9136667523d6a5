"""The doors of an exit, as the steps see them; each has at least two adapters."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

import pyarrow as pa

from include.winddown.domain.effects import Accepted, Event, Manner, Outcome, Reply, ReturnRequest
from include.winddown.domain.frames import Frame
from include.winddown.domain.prices import CurrentPrice, Cut, NewPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """One row that is kept out; grain: one complaint per row, the first found."""

    file: str
    row_no: int
    column: str
    code: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file or endpoint that was read; rows_in = rows_ok + rows_bad."""

    name: str
    sha256: str
    size_bytes: int
    rows_in: int
    rows_ok: int
    rows_bad: int


def _keep_nothing(_page: bytes) -> None:
    pass


def _keep_no_numbers(_row_nos: pa.Array) -> None:
    pass


def _keep_no_file(_name: str, _file: BinaryIO) -> None:
    pass


@dataclass(slots=True, kw_only=True)
class Pull:
    """
    Rows of one frame on their way in.

    Attributes:
        frame: what the rows are.
        batches: Arrow batches in the frame's schema; to be iterated once. Iterating raises
            FileRefused, MarketplaceRefused or ContractBroken when the read must not be used.
        sources: what was read; complete once `batches` is exhausted.
        bad_rows: what goes to quarantine; complete once `batches` is exhausted.
        notes: what people should hear of the read; complete once `batches` is exhausted.
        keep_raw: takes each raw page as it comes; who lands the pull sets it before iterating.
        keep_file: takes the name and the bytes of each file before it is read; set likewise.
        keep_row_nos: takes the numbers of a batch's rows in their file, before the batch; only files have them.
    """

    frame: Frame
    batches: Iterable[pa.RecordBatch]
    sources: list[Source] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    keep_raw: Callable[[bytes], None] = _keep_nothing
    keep_file: Callable[[str, BinaryIO], None] = _keep_no_file
    keep_row_nos: Callable[[pa.Array], None] = _keep_no_numbers


class Marketplace(Protocol):
    """Catalogue, stock and orders of one merchant."""

    def check_access(self) -> str:
        """Prove, before anything is read, that we may read and no more; a sentence, empty when there is no key."""

    def stock(self) -> Pull:
        """Pull frames.STOCK."""

    def orders(self) -> Pull:
        """Pull frames.ORDERS."""

    def catalogue(self) -> Pull:
        """Pull frames.CATALOGUE."""

    def totals(self) -> Pull | None:
        """Pull frames.TOTALS; None when this source does not know them."""

    def supplies(self) -> Pull | None:
        """Pull frames.SUPPLIES; None when this source does not know them."""

    def fees(self) -> Pull | None:
        """Pull side_frames.FEES; None when this source does not know them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    What a look-up found.

    Attributes:
        complete: whether every page was read; absence is proven only by a complete read.
        matches: the requests under our reference, or those of the same content where none is known.
        refusal: why the desk refuses it, if it has said so since; empty otherwise.
    """

    complete: bool
    matches: tuple[Accepted, ...]
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    A return request as the desk lists it.

    Attributes:
        client_reference: empty where the desk knows none.
        created_at: as the desk writes it; for people.
        units_qty: pieces it asks for.
    """

    request_no: str
    client_reference: str
    warehouse_id: str
    created_at: str
    units_qty: int


class ReturnDesk(Protocol):
    """Where return requests are created and followed."""

    @property
    def manner(self) -> Manner:
        """How it can be dealt with."""

    def create(self, request: ReturnRequest) -> Reply:
        """Send one request, once; never retry. Transport errors come back as a Reply."""

    def find(self, request: ReturnRequest) -> Found:
        """Look a request up, by our reference or by its content."""

    def standing(self) -> Iterator[Standing]:
        """Every request that stands, oldest first; raises when the list cannot be read to its end."""

    def events(self) -> Iterator[Event]:
        """Every event so far, oldest first; reading twice gives the same ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """
    Where the papers of a request are, and what became of them, for people.

    Attributes:
        folder: of the sheet and the letters.
        file: name of the sheet.
        recipient, message_id: of the mail; empty when a person hands it over.
        inbox: where answers that come back as files are put.
        refused: answer files about it that cannot be used, each with the reason.
    """

    folder: str
    file: str
    recipient: str
    message_id: str
    inbox: str
    refused: tuple[str, ...]


class PersonDesk(ReturnDesk, Protocol):
    """A return desk that people answer for; its manner says is_person."""

    def handed(self, request: ReturnRequest) -> Handed:
        """Tell where the papers of a request are, and what came back that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnswer:
    """
    What became of one item of a write that holds many.

    Attributes:
        item_id: its offer_id, product id or supply id.
        is_done: whether it was taken.
        errors: codes and words as the other side says them; empty when it was taken.
    """

    item_id: str
    is_done: bool
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesRead:
    """
    What a read of prices found.

    Attributes:
        complete: whether everything asked for was read; only then an offer that is not there is missing.
        prices: by offer_id.
        detail: why it is not complete.
    """

    complete: bool
    prices: Mapping[str, CurrentPrice]
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsReply:
    """How one sending of prices or of own stock ended; there is an answer for each item exactly when the outcome is OK."""

    outcome: Outcome
    detail: str
    answers: tuple[ItemAnswer, ...] = ()


class PriceDesk(Protocol):
    """Where prices are read and set."""

    @property
    def manner(self) -> Manner:
        """How it can be dealt with."""

    @property
    def cut(self) -> Cut:
        """In which groups it takes prices."""

    def prices(self, offer_ids: Sequence[str]) -> PricesRead:
        """Read the prices that stand now; raises when the key is refused or a reply is not readable."""

    def set_prices(self, prices: Sequence[NewPrice], reference: str) -> ItemsReply:
        """Send prices, once; never retry. Transport errors come back as a reply."""


class ReceivingDock(Protocol):
    """What the own warehouse counted."""

    def events(self) -> Iterator[Event]:
        """Every count so far, oldest first; reading twice gives the same ids."""
