"""A folder of results that is there as a whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.winddown.domain.errors import BadParam


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """
    Give a place to write to; it becomes `out` in one step once everything is written.

    Whatever goes wrong before leaves `out` as it was.

    Raises:
        BadParam: `out` holds something already, or cannot be written.
    """
    check_free(out)
    half = out.absolute().parent / f".{out.absolute().name}.{os.getpid()}.half"
    try:
        half.parent.mkdir(parents=True, exist_ok=True)
        half.mkdir()
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        yield half
        half.replace(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)


def check_free(out: Path) -> None:
    """Refuse a folder that holds something: a former plan is never overwritten."""
    try:
        is_taken = out.exists() and not (out.is_dir() and not any(out.iterdir()))
    except OSError as error:
        raise _unwritable(out, error) from error
    if is_taken:
        msg = f"out {out} is there already and not empty; give another folder, or remove it first"
        raise BadParam(msg)


def _unwritable(out: Path, error: OSError) -> BadParam:
    return BadParam(f"out {out} cannot be written ({error.strerror or error}); give another folder")
