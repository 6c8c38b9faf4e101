"""Every table of every room: importing this module completes ``Base.metadata``."""

from importlib import import_module
from importlib.util import find_spec

MODULES = (
    "core.work.models",
    "core.heartbeats",
    "core.limits",
    "accounts.models",
    "accounts.notices.models",
    "media.models",
    "catalog.models",
    "scheduler.models",
    "streams.doors.models",
    "streams.playback.models",
    "streams.room.models",
    "web.api.models",
)


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # its package is not there either
        return False


LOADED = tuple(import_module(module) for module in MODULES if _exists(module))
