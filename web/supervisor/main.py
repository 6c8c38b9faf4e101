"""The story of ``mindcast serve``: prepare, start, be ready, watch, end."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from core.settings import read_settings
from media.binaries import nginx_path, weed_path
from web.supervisor.children import ROLES, Children
from web.supervisor.choices import make_choices
from web.supervisor.database import prepare_demo, upgrade
from web.supervisor.fork import freeze
from web.supervisor.home import check_demo, log_file, open_home
from web.supervisor.keeper import Keeper
from web.supervisor.ports import LOOPBACK, listening
from web.supervisor.ready import ask_readiness
from web.supervisor.roles import preload
from web.supervisor.run_file import remove_run_file, write_run_file
from web.supervisor.signals import Signals
from web.supervisor.steps import Stopped, run_step
from web.supervisor.storage import make_bucket

GLANCE = 1.0  # seconds between two looks when no signal says that something happened
READY_GLANCE = 0.1
PATIENCE = 30.0  # seconds after which the terminal says what is still missing
EDGE_GRACE = 1.0
ROLES_GRACE = 5.0  # `live` closes its last segments in this time
STORAGE_GRACE = 2.5  # the three together stay below the ten seconds that are promised

Say = Callable[[str], None]


def serve(environ: Mapping[str, str], say: Say) -> int:
    """Run the site of one home until TERM or INT; return the exit code.

    Args:
        environ: The environment variables.
        say: Takes a line for the person at the terminal.

    Raises:
        StartRefused: The site cannot start; the message is one sentence.
        ProgramMissing: A program it needs was not installed.
        SettingError: A setting makes no sense.
    """
    os.umask(0o077)  # what the site writes is for its own user
    given = read_settings(environ)
    check_demo(given)
    for find in (nginx_path, weed_path):
        find()
    with ExitStack() as stack:
        lock = stack.enter_context(open_home(given))
        settings, choices = make_choices(environ)
        edge = stack.enter_context(listening(given.bind, given.port, "PORT"))
        rtmp = stack.enter_context(listening(given.bind, choices["rtmp_port"], "RTMP_PORT"))
        chunks = stack.enter_context(listening(LOOPBACK, choices["chunk_port"], "chunk_port"))
        signals = Signals()
        stack.callback(signals.close)
        signals.start()
        children = Children(
            settings, choices, lock=lock, edge=edge, rtmp=rtmp, chunks=chunks, signals=signals
        )
        own_storage = not given.s3_endpoint_url
        return Supervisor(children, signals, say, own_storage=own_storage).run()


class Supervisor:
    """Starts, watches and ends the children of one home.

    Args:
        children: Makes each of them.
        signals: Started already.
        say: Takes a line for the terminal.
        own_storage: Whether the object storage is a child too, or an address in the settings.
    """

    def __init__(
        self, children: Children, signals: Signals, say: Say, *, own_storage: bool
    ) -> None:
        self.children = children
        self.settings = children.settings
        self.signals = signals
        self.say = say
        self.own_storage = own_storage
        self.keeper = Keeper(say)
        self.accounts: list[dict[str, Any]] = []

    def run(self) -> int:
        """Start everything, watch it until a stop is requested, end everything."""
        try:
            self._prepare()
            self._start()
            self._watch()
        except Stopped:
            self.say("Stopping …")
        finally:
            self._end()
        return 0

    def _prepare(self) -> None:
        if self.own_storage:
            self.say("Starting the object storage …")
            self.keeper.add("storage", self.children.storage)
        preload()
        freeze()
        self.say("Preparing the database …")
        self._step("database", upgrade)
        self._step("storage", make_bucket)
        if self.settings.demo:
            self.say("Loading the demo …")
        self.accounts = self._step("demo", prepare_demo)

    def _start(self) -> None:
        self.say("Starting the site …")
        self.keeper.add("edge", self.children.edge)
        for name in self.children.roles:
            self.keeper.add(name, self.children.role(name))
        self._become_ready()
        self._write_run_file()
        self.say(f"Ready: {self._url}")

    def _become_ready(self) -> None:
        waited = 0.0
        while not (readiness := ask_readiness(self.children.edge_socket)).ready:
            self._wait(READY_GLANCE)
            before, waited = waited, waited + READY_GLANCE
            if waited // PATIENCE > before // PATIENCE:
                self.say(f"Still waiting for: {', '.join(readiness.missing)}.")

    def _watch(self) -> None:
        while True:
            if self._wait(GLANCE):
                self._write_run_file()

    def _wait(self, seconds: float) -> bool:
        """Wait, then look after the children; tell whether one was started again."""
        if self.signals.wait(min(seconds, self.keeper.seconds_until_due())):
            raise Stopped
        return self.keeper.look()

    def _step(self, name: str, work: Callable[..., Any]) -> Any:  # noqa: ANN401 -- see run_step
        return run_step(
            name,
            lambda: work(self.settings),
            log=log_file(self.settings, "start"),
            release=self.children.release,
            wait=self.signals.wait,
        )

    @property
    def _url(self) -> str:
        return f"http://localhost:{self.settings.port}"

    def _write_run_file(self) -> None:
        write_run_file(
            self.settings.home,
            url=self._url,
            rtmp_url=f"rtmp://{LOOPBACK}:{self.children.rtmp_port}/live",
            pids={"supervisor": os.getpid(), **self.keeper.pids},
            accounts=self.accounts,
        )

    def _end(self) -> None:
        """End in the order in which nobody loses what another still needs."""
        remove_run_file(self.settings.home)
        self.keeper.stop(["edge"], EDGE_GRACE)
        self.keeper.stop(list(ROLES), ROLES_GRACE)
        self.keeper.stop_all(STORAGE_GRACE)
