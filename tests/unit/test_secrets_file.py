"""The secrets of a deployment: generated, kept, and judged before anything starts."""

import re
from pathlib import Path

import pytest

from include.local import secrets_file
from include.local.errors import LocalError

ROOT = Path(__file__).parents[2]


def test_secrets_are_written_once_and_only_for_their_owner(tmp_path):
    """A second run keeps what is there; each name that compose asks for is in the file."""
    path = tmp_path / ".env"
    path.write_text("REDIS_PASSWORD=kept")
    secrets_file.write(path)
    first = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert first.startswith("REDIS_PASSWORD=kept\n")
    names = re.findall(r"^([A-Z_]+)=", first, re.MULTILINE)
    assert sorted(names) == sorted({*secrets_file.generate(), *secrets_file.TO_FILL_IN})
    assert secrets_file.write(path) == []
    assert path.read_text() == first
    assert list(tmp_path.iterdir()) == [path]


def test_generated_secrets_fit_into_urls_and_differ():
    """No character of a secret means anything to compose, to a URL or to JSON."""
    made = secrets_file.generate()
    assert all(re.fullmatch(r"[A-Za-z0-9_=-]{32,}", value) for value in made.values())
    assert len(set(made.values())) == len(made)


def keys(**changed: str) -> dict[str, str]:
    made = secrets_file.generate()
    return {
        "AIRFLOW__CORE__FERNET_KEY": made["AIRFLOW_FERNET_KEY"],
        "AIRFLOW__API_AUTH__JWT_SECRET": made["AIRFLOW_JWT_SECRET"],
        "AIRFLOW__API__SECRET_KEY": made["AIRFLOW_API_SECRET_KEY"],
    } | changed


def test_generated_keys_pass_the_check_at_the_start():
    """What we write ourselves is good enough for us."""
    secrets_file.check(keys())


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"AIRFLOW__API_AUTH__JWT_SECRET": ""}, "AIRFLOW__API_AUTH__JWT_SECRET has 0 characters"),
        ({"AIRFLOW__API__SECRET_KEY": "short"}, "AIRFLOW__API__SECRET_KEY has 5 characters"),
        ({"AIRFLOW__API_AUTH__JWT_SECRET": "airflow_jwt_secret" * 4}, "looks like one from a published"),
        ({"AIRFLOW__API__SECRET_KEY": "x" * 64, "AIRFLOW__API_AUTH__JWT_SECRET": "x" * 64}, "must differ"),
    ],
)
def test_weak_keys_are_refused_by_name(changed, complaint):
    """The start ends with the name of the setting; its value is not told."""
    with pytest.raises(LocalError, match=complaint) as caught:
        secrets_file.check(keys(**changed))
    assert not any(value and value in str(caught.value) for value in changed.values())


def test_secrets_stay_out_of_git():
    """The file of secrets is ignored."""
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
