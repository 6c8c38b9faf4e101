"""The Python processes of the site and how each is entered."""

import multiprocessing
import os
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

from core.settings import Settings
from media.process import die_with_parent
from web.logs import configure_logs
from web.supervisor.ports import BACKLOG, LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable

MODULES = {
    "live": "streams.node.main",
    "worker": "web.worker",
    "clock": "web.clock",
    "presenter": "web.supervisor.presenter",
}
"""Each has ``run(settings, ...) -> int``, which returns after SIGTERM."""

PRELOADED = ("granian", "web.app", *MODULES.values())
THREADS = 16  # requests at work at once; below the 20 connections of a PostgreSQL pool
CONNECTIONS = 16_384  # granian's default of 1,024 starves new viewers while many idle ones poll
WEB_GRACE = 3  # seconds for requests at work


def preload() -> None:
    """Import once what the roles need, so that forks share it."""
    for module in PRELOADED:
        with suppress(ModuleNotFoundError):  # the role itself will say what it lacks
            import_module(module)


def run_role(name: str, settings: Settings, **resources: object) -> int:
    """Be the role ``name`` until it is told to end; return its exit code."""
    configure_logs()  # lines of JSON; the default shows the variables of a traceback
    run: Callable[..., int] = import_module(MODULES[name]).run
    return run(settings, **resources)


def run_web(settings: Settings, port: int) -> int:
    """Be the application: granian with one worker process that answers HTTP/1.1 on loopback."""
    from granian import Granian  # noqa: PLC0415 -- 0.1 s that only this role needs to spend
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 -- as above
    from granian.log import LogLevels  # noqa: PLC0415 -- as above

    multiprocessing.set_start_method("fork", force=True)
    server = Granian(
        "wsgi:app",
        address=LOOPBACK,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        workers_kill_timeout=WEB_GRACE,
        log_level=LogLevels.error,
        process_name="mindcast: web",
    )
    server.serve(target_loader=lambda target: _application(settings, target), wrap_loader=True)
    return 0


def _application(settings: Settings, target: str) -> Any:  # noqa: ANN401 -- a WSGI application
    """Make the application in granian's worker, which dies with its parent like every child."""
    del target
    die_with_parent(os.getppid())
    create_app = import_module("web.app").create_app
    Thread(target=import_module("streams.triage.rules").make_ready, daemon=True).start()
    edge = (*settings.trusted_proxies, LOOPBACK)  # the edge in front of it is one more proxy
    return create_app(replace(settings, trusted_proxies=edge))
