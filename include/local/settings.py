"""What one local run is made of: folders, ports, secrets, and the sandbox it talks to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

USERS: Mapping[str, str] = {
    "viewer": "viewer",
    "operator": "operator",
    "approver": "approver",
    "approver2": "approver",
    "engineer": "engineer",
}
"""User -> role: one for each role, named like it, and a second one who approves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """
    Generated once for each var/ and kept in its secrets.json (0600).

    Attributes:
        fernet_key: encrypts connections in Airflow's database.
        jwt_secret: signs tokens, at least 64 bytes.
        api_secret_key: signs sessions of the UI.
        passwords: by user name.
    """

    fernet_key: str
    jwt_secret: str
    api_secret_key: str
    passwords: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """
    Where the sandbox listens and what opens its doors; all of it comes from its ready line.

    Attributes:
        host, port: one server for all doors.
        client_id, api_key: of the marketplace door; this key reads.
        admin_api_key: of the same door; this one sets prices.
        partner_token, dock_token, world_token: bearer tokens of the other three.
        costs: the merchant's cost sheet, a CSV file.
        smtp_port, smtp_password: of its mail server, login winddown.
    """

    host: str
    port: int
    client_id: str
    api_key: str
    admin_api_key: str
    partner_token: str
    dock_token: str
    world_token: str
    costs: Path
    smtp_port: int = 25
    smtp_password: str = ""

    @property
    def address(self) -> str:
        """The server's URL."""
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    One local run.

    Attributes:
        var: everything the run writes lies here.
        dags: folder of the DAG files.
        port: of the UI and API, on 127.0.0.1.
        log_port: named in Airflow's settings, so that it never asks a stranger's port for logs;
            nothing listens there.
        postgres_host: directory of the PostgreSQL socket.
        secrets: see Secrets.
        sandbox: the demo merchant's world.
        input_folder: file exports to work on instead of the demo merchant.
        mirror: a second world for those, whose warehouse agrees to return whatever is in the files.
    """

    var: Path
    dags: Path
    port: int
    log_port: int
    postgres_host: str
    secrets: Secrets
    sandbox: Sandbox
    input_folder: Path | None = None
    mirror: Sandbox | None = None

    @property
    def inbox(self) -> Path:
        """Where the clerk of a warehouse without an API puts his files."""
        return self.var / "desk"

    @property
    def base_url(self) -> str:
        """Where the UI is."""
        return f"http://127.0.0.1:{self.port}"
