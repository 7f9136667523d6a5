"""
Bring Airflow's database up to date and write its roles and users, all in one process.

Each `airflow` command costs seconds to import Airflow; run as a module, with Airflow's environment
and `{user: password}` as JSON on standard input.
"""

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride
from airflow.utils.db import upgradedb
from airflow.utils.providers_configuration_loader import providers_configuration_loaded

from include.local.roles import write_roles

if TYPE_CHECKING:
    from airflow.providers.fab.auth_manager.models import Role


@providers_configuration_loaded
def bring_up_to_date(passwords: Mapping[str, str]) -> None:
    """
    Migrate, then write roles and users; running it again resets only what differs.

    Args:
        passwords: by user; each user has the one role of the same name.
    """
    upgradedb()
    with get_application_builder() as builder:
        manager = builder.sm
        manager.sync_roles()
        roles = write_roles(manager)
        for name, password in passwords.items():
            _write_user(manager, name, password, roles[name])


def _write_user(manager: FabAirflowSecurityManagerOverride, name: str, password: str, role: "Role") -> None:
    if user := manager.find_user(username=name):
        user.roles = [role]
        manager.reset_password(user.id, password)
        return
    manager.add_user(name, name.capitalize(), "Winddown", f"{name}@localhost", [role], password)


if __name__ == "__main__":
    bring_up_to_date(json.load(sys.stdin))
