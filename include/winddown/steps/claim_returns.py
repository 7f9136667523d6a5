"""Prepare claims with their evidence, ask a person, hand them over."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import pyarrow as pa

from include.winddown.adapters.claims.pack import build_pack, enclosures
from include.winddown.adapters.match.run import Result, run_match
from include.winddown.adapters.stores.claims import CLAIM_ID_DIGITS, Claim, ClaimStore
from include.winddown.adapters.stores.match_legs import legs_of
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.domain.amounts import amount_of
from include.winddown.domain.errors import BadAnswer, ClaimNotApproved, NothingToDo
from include.winddown.domain.exits import Exit
from include.winddown.domain.match.evidence import evidence_tables
from include.winddown.domain.match.letters import ClaimFacts
from include.winddown.domain.texts import markdown_safe
from include.winddown.runtime import doors
from include.winddown.runtime.stations import run_key, tell
from include.winddown.steps.gather import exit_of


def prepare(exit_id: str) -> str:
    """Make one claim for each of the partner's warehouses, and lay its evidence pack into the store."""
    merchant_exit, engine, today = exit_of(exit_id), doors.database(), datetime.now(UTC).date()
    rows = ask_rows(engine, "claim_open", exit_id=exit_id, today=today.isoformat())
    if not rows:
        msg = f"nothing can be claimed for {exit_id} today"
        raise NothingToDo(msg)
    legs = legs_of(engine, exit_id)
    result = run_match(legs, merchant_exit.policy.match, datetime.now(UTC), _no_lines)
    claims = [
        _prepare_one(merchant_exit, list(lines), result, today)
        for _, lines in groupby(rows, key=lambda row: (row["warehouse_id"], row["currency"]))
    ]
    return ",".join(one.claim_id for one in claims)


def ask(claim_ids: str) -> dict[str, str]:
    """Word the question."""
    claims = _claims(claim_ids)
    listed = [
        f"- {one.claim_id}: {markdown_safe(one.warehouse_id)}, {one.lines_count} lines,"
        f" {amount_of(one.amount_minor)} {one.currency}, pack `{one.digest[:16]}` in `{_place(one)}`"
        for one in claims
    ]
    body = "\n".join(
        ["Look into each pack before you answer. Approved claims count as handed over:", "", *listed]
    )
    return {"subject": f"[claims {claims[0].digest[:12]}] Hand over {len(claims)} claims?", "body": body}


def hear(
    claim_ids: str,
    choice: str,
    fields: Mapping[str, Any],  # noqa: ARG001  nothing is filled in
    by_user: str,
) -> str:
    """Take down who answered what about each pack."""
    if not by_user:
        msg = "Airflow names nobody who answered; a claim is approved by a named person"
        raise BadAnswer(msg)
    store = ClaimStore(doors.database())
    answer = {"option": choice, "user_id": by_user, "user_name": by_user, "answered_at": datetime.now(UTC)}
    for one in _claims(claim_ids):
        store.record_answer(one, answer | {"ti_id": run_key(), "run_id": run_key()})
    return choice


def hand_over(claim_ids: str) -> list[str]:
    """Check each pack and its answer, and mark it as handed over; whoever approved sends it."""
    store, handed = ClaimStore(doors.database()), []
    for one in _claims(claim_ids):
        content = (doors.store_root() / _place(one)).read_bytes()
        if hashlib.sha256(content).hexdigest() != one.digest:
            msg = f"the pack {_place(one)} is not the one that was approved; prepare the claim again"
            raise ClaimNotApproved(msg)
        tell(f"claim {one.claim_id} approved by {store.hand_over(one)}: send {_place(one)}")
        handed.append(one.claim_id)
    return handed


def _prepare_one(merchant_exit: Exit, lines: list[dict[str, Any]], result: Result, today: date) -> Claim:
    numbers = sorted({str(line["request_no"]) for line in lines})
    events = ask_rows(doors.database(), "claim_events", exit_id=merchant_exit.exit_id, request_nos=numbers)
    key = "|".join(
        f"{line['request_id']}/{line['sku']}/{line['condition']}/{line['kind']}/{line['qty']}"
        for line in lines
    )
    claim_id = hashlib.sha256(f"{merchant_exit.exit_id}|{today}|{key}".encode()).hexdigest()[:CLAIM_ID_DIGITS]
    facts = _facts(claim_id, merchant_exit, lines, today)
    parcels, cartons = result.parcels.to_pylist(), result.cartons.to_dict("records")
    pack = build_pack(facts, evidence_tables(lines, parcels, cartons, events), events)
    one = Claim(
        claim_id=claim_id,
        exit_id=merchant_exit.exit_id,
        warehouse_id=facts.warehouse_id,
        digest=pack.digest,
        lines_count=len(lines),
        currency=facts.currency,
        amount_minor=facts.amount_minor,
    )
    place = doors.store_root() / _place(one)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(pack.content)
    ClaimStore(doors.database()).prepare(one, lines, pack.files)
    return one


def _facts(claim_id: str, merchant_exit: Exit, lines: list[dict[str, Any]], today: date) -> ClaimFacts:
    return ClaimFacts(
        claim_id=claim_id,
        merchant=merchant_exit.merchant,
        warehouse_id=lines[0]["warehouse_id"],
        claimed_on=today,
        currency=lines[0]["currency"],
        amount_minor=sum(line["value_minor"] for line in lines if line["value_minor"] is not None),
        basis=lines[0]["basis"],
        unvalued_qty=sum(line["qty"] for line in lines if line["value_minor"] is None),
        lines=lines,
        enclosures=enclosures(),
    )


def _place(one: Claim) -> str:
    return f"{one.exit_id}/claims/{one.claim_id}-{one.digest[:CLAIM_ID_DIGITS]}.zip"


def _claims(ids: str) -> list[Claim]:
    return ClaimStore(doors.database()).of(ids.split(","))


def _no_lines(_chunk: pa.Table) -> None:
    pass
