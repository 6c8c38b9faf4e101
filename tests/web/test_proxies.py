from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder

from web.proxies import TrustedProxies

pytestmark = pytest.mark.unit


def seen_through(proxies: tuple[str, ...], peer: str, **forwarded: str) -> tuple[str, str, str]:
    """Return address, scheme and host as the application sees them."""
    seen: dict[str, Any] = {}

    def inner(environ: dict[str, Any], respond: Any) -> Iterable[bytes]:  # noqa: ANN401 -- WSGI
        seen.update(environ)
        respond("200 OK", [])
        return []

    headers = {f"X-Forwarded-{name.title()}": value for name, value in forwarded.items()}
    builder = EnvironBuilder(headers=list(headers.items()), environ_base={"REMOTE_ADDR": peer})
    Client(TrustedProxies(inner, proxies)).open(builder)
    return seen["REMOTE_ADDR"], seen["wsgi.url_scheme"], seen["HTTP_HOST"]


def test_headers_of_a_stranger_are_ignored() -> None:
    seen = seen_through((), "203.0.113.9", **{"for": "198.51.100.1", "proto": "https", "host": "x"})
    assert seen == ("203.0.113.9", "http", "localhost")


def test_headers_of_a_trusted_proxy_are_believed() -> None:
    forwarded = {"for": "198.51.100.1", "proto": "https", "host": "live.example"}
    seen = seen_through(("127.0.0.1",), "127.0.0.1", **forwarded)
    assert seen == ("198.51.100.1", "https", "live.example")


def test_address_that_a_visitor_wrote_in_front_is_not_taken() -> None:
    chain = {"for": "1.2.3.4, 198.51.100.1, 10.0.0.7"}
    assert seen_through(("127.0.0.1", "10.0.0.0/8"), "127.0.0.1", **chain)[0] == "198.51.100.1"


@pytest.mark.parametrize("peer", ["", "unix:", "not an address"])
def test_peer_without_an_address_is_not_trusted(peer: str) -> None:
    assert not TrustedProxies(lambda *_: [], ("127.0.0.1",)).trusts(peer)
