"""
Compile the solver's functions, and keep the machine code for the next process.

numba keeps machine code beside a file and trusts it until that file changes. A compiled function
holds the code of every function it calls, also of other files, so here every file of the package with
compiled functions counts: after a change in one of them nothing old is used.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.caching import FunctionCache

F = TypeVar("F", bound=Callable[..., Any])
_ANY_ORDER = frozenset({"reassoc", "contract", "arcp", "nsz"})


def compiled(function: F) -> F:
    """Compile a function at its first call."""
    return _made(function)


def compiled_loosely(function: F) -> F:
    """Compile so that sums may be taken in any order, which vectorises; NaN and infinity still count."""
    return _made(function, fastmath=set(_ANY_ORDER))


def inlined(function: F) -> F:
    """Put a function into its callers: a call would count references of all arrays it is given."""
    return _made(function, inline="always")


def _made(function: F, **how: Any) -> F:
    made = njit(**how)(function)
    made._cache = _Cache(function)  # noqa: SLF001  # as njit(cache=True) does, with another stamp
    return cast("F", made)


class _Cache(FunctionCache):
    """Machine code kept under a stamp of the whole package."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        self._cache_file._source_stamp = _stamp()  # noqa: SLF001


def _stamp() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text = path.read_bytes()
        if b"compiled import" in text:
            digest.update(path.name.encode() + text)
    return digest.hexdigest()
