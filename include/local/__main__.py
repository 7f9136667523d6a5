"""`python -m include.local run` and `reset`; `make run` and `make reset` call it."""

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from include.local.crew import end_leftovers, take_lock
from include.local.errors import LocalError, Stopped
from include.local.journey import DAGS, Journey
from include.local.keys import FILE
from include.local.progress import Progress
from include.local.settings import ROOT
from include.local.stack import Stack, Wish
from include.local.subject import demo_subject, exports_subject
from include.local.summary import summary_rows, write_summary

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; gives the exit code."""
    given = _parser().parse_args(arguments)
    given.var = given.var.resolve()
    progress = Progress()
    for number in SIGNALS:
        signal.signal(number, _stop)
    try:
        if given.command == "reset":
            reset(given.var, progress)
        else:
            run(given, progress)
    except LocalError as problem:
        progress.say(str(problem), style="red")
        return 1
    except Stopped as stopped:
        progress.say("Stopped; nothing is left running.")
        return 128 + stopped.number
    return 0


def run(given: argparse.Namespace, progress: Progress) -> None:
    """Start the system, drive the journey, serve."""
    folder = given.input.resolve() if given.input else None
    subject = exports_subject(folder) if folder else demo_subject(datetime.now(UTC).date(), given.desk)
    began = time.monotonic()
    progress.say("Starting PostgreSQL, the sandbox and Airflow ...")
    with Stack(Wish(var=given.var, port=given.port, input_folder=folder, say=progress.say)) as stack:
        stack.wait_for_dags(DAGS)
        progress.say(f"Airflow is up after {time.monotonic() - began:.0f} s: {stack.settings.base_url}")
        _tell_passwords(stack, progress)
        robot = given.approve == "auto" or (given.approve is None and not sys.stdin.isatty())
        summary = Journey(stack, subject, progress, robot=robot).go()
        write_summary(summary, given.var / "summary.json")
        progress.table(f"Where the exit {subject.exit_id} stands", summary_rows(summary))
        progress.say(f"The UI is at {stack.settings.base_url}")
        if not given.once:
            _serve(stack, progress)


def reset(var: Path, progress: Progress) -> None:
    """
    Wipe a var/.

    Raises:
        Busy: a launcher is using it.
    """
    if not var.exists():
        progress.say(f"{var} is not there; nothing to wipe.")
        return
    if not ((var / "lock").exists() or (var / FILE).exists()):
        msg = f"{var} was not made by `make run`; not wiping it"
        raise LocalError(msg)
    with take_lock(var):
        end_leftovers(var)
        shutil.rmtree(var)
    progress.say(f"Wiped {var}.")


def _serve(stack: Stack, progress: Progress) -> None:
    progress.say("Serving until Ctrl-C.")
    try:
        while True:
            stack.crew.check()
            time.sleep(1)
    except Stopped:
        progress.say("Stopping ...")


def _tell_passwords(stack: Stack, progress: Progress) -> None:
    path = stack.wish.var / FILE
    if not stack.is_first:
        progress.say(f"Users and passwords are in {path}")
        return
    progress.say("Users, shown this once:")
    for user, password in stack.settings.secrets.passwords.items():
        progress.say(f"  {user:<9} {password}")
    progress.say(f"  kept in {path}, readable by you only")


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m include.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("run", help="start everything and drive the journey")
    start.add_argument("--input", type=Path, help="folder of file exports instead of the demo merchant")
    start.add_argument("--once", action="store_true", help="leave when the journey is done")
    start.add_argument("--approve", choices=("auto", "ask"), help="auto: the demo's approver answers")
    desks = ("partner_api", "documents")
    start.add_argument("--desk", choices=desks, default=desks[0], help="how the demo's warehouse is asked")
    start.add_argument("--port", type=int, default=8080, help="of the UI; another one when it is busy")
    for command in (start, commands.add_parser("reset", help="wipe what run has written")):
        command.add_argument("--var", type=Path, default=ROOT / "var", help="where everything is kept")
    return parser


if __name__ == "__main__":
    sys.exit(main())
