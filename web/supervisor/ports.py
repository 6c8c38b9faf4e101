"""Sockets and ports: the site's is fixed, every other one is free, and kept if possible."""

import errno
import ipaddress
import random
import socket
from collections.abc import Iterable, Mapping

from web.supervisor.errors import (
    NO_PORT,
    PORT_RESERVED,
    PORT_TAKEN,
    PORT_UNUSABLE,
    StartRefused,
)

RANGE = range(20_000, 22_000)
GRPC_OFFSET = 10_000
"""SeaweedFS looks for the gRPC service of a port at this distance, so it is kept free as well. Both
lie below Linux's range for outgoing connections, which could take a port before its server does."""

BACKLOG = 4096
LOOPBACK = "127.0.0.1"


def is_loopback(address: str) -> bool:
    """Whether only programs on this machine reach ``address``."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def listening(address: str, port: int, setting: str) -> socket.socket:
    """Return a socket that listens on ``address`` and ``port``; a refusal names ``setting``."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((address, port))
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise _refusal(address, port, setting, error) from error
    return sock


def choose_ports(names: Iterable[str], earlier: Mapping[str, object]) -> dict[str, int]:
    """Choose a free loopback port for each name: the earlier one if it is free, else a new one."""
    chosen: dict[str, int] = {}
    for name in names:
        port = earlier.get(name)
        if not isinstance(port, int) or port in chosen.values() or not _is_free(port):
            port = _free_port(chosen.values())
        chosen[name] = port
    return chosen


def _free_port(taken: Iterable[int]) -> int:
    candidates = [port for port in RANGE if port not in set(taken)]
    random.shuffle(candidates)
    for port in candidates:
        if _is_free(port) and _is_free(port + GRPC_OFFSET):
            return port
    raise StartRefused(NO_PORT, first=RANGE.start, last=RANGE.stop - 1)


def _is_free(port: int) -> bool:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _refusal(address: str, port: int, setting: str, error: OSError) -> StartRefused:
    reasons = {errno.EADDRINUSE: PORT_TAKEN, errno.EACCES: PORT_RESERVED}
    return StartRefused(
        reasons.get(error.errno or 0, PORT_UNUSABLE),
        address=address,
        port=port,
        setting=setting,
        reason=error.strerror,
    )
