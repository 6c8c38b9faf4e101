"""Processes as ``/proc`` shows them: whose child, which home, how much memory, what connections."""

import os
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
ESTABLISHED = "01"


def everybody() -> list[int]:
    """Return every process there is."""
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def parent_of(pid: int) -> int:
    """Return the parent of a process; 0 when it is gone."""
    with suppress(OSError, IndexError):
        return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    return 0


def descendants(pid: int) -> list[int]:
    """Return the children of a process, their children, and so on."""
    parents = {one: parent_of(one) for one in everybody()}
    found, look = [], [pid]
    while look:
        above = look.pop()
        children = [one for one, parent in parents.items() if parent == above]
        found += children
        look += children
    return found


def command(pid: int) -> str:
    """Return how a process calls itself; nothing when it is gone."""
    with suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    return ""


def of_home(home: Path) -> list[int]:
    """Return the other processes that name ``home`` in their command or their environment."""
    needle = os.fsencode(home)
    return [pid for pid in everybody() if pid != os.getpid() and needle in _words(pid)]


def is_running(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    with suppress(OSError, IndexError):
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def memory(pid: int) -> int:
    """Return the proportional set size of a process in bytes: shared pages are split."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def is_connected(port: int) -> bool:
    """Tell whether somebody holds a connection to a port of this machine."""
    end = f":{port:04X}"
    rows = [line.split() for line in (PROC / "net" / "tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(end) and row[3] == ESTABLISHED for row in rows)


def _words(pid: int) -> bytes:
    found = b""
    for name in ("cmdline", "environ"):
        with suppress(OSError):
            found += (PROC / str(pid) / name).read_bytes()
    return found
