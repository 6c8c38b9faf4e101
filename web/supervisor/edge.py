"""The edge: nginx in front of the application, written from the templates of ``deploy/nginx``.

The supervisor opens the site's socket and hands it down, so that the port stays open while nginx is
started again: connections wait instead of being refused.
"""

import os
import pwd
import resource
import shutil
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.settings import Settings
from media.binaries import nginx_path
from media.process import ChildProcess

TEMPLATES = Path(__file__).parents[2] / "deploy" / "nginx"
STATIC = Path(__file__).parents[1] / "static"
MOST_WORKERS = 4
MOST_FILES = 65_536
FOR_CACHE = 8_192
"""Files of each worker beside connections: those of its cache, which it keeps open."""
SEGMENTS_SIZE = 2 * 2**30  # bytes of segments kept at the edge
SHARE_OF_DISK = 10  # the cache takes at most one part in this many of what is free


def edge_child(
    settings: Settings, choices: Mapping[str, Any], listener: socket.socket, log: Path
) -> ChildProcess:
    """Return nginx with its configuration written, not yet started; it serves from ``listener``."""
    folder = settings.home / "nginx"
    listener.settimeout(0)  # nginx takes a socket as it comes and accepts until it would wait
    write_configuration(folder, values(settings, choices, listener))
    return ChildProcess(
        [nginx_path(), "-p", f"{folder}/", "-c", "edge.conf"],
        cwd=folder,
        env={"PATH": os.defpath, "NGINX": f"{listener.fileno()};"},
        log=log,
        pass_fds=(listener.fileno(),),
        death_signal=signal.SIGTERM,  # the master ends its workers; killed, it would orphan them
    )


def write_configuration(folder: Path, words: Mapping[str, str]) -> None:
    """Write the configuration into ``folder``; caches of an earlier start stay."""
    for name in ("cache", "empty"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for template in sorted(TEMPLATES.glob("*.conf")):
        text = template.read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        (folder / template.name).write_text(text, encoding="utf-8")


def values(
    settings: Settings, choices: Mapping[str, Any], listener: socket.socket
) -> dict[str, str]:
    """Return what stands for each @word@ of the templates."""
    files = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], MOST_FILES)
    proxies = settings.trusted_proxies
    return {
        "user_line": _user_line(settings.home),
        "workers": str(min(os.cpu_count() or 1, MOST_WORKERS)),
        "files": str(files),
        "connections": str(max(files - FOR_CACHE, files // 2)),
        "segments_size": f"{_segments_size(settings.home) // 2**20}m",
        "app_port": str(choices["app_port"]),
        "chunk_port": str(choices["chunk_port"]),
        "listen": _address(listener),
        "static": str(STATIC),
        "trusted_proxies": "\n".join(f"    set_real_ip_from {proxy};" for proxy in proxies),
        "trusted_proxies_geo": "\n".join(f"        {proxy} 1;" for proxy in proxies),
    }


def _user_line(home: Path) -> str:
    """As root nginx would drop to `nobody`, who cannot read the home: it stays with the owner."""
    if os.geteuid() != 0:
        return ""
    return f"user {pwd.getpwuid(home.stat().st_uid).pw_name};"


def _segments_size(home: Path) -> int:
    return max(2**26, min(SEGMENTS_SIZE, shutil.disk_usage(home).free // SHARE_OF_DISK))


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
