"""What production runs can be loaded from the locked packages."""

import os
import subprocess
import sys


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
