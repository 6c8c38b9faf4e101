"""``run.json``: what a running site tells programs of the same user."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from web.home import write_private


def write_run_file(
    home: Path,
    *,
    url: str,
    rtmp_url: str,
    pids: Mapping[str, int],
    accounts: Sequence[Mapping[str, Any]],
) -> None:
    """Write the file (mode 0600) in one step."""
    content = {
        "url": url,
        "rtmp_url": rtmp_url,
        "pids": dict(pids),
        "accounts": [dict(account) for account in accounts],
    }
    write_private(home / "run.json", json.dumps(content, indent=2) + "\n")


def remove_run_file(home: Path) -> None:
    """Remove the file, if it is there."""
    (home / "run.json").unlink(missing_ok=True)
