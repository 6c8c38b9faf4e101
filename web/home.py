"""The home of one installation: its folder, its secrets, and what its services chose.

``services.json`` (mode 0600) holds what `mindcast serve` chose for this home: the address and keys
of the local object storage, ``secret_key``, ``data_key`` and the ports. Other commands read it, so
that they work against a running home without any environment.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.errors import SettingError
from core.ids import new_secret
from core.settings import Settings, read_settings

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

FILLED = (
    "s3_endpoint_url",
    "aws_access_key_id",
    "aws_secret_access_key",
    "secret_key",
    "data_key",
)
"""Settings that come from ``services.json`` when the environment leaves them empty."""


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings: the environment first, then what the home remembers."""
    settings = read_settings(environ)
    known = read_services(settings.home)
    return _filled(settings, known)


def prepare_home(settings: Settings) -> Settings:
    """Make the folder and the secrets of a new home; an old home keeps its own."""
    settings.home.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    known = read_services(settings.home)
    missing = {
        name: new_secret()
        for name in ("secret_key", "data_key")
        if not getattr(settings, name) and not known.get(name)
    }
    if missing:
        write_services(settings.home, {**known, **missing})
    return _filled(settings, {**known, **missing})


def _filled(settings: Settings, known: Mapping[str, Any]) -> Settings:
    found: dict[str, Any] = {
        name: known[name] for name in FILLED if known.get(name) and not getattr(settings, name)
    }
    return replace(settings, **found)


def read_services(home: Path) -> dict[str, Any]:
    """Return the contents of ``services.json``, or nothing for a home that never ran."""
    try:
        text = (home / "services.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        return dict(json.loads(text))
    except ValueError as error:
        problem = f"{home / 'services.json'} is damaged: {error}"
        raise SettingError(problem) from error


def rtmp_address(home: Path) -> str:
    """Return where encoders push to; empty while no door is open.

    They push from this machine: the door listens on loopback, like everything else.
    """
    port = read_services(home).get("rtmp_port")
    return f"rtmp://127.0.0.1:{port}/live" if port else ""


def write_services(home: Path, services: Mapping[str, Any]) -> None:
    """Replace ``services.json``."""
    write_private(home / "services.json", json.dumps(dict(services), indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` at once, readable by its owner only at every moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
