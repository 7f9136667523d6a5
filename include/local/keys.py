"""Secrets and passwords of one var/: made once, kept in its secrets.json."""

import base64
import json
import os
import secrets
from pathlib import Path

from include.local.settings import USERS, Secrets

FILE = "secrets.json"


def generate() -> Secrets:
    """Make new ones; lengths follow Fernet (32 bytes) and HS512 (64 bytes)."""
    return Secrets(
        fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        jwt_secret=secrets.token_urlsafe(64),
        api_secret_key=secrets.token_urlsafe(32),
        passwords={user: secrets.token_urlsafe(12) for user in USERS},
    )


def load_or_generate(var: Path) -> tuple[Secrets, bool]:
    """
    Read the secrets of a var/, or make them.

    Returns:
        The secrets, and whether they are new.
    """
    path = var / FILE
    if path.exists():
        return Secrets(**json.loads(path.read_text())), False
    made = generate()
    unfinished = path.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(
            {
                "fernet_key": made.fernet_key,
                "jwt_secret": made.jwt_secret,
                "api_secret_key": made.api_secret_key,
                "passwords": dict(made.passwords),
            },
            file,
            indent=1,
        )
    unfinished.replace(path)
    return made, True
