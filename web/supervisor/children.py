"""Every child of a site and how it is made; making one again is how it is restarted."""

import socket
from collections.abc import Callable, Mapping
from functools import partial
from typing import IO, Any

from core.settings import Settings
from media.process import ChildProcess
from web.supervisor.edge import edge_child
from web.supervisor.fork import ForkedProcess
from web.supervisor.home import log_file
from web.supervisor.roles import MODULES, run_role, run_web
from web.supervisor.signals import Signals
from web.supervisor.storage import storage_child

ROLES = ("web", *MODULES)
"""The Python processes, in the order of their start; the presenter belongs to the demo."""


class Children:
    """Makes the children of one home.

    Args:
        settings: Complete settings, with what the home chose.
        choices: The contents of ``services.json``.
        lock: The home's lock file.
        edge: The site's socket; it stays open while nginx is started again.
        rtmp: The encoders' socket; it stays open while ``live`` is started again.
        chunks: The socket of the chunk door, likewise.
        signals: The supervisor's signals.
    """

    def __init__(
        self,
        settings: Settings,
        choices: Mapping[str, Any],
        *,
        lock: IO[str],
        edge: socket.socket,
        rtmp: socket.socket,
        chunks: socket.socket,
        signals: Signals,
    ) -> None:
        self.settings = settings
        self.edge_socket = edge
        self._choices = choices
        self._lock = lock
        self._rtmp = rtmp
        self._chunks = chunks
        self._signals = signals

    @property
    def rtmp_port(self) -> int:
        """The port encoders push to."""
        port: int = self._rtmp.getsockname()[1]
        return port

    def storage(self) -> ChildProcess:
        """Make the object storage."""
        return storage_child(self.settings, self._choices, log_file(self.settings, "storage"))

    def edge(self) -> ChildProcess:
        """Make nginx."""
        log = log_file(self.settings, "edge")
        return edge_child(self.settings, self._choices, self.edge_socket, log)

    @property
    def roles(self) -> tuple[str, ...]:
        """The Python processes this home needs."""
        return tuple(name for name in ROLES if name != "presenter" or self.settings.demo)

    def role(self, name: str) -> Callable[[], ForkedProcess]:
        """Return what makes the Python process ``name`` of :data:`ROLES`."""
        if name == "web":
            run = partial(run_web, self.settings, self._choices["app_port"])
        elif name == "live":
            doors = {"rtmp_socket": self._rtmp, "chunk_socket": self._chunks}
            run = partial(run_role, name, self.settings, **doors)
        else:
            run = partial(run_role, name, self.settings)
        release = self.release if name != "live" else self._release_all_but_doors
        return lambda: ForkedProcess(name, run, log_file(self.settings, name), release)

    def release(self) -> None:
        """Close, in a forked child, what only the supervisor and its programs need."""
        self._release_all_but_doors()
        self._rtmp.close()
        self._chunks.close()

    def _release_all_but_doors(self) -> None:
        self._signals.close()
        self.edge_socket.close()
        self._lock.close()
