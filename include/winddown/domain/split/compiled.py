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


def compiled(function: F) -> F:
    """
    Compile a function that allocates nothing at its first call.

    References of its arrays are not counted: an atomic addition for each array that a call hands on took
    twice as long as all the arithmetic. Whoever calls it from Python holds them meanwhile.
    """
    return _made(function, _nrt=False)


def compiled_with_memory(function: F) -> F:
    """Compile a function that may allocate."""
    return _made(function)


def inlined(function: F) -> F:
    """Put a function into its callers."""
    return _made(function, inline="always", _nrt=False)


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
        if b"compiled import" in text or b"numba" in text:
            digest.update(path.name.encode() + text)
    return digest.hexdigest()
