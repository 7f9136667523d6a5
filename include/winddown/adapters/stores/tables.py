"""
Every table of winddown's own database, under one roof.

The DDL that stands in production is in migrations/; a contract test holds the two together.
Triggers (append-only rows, the ways an effect may go) exist in the migrations only.
"""

from include.winddown.adapters.stores.tables_answer import desk_answer, desk_question
from include.winddown.adapters.stores.tables_base import metadata
from include.winddown.adapters.stores.tables_leave import application, hand_over_step
from include.winddown.adapters.stores.tables_ledger import (
    NODES,
    effect,
    effect_attempt,
    effect_note,
    ledger_epoch,
    movement,
    return_line,
    return_request,
)
from include.winddown.adapters.stores.tables_match import (
    claim,
    claim_answer,
    claim_evidence,
    claim_line,
    claim_settlement,
    claim_settlement_line,
    discrepancy,
    event,
)
from include.winddown.adapters.stores.tables_plan import (
    approval,
    approval_answer,
    approval_question,
    plan,
    plan_decision,
    plan_line,
    shipment,
    shipment_line,
)
from include.winddown.adapters.stores.tables_prices import price_change
from include.winddown.adapters.stores.tables_snapshot import (
    exit_,
    exit_move,
    expectation_result,
    gate_verdict,
    quarantine,
    restatement,
    snapshot,
    snapshot_file,
    snapshot_source,
    stock_difference,
)
from include.winddown.adapters.stores.tables_watch import own_alert, rejoin

__all__ = [
    "NODES",
    "application",
    "approval",
    "approval_answer",
    "approval_question",
    "claim",
    "claim_answer",
    "claim_evidence",
    "claim_line",
    "claim_settlement",
    "claim_settlement_line",
    "desk_answer",
    "desk_question",
    "discrepancy",
    "effect",
    "effect_attempt",
    "effect_note",
    "event",
    "exit_",
    "exit_move",
    "expectation_result",
    "gate_verdict",
    "hand_over_step",
    "ledger_epoch",
    "metadata",
    "movement",
    "own_alert",
    "plan",
    "plan_decision",
    "plan_line",
    "price_change",
    "quarantine",
    "rejoin",
    "restatement",
    "return_line",
    "return_request",
    "shipment",
    "shipment_line",
    "snapshot",
    "snapshot_file",
    "snapshot_source",
    "stock_difference",
]
