"""Everything a journey needs, started together: PostgreSQL, sandbox, Airflow; a context manager."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from include.local import databases, keys, ports, postgres, worlds
from include.local.api import AirflowApi
from include.local.crew import Crew
from include.local.environment import airflow_environment, database_url
from include.local.errors import LocalError
from include.local.settings import ROOT, Settings
from include.local.worlds import WorldControl

READY_S = 180.0
COMPONENTS = {
    "api-server": ("airflow", "api-server", "--host", ports.HOST),
    # Without log servers nothing listens beyond this machine; the api-server reads the files itself.
    "scheduler": ("include.local.scheduler", "--skip-serve-logs"),
    "dag-processor": ("airflow", "dag-processor"),
    "triggerer": ("airflow", "triggerer", "--skip-serve-logs"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """
    What to start.

    Attributes:
        var: the folder it all lives in.
        dags: folder of the DAG files.
        port: wanted for the UI; another one is taken when it is busy.
        input_folder: file exports to work on.
        say: where progress is told.
    """

    var: Path
    dags: Path = ROOT / "dags"
    port: int = 8080
    input_folder: Path | None = None
    say: Callable[[str], None] = print


class Stack:
    """
    The running system.

    Attributes:
        settings: addresses, ports and secrets of this run.
        world: steers the demo merchant's world.
        mirror: steers the world behind the file exports, when there are any.
        seconds: what each part of the start took.
        is_first: whether the passwords are new.
    """

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.seconds: dict[str, float] = {}
        self.mirror: WorldControl | None = None
        self._clients: dict[str, AirflowApi] = {}

    def __enter__(self) -> Self:
        """Start everything; whatever has been started is ended again when a part fails."""
        with contextlib.ExitStack() as exits:
            self.crew = exits.enter_context(Crew(self.wish.var))
            exits.callback(self._close)
            self._start()
            self._exits = exits.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self._exits.close()

    @property
    def database_url(self) -> str:
        """Where winddown's own database is."""
        return database_url(self.settings.postgres_host, "winddown")

    def api(self, user: str) -> AirflowApi:
        """Give Airflow's API as one of settings.USERS."""
        if user not in self._clients:
            password = self.settings.secrets.passwords[user]
            self._clients[user] = AirflowApi(self.settings.base_url, user, password)
        return self._clients[user]

    def wait_for(self, what: str, is_there: Callable[[], bool], patience_s: float = READY_S) -> None:
        """
        Wait until something is so, as long as every process lives.

        Raises:
            Ended: a process is gone.
            LocalError: it takes too long.
        """
        give_up_at = time.monotonic() + patience_s
        while not is_there():
            self.crew.check()
            if time.monotonic() > give_up_at:
                msg = f"waited {patience_s:.0f} s for {what}; the logs are in {self.crew.logs}"
                raise LocalError(msg)
            time.sleep(0.25)

    def wait_for_dags(self, dag_ids: Iterable[str]) -> None:
        """
        Wait until Airflow knows these DAGs.

        Raises:
            LocalError: a DAG file does not load; shows why.
        """
        wanted = set(dag_ids)
        engineer = self.api("engineer")

        def are_there() -> bool:
            if errors := engineer.import_errors():
                raise LocalError("a DAG file does not load: " + "; ".join(errors))
            return wanted <= engineer.dag_ids()

        self.wait_for(f"the DAGs {', '.join(sorted(wanted))}", are_there)

    def _start(self) -> None:
        # compiled beside all else; a task that comes earlier compiles for itself
        self.crew.start_aside("warm", (sys.executable, "-m", "include.local.warm"))
        sandbox = worlds.start(self.crew, "world")
        folder = remember(self.wish.var / "input", self.wish.input_folder)
        mirror = worlds.start(self.crew, "mirror", mirror=True) if folder else None
        with self._timed("postgres"):
            host = postgres.start(self.crew.postgres_data, self.crew.token)
        secrets, self.is_first = keys.load_or_generate(self.wish.var)
        self.settings = Settings(
            var=self.wish.var,
            dags=self.wish.dags,
            port=self._port(),
            log_port=ports.any_free_port(),
            postgres_host=host,
            secrets=secrets,
            sandbox=worlds.wait_ready(self.crew, sandbox),
            input_folder=folder,
            mirror=worlds.wait_ready(self.crew, mirror) if mirror else None,
        )
        self.world = WorldControl(self.settings.sandbox)
        self.mirror = WorldControl(self.settings.mirror) if self.settings.mirror else None
        with self._timed("databases"):
            databases.bring_up_to_date(self.crew, self.settings)
            (self.wish.var / "database.url").write_text(self.database_url)  # for bin/winddown effects
        with self._timed("airflow"):
            self._start_airflow()

    def _start_airflow(self) -> None:
        environment = airflow_environment(self.settings)
        (self.settings.var / "store").mkdir(exist_ok=True)
        for name, command in COMPONENTS.items():
            self.crew.start(name, (sys.executable, "-m", *command), environment)
        self.wait_for("Airflow to get healthy", self.api("engineer").is_healthy)

    def _port(self) -> int:
        port = ports.free_port(self.wish.port)
        if self.wish.port and port != self.wish.port:
            self.wish.say(f"Port {self.wish.port} is busy; taking {port} instead.")
        return port

    @contextlib.contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[part] = round(time.monotonic() - began, 1)

    def _close(self) -> None:
        for world in (getattr(self, "world", None), self.mirror, *self._clients.values()):
            if world:
                world.close()


def remember(note: Path, folder: Path | None) -> Path | None:
    """
    Keep which folder of exports was given last, so that its exit still has its connections.

    Returns:
        The folder given now, else the one given last if it is still there.
    """
    if folder:
        note.write_text(str(folder))
    known = Path(note.read_text()) if note.exists() else None
    return known if known and known.is_dir() else None
