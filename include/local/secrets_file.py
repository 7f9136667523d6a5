"""
The secrets of a deployment by docker-compose: written once into .env, checked at every start.

Run as a module: without arguments it writes .env, with `check` it judges the environment.
"""

import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from include.local import keys
from include.local.errors import LocalError
from include.local.settings import ROOT

PASSWORDS = (
    "POSTGRES_PASSWORD",
    "AIRFLOW_DB_PASSWORD",
    "CELERY_DB_PASSWORD",
    "WINDDOWN_DB_PASSWORD",
    "REDIS_PASSWORD",
)
TO_FILL_IN = {
    "WINDDOWN_BASE_URL": "the https address people open, for example https://winddown.example",
    "AIRFLOW_DIGEST": "docker buildx imagetools inspect apache/airflow:3.3.2-python3.12",
    "POSTGRES_DIGEST": "docker buildx imagetools inspect postgres:18-bookworm",
    "REDIS_DIGEST": "docker buildx imagetools inspect redis:7.2-bookworm",
}

LENGTH_MIN = {
    "AIRFLOW__CORE__FERNET_KEY": 44,
    "AIRFLOW__API_AUTH__JWT_SECRET": 64,
    "AIRFLOW__API__SECRET_KEY": 32,
}
"""Shortest acceptable value of each signing and encryption key, in characters."""

# Strings that stand in published examples: whoever reads those could forge tokens.
_MEND = "delete its line from .env and run python3 -m include.local.secrets_file"
_PUBLISHED = re.compile(r"airflow|example|secret|change|default|password", re.IGNORECASE)


def generate() -> dict[str, str]:
    """Make every secret the compose file asks for; each fits into a URL and into JSON as it is."""
    made = keys.generate()
    return {
        **{name: secrets.token_urlsafe(24) for name in PASSWORDS},
        "AIRFLOW_FERNET_KEY": made.fernet_key,
        "AIRFLOW_JWT_SECRET": made.jwt_secret,
        "AIRFLOW_API_SECRET_KEY": made.api_secret_key,
    }


def write(path: Path) -> list[str]:
    """
    Write the secrets, readable by their owner only; what the file already names stays as it is.

    Returns:
        The names that were added.
    """
    held = path.read_text() if path.exists() else ""
    known = set(re.findall(r"^([A-Z_]+)=", held, re.MULTILINE))
    added = {name: value for name, value in generate().items() if name not in known}
    asked = {name: hint for name, hint in TO_FILL_IN.items() if name not in known}
    lines = [f"{name}={value}\n" for name, value in added.items()]
    lines += [f"# {hint}\n{name}=\n" for name, hint in asked.items()]
    start = held if not held or held.endswith("\n") else f"{held}\n"
    unfinished = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(start + "".join(lines))
    unfinished.replace(path)
    return [*added, *asked]


def check(environment: Mapping[str, str]) -> None:
    """
    Judge the keys that Airflow is about to use.

    Raises:
        LocalError: a key is missing, too short, from a published example, or used twice. It is
            named; its value is not.
    """
    for name, length in LENGTH_MIN.items():
        value = environment.get(name, "")
        if len(value) < length:
            msg = f"{name} has {len(value)} characters, at least {length} are needed; {_MEND}"
            raise LocalError(msg)
        if _PUBLISHED.search(value):
            msg = f"{name} looks like one from a published example; {_MEND}"
            raise LocalError(msg)
    if len({environment[name] for name in LENGTH_MIN}) < len(LENGTH_MIN):
        msg = f"{', '.join(LENGTH_MIN)} must differ from each other; {_MEND}"
        raise LocalError(msg)


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    if arguments == ["check"]:
        try:
            check(os.environ)
        except LocalError as problem:
            msg = f"The secrets are refused: {problem}"
            raise SystemExit(msg) from problem
        return
    path = Path(arguments[0]) if arguments else ROOT / ".env"
    added = write(path)
    print(f"{path} (0600): added {', '.join(added) or 'nothing'}")  # noqa: T201  it is a command
    print("Fill in: " + ", ".join(TO_FILL_IN))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
