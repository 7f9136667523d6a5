"""Secrets and passwords of one var/: made once, kept in its secrets.json."""

import base64
import json
import os
import secrets
from dataclasses import replace
from pathlib import Path

from include.local.settings import USERS, Secrets

FILE = "secrets.json"


def generate() -> Secrets:
    """Make new ones; lengths follow Fernet (32 bytes) and HS512 (64 bytes)."""
    return Secrets(
        fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        jwt_secret=secrets.token_urlsafe(64),
        api_secret_key=secrets.token_urlsafe(32),
        passwords={user: _password() for user in USERS},
    )


def load_or_generate(var: Path) -> tuple[Secrets, bool]:
    """
    Read the secrets of a var/, or make them; a user that is new gets a password.

    Returns:
        The secrets, and whether they are new.
    """
    path = var / FILE
    if path.exists():
        known = Secrets(**json.loads(path.read_text()))
        new = {user: _password() for user in USERS if user not in known.passwords}
        if new:  # a user there was not when this var/ was made
            known = replace(known, passwords={**known.passwords, **new})
            _write(path, known)
        return known, False
    made = generate()
    _write(path, made)
    return made, True


def _password() -> str:
    return secrets.token_urlsafe(12)


def _write(path: Path, made: Secrets) -> None:
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
