"""A whole match: legs in, lines and discrepancies out; lines are handed on chunk by chunk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.match.joins import Joins, Legs, join_legs
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.match.cartons import weigh
from include.winddown.domain.match.decide import NO_LINE, in_order, match_chunk, match_strays
from include.winddown.domain.match.frames import LINES
from include.winddown.domain.match.leftovers import word_the_rest
from include.winddown.domain.match.scorecard import score_partners
from include.winddown.domain.match.settings import Match
from include.winddown.domain.match.swaps import Swap, find_swaps

TakeLines = Callable[[pa.Table], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    What a match found beside its lines.

    Attributes:
        found: decide.FOUND, in order.
        swaps: pairs of short and over.
        cartons: weighed cartons with their verdict.
        parcels: sent and counted by parcel, of lines that have a discrepancy.
        notes: what is to be known of single events.
        repeats: rows, events and repeats of each leg.
        scorecard: one row per partner's warehouse.
        guesses: how many pieces went to a line among several possible ones.
    """

    found: pd.DataFrame
    swaps: list[Swap]
    cartons: pd.DataFrame
    parcels: pa.Table
    notes: pa.Table
    repeats: pa.Table
    scorecard: pd.DataFrame
    guesses: int


def run_match(legs: Legs, policy: Match, now: datetime, take: TakeLines) -> Result:
    """
    Match the three legs.

    Args:
        legs: the rows; the same rows in any order, or several times, give the same result.
        policy: tolerances, windows and basis.
        now: aware.
        take: is given frames.LINES in chunks, ordered by account, request, SKU and condition.
    """
    with join_legs(legs, policy, now) as joins:
        parts, scores = [], []
        for batch in joins.lines():
            matched = match_chunk(batch.to_pandas(), policy, now)
            take(pa.Table.from_pandas(matched.lines, schema=arrow_schema(LINES), preserve_index=False))
            parts.append(matched.found)
            scores.append(matched.score)
        found = in_order([*parts, match_strays(_strays(joins), policy, now)])
        claims = found.loc[found["line_id"] != NO_LINE, "line_id"]
        return Result(
            found=found.drop(columns="line_id"),
            swaps=find_swaps(found[["account_id", "request_no", "sku", "class", "qty"]].to_dict("records")),
            cartons=weigh(joins.table("cartons").to_pandas(), policy),
            parcels=joins.parcels(pa.array(claims.unique(), pa.int64())),
            notes=joins.notes(),
            repeats=joins.table("repeats"),
            scorecard=score_partners(scores, joins.table("restated").to_pandas()),
            guesses=sum(share.qty for share in joins.shares if share.is_guess),
        )


def _strays(joins: Joins) -> pd.DataFrame:
    rest = word_the_rest(joins.counts, joins.shares)
    others = [joins.table(name).to_pandas() for name in ("unread", "fees")]
    return pd.concat([rest, *(table for table in others if len(table))], ignore_index=True)
