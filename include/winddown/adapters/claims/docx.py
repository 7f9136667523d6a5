"""
A letter as DOCX: the few parts of Office Open XML that text and one table need.

The same letter gives the same bytes: times in the archive are fixed.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from include.winddown.domain.match.letters import Letter
from include.winddown.domain.texts import visible

EPOCH = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE}/relationships">'
    '<Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def letter_docx(letter: Letter) -> bytes:
    """Write a letter as the bytes of a .docx file."""
    body = "".join(
        [
            _paragraph(letter.title, size=32),
            *(_paragraph(text) for text in letter.opening),
            _table([letter.head, *letter.rows]),
            *(_paragraph(text) for text in letter.closing),
        ]
    )
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_MAIN}">'
        f"<w:body>{body}</w:body></w:document>"
    )
    parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document}
    return zip_of({name: text.encode() for name, text in parts.items()})


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Pack files under their names; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _paragraph(text: str, size: int = 22) -> str:
    run = f'<w:rPr><w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(visible(text))}</w:t>'
    return f"<w:p><w:r>{run}</w:r></w:p>"


def _table(rows: Iterable[Iterable[str]]) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    cells = ("".join(f"<w:tc><w:tcPr/>{_paragraph(cell, 18)}</w:tc>" for cell in row) for row in rows)
    lines = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    return f"<w:tbl><w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr>{lines}</w:tbl>"
