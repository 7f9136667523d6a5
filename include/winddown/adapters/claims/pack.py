"""One ZIP for each claim: letters, tables, weights, tracking, photo list, acts, and what came as it came."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from include.winddown.adapters.claims.docx import letter_docx, zip_of
from include.winddown.domain.match.letters import LANGUAGES, ClaimFacts, write_letter
from include.winddown.domain.texts import formula_safe, visible

TABLES = ("lines", "parcels", "weights", "tracking", "photos", "acts")
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """
    An evidence pack.

    Attributes:
        content: the ZIP.
        digest: of it, SHA-256.
        files: name → SHA-256 and size in bytes of each file in it.
    """

    content: bytes
    digest: str
    files: Mapping[str, tuple[str, int]]


def build_pack(facts: ClaimFacts, tables: Mapping[str, Rows], events: Rows) -> Pack:
    """
    Build the pack of one claim; the same evidence gives the same bytes.

    Args:
        facts: for the letters.
        tables: rows by a name of TABLES; one without rows is enclosed with its emptiness said.
        events: what desk and dock reported about the claimed lines, as it came.
    """
    files = {f"letter-{language}.docx": letter_docx(write_letter(facts, language)) for language in LANGUAGES}
    files |= {f"{name}.csv": _csv(tables.get(name, ())) for name in TABLES}
    files["events.json"] = json.dumps(list(events), ensure_ascii=False, indent=1, default=str).encode()
    sums = {name: (hashlib.sha256(content).hexdigest(), len(content)) for name, content in files.items()}
    files["SHA256SUMS"] = "".join(f"{sha256}  {name}\n" for name, (sha256, _) in sums.items()).encode()
    content = zip_of(files)
    return Pack(content=content, digest=hashlib.sha256(content).hexdigest(), files=sums)


def enclosures() -> list[str]:
    """Name what a pack holds beside its letters."""
    return [*(f"{name}.csv" for name in TABLES), "events.json"]


def _csv(rows: Rows) -> bytes:
    out = io.StringIO(newline="")
    if not rows:
        out.write("nothing was reported\n")
    else:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _safe(value: object) -> object:
    return formula_safe(visible(value)) if isinstance(value, str) else "" if value is None else value
