"""
Bring Airflow's database up to date and write its roles and users, all in one process.

Each `airflow` command costs seconds to import Airflow; run as a module, with Airflow's environment
and `{user: password}` as JSON on standard input; `{}` = no users. Run it again after a user got or
lost the role approver: tasks know from the connection winddown_approvers who may approve.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from airflow.models.connection import Connection
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride
from airflow.utils.db import upgradedb
from airflow.utils.providers_configuration_loader import providers_configuration_loaded
from airflow.utils.session import create_session
from sqlalchemy import select

from include.local.roles import APPROVER, write_roles
from include.local.settings import USERS
from include.winddown.runtime.connection_types import APPROVERS_CONN

if TYPE_CHECKING:
    from airflow.providers.fab.auth_manager.models import Role, User


@providers_configuration_loaded
def bring_up_to_date(passwords: Mapping[str, str]) -> None:
    """
    Migrate, then write roles and users; running it again resets only what differs.

    Args:
        passwords: by user of settings.USERS, who gets the one role named there.
    """
    upgradedb()
    with get_application_builder() as builder:
        manager = builder.sm
        manager.sync_roles()
        roles = write_roles(manager)
        for name, password in passwords.items():
            _write_user(manager, name, password, roles[USERS[name]])
        _write_approvers(approvers_of(manager.get_all_users()))


def approvers_of(users: Iterable["User"]) -> dict[str, str]:
    """Name the active users with the role approver, of their own or through a group, each with the id."""
    return {user.username: user.get_id() for user in users if user.active and APPROVER in _roles(user)}


def _roles(user: "User") -> set[str]:
    return {role.name for role in (*user.roles, *(role for group in user.groups for role in group.roles))}


def _write_approvers(ids: Mapping[str, str]) -> None:
    with create_session() as session:
        known = session.scalar(select(Connection).where(Connection.conn_id == APPROVERS_CONN))
        conn = known or Connection(conn_id=APPROVERS_CONN, conn_type="generic")
        conn.description = "Who may approve plans: user name and id; written by include.local.accounts."
        conn.set_extra(json.dumps(ids))
        session.add(conn)


def _write_user(manager: FabAirflowSecurityManagerOverride, name: str, password: str, role: "Role") -> None:
    if user := manager.find_user(username=name):
        user.roles = [role]
        manager.reset_password(user.id, password)
        return
    manager.add_user(name, name.capitalize(), "Winddown", f"{name}@localhost", [role], password)


if __name__ == "__main__":
    bring_up_to_date(json.load(sys.stdin))
