"""Whose word is believed about where a request came from.

Only when the peer is one of ``TRUSTED_PROXIES`` are ``X-Forwarded-For``, ``-Proto`` and ``-Host``
read; from anybody else they are ignored, or a visitor could choose the address that limits count.
"""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxies:
    """WSGI middleware that puts the visitor's address in the place of a trusted proxy's."""

    def __init__(self, inner: "WSGIApplication", proxies: Sequence[str]) -> None:
        self.inner = inner
        self.networks = [ip_network(proxy, strict=False) for proxy in proxies]

    def __call__(self, environ: "WSGIEnvironment", respond: "StartResponse") -> Iterable[bytes]:
        """Pass the request on, seen as the trusted proxies saw it."""
        if self.trusts(environ.get("REMOTE_ADDR", "")):
            self._believe(environ)
        return self.inner(environ, respond)

    def trusts(self, address: str) -> bool:
        """Tell whether ``address`` is a proxy of ours."""
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self.networks)

    def _believe(self, environ: "WSGIEnvironment") -> None:
        hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        strangers = [hop for hop in hops if hop and not self.trusts(hop)]
        if strangers:
            environ["REMOTE_ADDR"] = strangers[-1]  # what stands left of it anyone can write
        if environ.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        if environ.get("HTTP_X_FORWARDED_HOST"):
            environ["HTTP_HOST"] = environ["HTTP_X_FORWARDED_HOST"]
