"""
A marketplace known only by the files it exports.

Layout of the folder: `catalogue.csv`, and one sub-folder a day, `2026-03-29/stock.csv` and
`2026-03-29/orders.csv`; `fees.csv` may lie where the catalogue lies, and so may `own_stock.csv`, `own_postings.csv` and
`own_returns.csv` of the own warehouse. Each may also be .csv.gz or .xlsx. Own column mappings lie in
`mappings/stock.yaml` and so on.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from upath import UPath

from include.winddown.adapters.files.layouts import load_layout
from include.winddown.adapters.files.reader import Job, read_job
from include.winddown.adapters.ports import Pull
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused, shorten
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK, Frame
from include.winddown.domain.own_frames import OWN_POSTINGS, OWN_RETURNS, OWN_STOCK
from include.winddown.domain.side_frames import FEES

TABLES = tuple(frame.name for frame in (STOCK, ORDERS, CATALOGUE, FEES, OWN_STOCK, OWN_POSTINGS, OWN_RETURNS))
ENDINGS = (".csv", ".csv.gz", ".xlsx")


class Exports:
    """
    The Marketplace port on a folder of files.

    Args:
        folder: local or remote.
        as_of: the day of the sub-folder; None = the latest there is.
        policy: how many bad rows are too many.
        now: aware; bounds the times in the files.
        mappings: table → name of a mapping; a table that is not named uses the one of its own name.
    """

    def __init__(
        self,
        *,
        folder: UPath | Path | str,
        as_of: date | None,
        policy: Policy,
        now: datetime,
        mappings: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder if isinstance(folder, UPath) else UPath(folder)
        self._as_of = as_of
        self._policy, self._now = policy, now
        self._mappings = dict(mappings or {})
        unknown = sorted(set(self._mappings) - set(TABLES))
        if unknown:
            msg = f"mappings names the table {unknown[0]!r}; known are {', '.join(TABLES)}"
            raise FileRefused(Code.F_MAPPING, msg)

    def check_access(self) -> str:
        """Say nothing: files have no key."""
        return ""

    def stock(self) -> Pull:
        """
        Pull frames.STOCK of the day; a SKU the catalogue does not have goes to quarantine.

        Raises:
            FileRefused: also for a refused catalogue, since the SKUs are checked against it.
        """
        day, folder = self._day()
        known = self._known_skus()
        return read_job(self._job(STOCK, folder, known_skus=known, as_of=day))

    def orders(self) -> Pull:
        """
        Pull frames.ORDERS of the day; zero rows are a fact.

        An order of a SKU that left the catalogue stays: a pending one must block the gate.
        """
        return read_job(self._job(ORDERS, self._day()[1]))

    def catalogue(self) -> Pull:
        """Pull frames.CATALOGUE; it lies beside the days, or in the day's folder, which then wins."""
        folder = self._day()[1]
        here = folder if _candidates(folder, CATALOGUE) else self._folder
        return read_job(self._job(CATALOGUE, here))

    def totals(self) -> Pull | None:
        """Give None: these are not read here."""
        return None

    def supplies(self) -> Pull | None:
        """Give None: these are not read here."""
        return None

    def fees(self) -> Pull | None:
        """Pull side_frames.FEES, which lie where the catalogue may lie; None when there is no such file."""
        return self.optional(FEES)

    def optional(self, frame: Frame) -> Pull | None:
        """Pull a frame whose file lies in the day's folder or beside the days; None when there is no such file."""
        places = [place for place in (self._day()[1], self._folder) if _candidates(place, frame)]
        return read_job(self._job(frame, places[0])) if places else None

    def _job(
        self, frame: Frame, folder: UPath, known_skus: pa.Array | None = None, as_of: date | None = None
    ) -> Job:
        path = _find(folder, frame)
        name = f"{folder.name}/{path.name}" if folder != self._folder else path.name
        mapping = self._mappings.get(frame.name, frame.name)
        return Job(
            data=path,
            name=name,
            frame=frame,
            layout=load_layout(mapping, frame, self._folder / "mappings"),
            policy=self._policy,
            now=self._now,
            known_skus=known_skus,
            as_of=as_of,
        )

    def _known_skus(self) -> pa.Array:
        parts = [batch["sku"] for batch in self.catalogue().batches]
        return pc.utf8_normalize(pa.concat_arrays(parts), form="NFC")

    def _day(self) -> tuple[date, UPath]:
        if not self._folder.is_dir():
            msg = f"there is no folder {self._folder}; correct the connection, or put the exports there"
            raise FileRefused(Code.F_MISSING, msg)
        days = {day: path for path in self._folder.iterdir() if (day := _as_day(path.name)) and path.is_dir()}
        listed = shorten([str(day) for day in sorted(days, reverse=True)]) or "none"
        if not days:
            msg = f"{self._folder} has no sub-folder named by a day; put stock and orders into one as 2026-03-29"
            raise FileRefused(Code.F_MISSING, msg)
        wanted = self._as_of or max(days)
        if wanted not in days:
            msg = f"{self._folder} has no sub-folder {wanted}; there are {listed}. Give one of them as as_of"
            raise FileRefused(Code.F_MISSING, msg)
        return wanted, days[wanted]


def _as_day(name: str) -> date | None:
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return None
    return day if str(day) == name else None


def _candidates(folder: UPath, frame: Frame) -> list[UPath]:
    return [path for ending in ENDINGS if (path := folder / f"{frame.name}{ending}").is_file()]


def _find(folder: UPath, frame: Frame) -> UPath:
    found = _candidates(folder, frame)
    there = shorten(sorted(path.name for path in folder.iterdir())) or "nothing"
    if not found:
        wanted = " or ".join(f"{frame.name}{ending}" for ending in ENDINGS)
        msg = f"there is no {wanted} in {folder}; there is {there}. Put the export of the {frame.name} there"
        raise FileRefused(Code.F_MISSING, msg)
    if len(found) > 1:
        msg = f"{folder} holds {' and '.join(path.name for path in found)}; leave the one that is right"
        raise FileRefused(Code.F_FORMAT, msg)
    return found[0]
