"""Slices of one long read, fetched side by side and given on in order."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")
WORKERS = 12


class Smaller(Generic[S]):
    """A slice is too large for one piece of work; these are its parts, in order."""

    def __init__(self, parts: Sequence[S]) -> None:
        self.parts = parts


@dataclass(slots=True)
class _Piece(Generic[S, T]):
    slice: S
    future: "Future[T | Smaller[S]] | None" = None

    def found(self) -> "T | Smaller[S] | None":
        """Give the result of a piece that went well, None while there is none."""
        if self.future is None or not self.future.done() or self.future.exception():
            return None
        return self.future.result()


def side_by_side(
    slices: Sequence[S], fetch: Callable[[S], "T | Smaller[S]"], workers: int = WORKERS
) -> Iterator[T]:
    """
    Fetch slices in threads.

    Args:
        slices: in the order in which they are wanted.
        fetch: fetches one, or gives the parts to fetch instead.
        workers: slices in work at once; half as many more are held at most, so memory stays flat.

    Yields:
        What was fetched, in order. An error of a slice is raised in its turn.
    """
    pieces: list[_Piece[S, T]] = [_Piece(one) for one in slices]
    with ThreadPoolExecutor(workers) as pool:
        try:
            while pieces:
                pieces = [part for piece in pieces for part in _parts(piece)]
                for piece in pieces[: workers * 3 // 2]:
                    piece.future = piece.future or pool.submit(fetch, piece.slice)
                head = pieces[0].future
                if head is not None and head.done() and not isinstance(pieces[0].found(), Smaller):
                    yield head.result()  # type: ignore[misc]  # no Smaller, as was just seen
                    del pieces[0]
                    continue
                wait([p.future for p in pieces if p.future and not p.future.done()], None, FIRST_COMPLETED)
        finally:
            for piece in pieces:
                if piece.future:
                    piece.future.cancel()


def _parts(piece: _Piece[S, T]) -> list[_Piece[S, T]]:
    found = piece.found()
    return [_Piece(part) for part in found.parts] if isinstance(found, Smaller) else [piece]
