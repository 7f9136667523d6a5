"""
Who may do what: four roles for four kinds of people.

Airflow's own roles do not fit: its User may both start a plan and approve it. FAB asks for
`can_edit` on a DAG before it lets anyone trigger it or answer its required action, so that right
is given for single DAGs and does not reach runs or task instances.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from airflow.providers.fab.auth_manager.security_manager.override import (
    FabAirflowSecurityManagerOverride as Fab,
)
from airflow.providers.fab.www.security import permissions as fab

from include.local.errors import LocalError

if TYPE_CHECKING:
    from airflow.providers.fab.auth_manager.models import Permission, Role

Right = tuple[str, str]
"""Action and resource, as FAB names them."""

PRODUCT_DAGS = (
    "apply_to_leave",
    "watch_reviews",
    "open_exit",
    "take_snapshot",
    "plan_wind_down",
    "create_returns",
    "mark_down",
    "reconcile_returns",
    "claim_returns",
    "settle_claim",
    "watch_claims",
    "hand_over",
    "watch_own_stock",
    "rejoin",
    "follow_returns",
    "resolve_effects",
    "settle_effect",
    "thaw_ledger",
)
QUESTION_DAGS = (
    "apply_to_leave",
    "plan_wind_down",
    "create_returns",
    "claim_returns",
    "rejoin",
    "settle_claim",
    "hand_over",
    "settle_effect",
    "thaw_ledger",
)
"""The DAGs in which an approver is asked."""
APPROVER = "approver"

_ANSWER: Right = (fab.ACTION_CAN_EDIT, fab.RESOURCE_HITL_DETAIL)


def _may_edit(dag_ids: Iterable[str]) -> set[Right]:
    return {(fab.ACTION_CAN_EDIT, fab.resource_name(dag_id, fab.RESOURCE_DAG)) for dag_id in dag_ids}


def rights_by_role() -> dict[str, set[Right]]:
    """
    List the rights of each role.

    Returns:
        viewer reads; operator also triggers the product's DAGs; approver answers what the DAGs ask and
        nothing else; engineer clears, edits and repairs, and does not approve.
    """
    viewer = {*Fab.VIEWER_PERMISSIONS, (fab.ACTION_CAN_ACCESS_MENU, fab.RESOURCE_HITL_DETAIL)}
    engineer = viewer | {*Fab.USER_PERMISSIONS, *Fab.OP_PERMISSIONS} - {_ANSWER}
    return {
        "viewer": viewer,
        "operator": viewer | _may_edit(PRODUCT_DAGS) | {(fab.ACTION_CAN_CREATE, fab.RESOURCE_DAG_RUN)},
        APPROVER: viewer | _may_edit(QUESTION_DAGS) | {_ANSWER},
        "engineer": engineer,
    }


def write_roles(manager: Fab) -> dict[str, "Role"]:
    """Make each role hold exactly the rights listed here; running it again changes nothing."""
    wanted = rights_by_role()
    known = {right: _permission(manager, right) for right in sorted(set().union(*wanted.values()))}
    roles = {}
    for name, rights in wanted.items():
        role = manager.find_role(name) or manager.add_role(name)
        role.permissions = [known[right] for right in sorted(rights)]
        roles[name] = role
    manager.session.commit()
    return roles


def _permission(manager: Fab, right: Right) -> "Permission":
    permission = manager.create_permission(*right)
    if permission is None:
        msg = f"FAB cannot store the right {right}; its log says why"
        raise LocalError(msg)
    return permission
