"""What this home needs to know about itself: ports, keys of its storage, its secrets."""

import os
import secrets
from collections.abc import Mapping
from typing import Any

from core.settings import Settings, read_settings
from web.home import load_settings, prepare_home, read_services, write_services
from web.supervisor.ports import LOOPBACK, choose_ports

STORAGE_PARTS = ("s3", "master", "volume", "filer", "admin")
STORAGE_KEYS = (
    "storage_jwt_volume",
    "storage_jwt_volume_read",
    "storage_jwt_filer",
    "storage_jwt_filer_read",
)
PORTS = ("app_port", "chunk_port", "rtmp_port", *(f"storage_{part}_port" for part in STORAGE_PARTS))


def make_choices(environ: Mapping[str, str] = os.environ) -> tuple[Settings, dict[str, Any]]:
    """Choose what is missing, keep it in ``services.json``; return the settings and all choices."""
    given = read_settings(environ)
    prepare_home(given)
    known = read_services(given.home)
    ports = choose_ports(PORTS, known)
    if given.rtmp_port is not None:
        ports["rtmp_port"] = given.rtmp_port
    choices = {**known, **ports, **_storage(given, known, ports), "bind": given.bind}
    write_services(given.home, choices)
    return load_settings(environ), choices


def _storage(given: Settings, known: Mapping[str, Any], ports: Mapping[str, int]) -> dict[str, str]:
    """Return address and keys of the local storage; the environment has those of another."""
    if given.s3_endpoint_url:
        return {}
    keys = ("aws_access_key_id", "aws_secret_access_key", *STORAGE_KEYS)
    chosen = {key: str(known.get(key) or secrets.token_hex(20)) for key in keys}
    return {**chosen, "s3_endpoint_url": f"http://{LOOPBACK}:{ports['storage_s3_port']}"}
