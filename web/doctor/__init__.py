"""What ``mindcast doctor`` looks at: the installation, the machine, and what it can carry live."""

import sys
from collections.abc import Callable
from platform import platform

from core.settings import TABLE, Settings
from media.binaries import PROGRAMS
from web.doctor.findings import Finding, State, as_document, as_lines, is_well
from web.doctor.installation import (
    look_at_database,
    look_at_disk,
    look_at_port,
    look_at_program,
    look_at_storage,
)
from web.doctor.machine import look_at_cores, look_at_encoders, look_at_live, look_at_memory
from web.doctor.removals import look_at_removals

__all__ = [
    "Finding",
    "State",
    "as_document",
    "as_lines",
    "examine",
    "is_well",
    "shown_settings",
    "versions",
]


def examine(settings: Settings, *, is_running: bool) -> dict[str, Finding]:
    """Look at everything; ``is_running`` says whether a supervisor holds this home."""
    return {
        **{name: look_at_program(name) for name in PROGRAMS},
        "cores": look_at_cores(),
        "memory": look_at_memory(),
        "disk": look_at_disk(settings),
        "database": look_at_database(settings),
        "storage": look_at_storage(settings, is_running=is_running),
        "removals": look_at_removals(settings),
        "port": look_at_port(settings, is_running=is_running),
        "encoders": look_at_encoders(),
        "live": look_at_live(settings),
    }


def shown_settings(values: Callable[[str], str | None]) -> dict[str, str]:
    """Return every setting as a person may see it: of a secret only whether it is set."""
    return {
        setting.name: _shown(values(setting.name) or setting.default, secret=setting.secret)
        for setting in TABLE
    }


def versions() -> dict[str, str]:
    """Return what this runs on."""
    return {"python": sys.version.split()[0], "system": platform()}


def _shown(value: str, *, secret: bool) -> str:
    if not secret:
        return value
    return "(set)" if value else ""
