"""What is checked on the bytes, before anyone reads a row: size, magic bytes, gzip, encoding."""

import codecs
import contextlib
import hashlib
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from upath import UPath

from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused

BLOCK = 1 << 20
HEADER_MAX = 1 << 16
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_WRONG_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_WRONG_CONTENTS = (
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Excel file"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"PK\x05\x06", "an empty archive"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes and counts beyond which a file is refused."""

    size_max: int = 1 << 30
    unpacked_max: int = 200_000_000
    ratio_max: int = 100
    rows_max: int = 20_000_000
    cell_max: int = 32_768


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A private copy of the original bytes, so that what was hashed is what is read."""

    name: str
    file: BinaryIO
    sha256: str
    size_bytes: int


@contextlib.contextmanager
def take_in(data: bytes | Path | UPath, name: str, limits: Limits = LIMITS) -> Iterator[Original]:
    """
    Copy the bytes and hash them.

    Raises:
        FileRefused: F_MISSING, F_EMPTY, or F_SIZE (asked of the file system first, then counted).
    """
    with _opened(data, name, limits) as source, tempfile.TemporaryFile() as file:
        digest, size = hashlib.sha256(), 0
        while block := source.read(BLOCK):
            size += len(block)
            _check_size(size, name, limits)
            digest.update(block)
            file.write(block)
        if size == 0:
            msg = f"{name} has 0 bytes; export it again"
            raise FileRefused(Code.F_EMPTY, msg)
        file.seek(0)
        yield Original(name=name, file=file, sha256=digest.hexdigest(), size_bytes=size)


def _opened(
    data: bytes | Path | UPath, name: str, limits: Limits
) -> contextlib.AbstractContextManager[BinaryIO]:
    if isinstance(data, bytes):
        _check_size(len(data), name, limits)
        return BytesIO(data)
    try:
        _check_size(data.stat().st_size, name, limits)
        opened: contextlib.AbstractContextManager[BinaryIO] = data.open("rb")
    except OSError as error:
        msg = f"{name} cannot be read at {data} ({error.strerror or error}); put the file there"
        raise FileRefused(Code.F_MISSING, msg) from error
    return opened


def _check_size(size: int, name: str, limits: Limits) -> None:
    if size > limits.size_max:
        msg = f"{name} has {size} bytes or more, at most {limits.size_max} are read; split it"
        raise FileRefused(Code.F_SIZE, msg)


def sniff(file: BinaryIO, name: str, ending: str) -> str:
    """
    Tell 'csv', 'gzip' or 'xlsx' by the first bytes; the ending of the name must agree.

    Raises:
        FileRefused: F_ENC for UTF-16 and UTF-32, F_FORMAT for any other content.
    """
    head = file.read(512)
    file.seek(0)
    for mark, encoding in _WRONG_ENCODINGS:
        if head.startswith(mark):
            msg = f"{name} is {encoding}; save as UTF-8"
            raise FileRefused(Code.F_ENC, msg)
    for mark, what in _WRONG_CONTENTS:
        if head.startswith(mark):
            _refuse_content(name, what)
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        _refuse_content(name, "a web page or XML, perhaps a login page")
    found = "xlsx" if head.startswith(_ZIP) else "gzip" if head.startswith(_GZIP) else "csv"
    promised = {".xlsx": "xlsx", ".gz": "gzip"}.get(ending.lower(), "csv")
    if found not in {promised, "xlsx"}:
        _refuse_content(name, {"gzip": "a gzip archive", "csv": "plain text or unknown"}[found])
    return found


def _refuse_content(name: str, what: str) -> None:
    msg = f"{name} holds {what}, not what its name says; send CSV, gzipped CSV (.gz) or a workbook (.xlsx)"
    raise FileRefused(Code.F_FORMAT, msg)


def unpack_gzip(packed: BinaryIO, out: BinaryIO, name: str, *, many: bool, limits: Limits = LIMITS) -> None:
    """
    Unpack gzip from `packed` to `out`, at most to the limits.

    Raises:
        FileRefused: F_TRUNC for a cut, damaged or extended archive, F_FORMAT for a second member
            that was not declared, F_BOMB beyond the ratio or the size.
    """
    taken = written = 0
    inflate = zlib.decompressobj(wbits=31)
    pending = b""
    while True:
        pending = pending or packed.read(BLOCK)
        if not pending:
            break
        if inflate.eof:
            _check_member(pending, name, many=many)
            inflate = zlib.decompressobj(wbits=31)
        before = len(pending)
        try:
            block = inflate.decompress(pending, BLOCK)
        except zlib.error as error:
            msg = f"{name} is damaged after {written} unpacked bytes ({error}); transfer it again"
            raise FileRefused(Code.F_TRUNC, msg) from error
        pending = inflate.unconsumed_tail or inflate.unused_data
        taken, written = taken + before - len(pending), written + len(block)
        _check_bomb(taken, written, name, limits)
        out.write(block)
    if not inflate.eof:
        msg = f"{name} ends in the middle of the archive, after {written} unpacked bytes; transfer it again"
        raise FileRefused(Code.F_TRUNC, msg)
    out.seek(0)


def _check_member(rest: bytes, name: str, *, many: bool) -> None:
    if not rest.startswith(_GZIP):
        msg = f"{name} has bytes after the end of the archive; transfer it again"
        raise FileRefused(Code.F_TRUNC, msg)
    if not many:
        msg = f"{name} holds more than one gzip member; declare file.gzip_members: many in the mapping, or send one"
        raise FileRefused(Code.F_FORMAT, msg)


def _check_bomb(taken: int, written: int, name: str, limits: Limits) -> None:
    if written > limits.unpacked_max or (written > BLOCK and written > taken * limits.ratio_max):
        msg = (
            f"{name} unpacks to {written} bytes or more from {taken}; at most {limits.unpacked_max} bytes"
            f" and {limits.ratio_max} times its size are unpacked; send the plain file"
        )
        raise FileRefused(Code.F_BOMB, msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """
    What one pass over a text file shows.

    Attributes:
        ends_cleanly: whether the last line has its end.
        is_plain: whether no quote is in it, and its first line ends with LF.
    """

    ends_cleanly: bool
    is_plain: bool


def check_encoding(file: BinaryIO, name: str, encoding: str) -> TextFacts:
    """
    Decode everything once, strictly.

    Raises:
        FileRefused: F_ENC with the offset of the first bad byte.
    """
    decoder, done, last, quoted = codecs.getincrementaldecoder(encoding)("strict"), 0, b"\n", False
    while True:
        block = file.read(BLOCK)
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            at = done - held + error.start
            msg = (
                f"{name} is not {encoding}: byte 0x{error.object[error.start]:02x} at offset {at};"
                " save as UTF-8, or declare file.encoding in the mapping"
            )
            raise FileRefused(Code.F_ENC, msg) from error
        if not block:
            break
        done, last, quoted = done + len(block), block, quoted or b'"' in block
    file.seek(0)
    first = file.readline(HEADER_MAX)
    file.seek(0)
    plain = first.endswith(b"\n") and b"\r" not in first.removesuffix(b"\n").removesuffix(b"\r")
    return TextFacts(ends_cleanly=last.endswith((b"\n", b"\r")), is_plain=plain and not quoted)
