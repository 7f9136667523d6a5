"""The papers of a request, kept in object storage: written once, never over something else."""

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from include.winddown.adapters.desks.sheet import write_sheet
from include.winddown.domain.effects import RequestLine, ReturnRequest
from include.winddown.domain.errors import PapersDiffer
from include.winddown.domain.letters import as_html, as_text
from include.winddown.domain.request_sheet import RequestSheet, sheet_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from upath import UPath

LETTER_TEXT, LETTER_HTML, REQUEST = "letter.txt", "letter.html", "request.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A request as its papers have it; asked_on is an ISO day."""

    asked_on: str
    request: ReturnRequest


class Papers:
    """
    The papers of one exit's requests.

    Args:
        root: <store>/<exit>/requests; each request has a folder there, named by its reference.
    """

    def __init__(self, root: "UPath") -> None:
        self._root = root

    def folder(self, reference: str) -> "UPath":
        """Where the papers of a request lie."""
        return self._root / reference

    def put(self, sheet: RequestSheet) -> "Mapping[str, bytes]":
        """
        Write sheet and letters; what stands there already with the same content is left alone.

        Returns:
            The files by name.

        Raises:
            PapersDiffer: a file stands there with other content; nothing is overwritten.
        """
        folder = self.folder(sheet.reference)
        files = {
            sheet_name(sheet.reference): write_sheet(sheet),
            LETTER_TEXT: as_text(sheet).encode(),
            LETTER_HTML: as_html(sheet).encode(),
            REQUEST: _as_json(sheet),
        }
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            if not path.exists():
                path.write_bytes(content)
            elif not is_same(path.read_bytes(), content):
                msg = (
                    f"{path} stands there with other content than this request has; nothing is overwritten: find"
                    " out who wrote it, move it away, then run create_returns again"
                )
                raise PapersDiffer(msg)
        return files

    def kept(self) -> "Iterator[Kept]":
        """Give every request whose papers are complete, whatever the database knows of it."""
        if not self._root.is_dir():
            return
        for folder in sorted(self._root.iterdir(), key=lambda path: path.name):
            if (folder / REQUEST).exists():
                yield _from_json((folder / REQUEST).read_bytes())


def _as_json(sheet: RequestSheet) -> bytes:
    lines = [{"sku": line.sku, "condition": line.condition, "qty": line.qty} for line in sheet.lines]
    content = {
        "client_reference": sheet.reference,
        "asked_on": sheet.asked_on.isoformat(),
        "warehouse_id": sheet.warehouse_id,
        "destination": sheet.destination,
        "handling_class": sheet.handling_class,
        "lines": lines,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _from_json(content: bytes) -> Kept:
    fields = json.loads(content)
    asked_on = fields.pop("asked_on")
    lines = tuple(RequestLine(**line) for line in fields.pop("lines"))
    return Kept(asked_on=asked_on, request=ReturnRequest(**fields, lines=lines))


def is_same(one: bytes, other: bytes) -> bool:
    """Tell whether two files hold the same; of two workbooks the packing may differ."""
    if one == other:
        return True
    try:
        return _members(one) == _members(other)
    except zipfile.BadZipFile:
        return False


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
