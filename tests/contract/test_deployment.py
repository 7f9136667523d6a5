"""What production runs can be loaded from the locked packages."""

import os
import subprocess
import sys
from pathlib import Path

import yaml
from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[2]


def test_the_locked_celery_fits_the_executor(tmp_path):
    """Scheduler and workers load their executor; versions of Celery exist that its provider cannot import."""
    module = "airflow.providers.celery.executors.celery_executor"
    done = subprocess.run(
        [sys.executable, "-c", f"from {module} import CeleryExecutor"],
        env={"PATH": os.environ["PATH"], "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_the_split_keeps_its_machine_code_where_it_is_told(tmp_path):
    """In the image nothing can be written beside the source; the folder need not be there."""
    told = tmp_path / "numba"
    asked = "from include.winddown.domain.split.kernel import gain_eight as one; print(one._cache.cache_path)"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "NUMBA_CACHE_DIR": str(told)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert told in Path(done.stdout.strip()).parents


def test_production_runs_the_postgresql_that_the_tests_run_on(engine: Engine):
    """The major version of the server in compose is that of the embedded one."""
    with engine.connect() as connection:
        major = int(connection.scalar(text("show server_version_num"))) // 10_000
    compose = yaml.safe_load((ROOT / "docker-compose.yaml").read_text())
    assert compose["services"]["postgres"]["image"].startswith(f"postgres:{major}-")
