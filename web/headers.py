"""Headers of every answer: what a browser may do with it, and the id of the request."""

import re

from flask import Flask, Response, g, request

from core.ids import new_id
from core.settings import Settings

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # no other site learns which page somebody came from
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), "
        "geolocation=(), payment=(), usb=(), browsing-topics=()"
    ),
}


def set_up_headers(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer of ``app``."""
    origin = settings.s3_public_url
    policy = content_policy(origin)

    @app.before_request
    def take_request_id() -> None:
        g.request_id = request_id(request.headers.get("X-Request-ID", ""))

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if sites := g.get("framed_by", ()):  # the player for other pages, and nothing else
            del response.headers["X-Frame-Options"]  # it knows no list of sites
            response.headers["Content-Security-Policy"] = content_policy(origin, sites)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["X-Request-ID"] = g.get("request_id") or new_id()
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


def content_policy(media_origin: str, framed_by: tuple[str, ...] = ("'none'",)) -> str:
    """Return the content security policy; nothing inline, nothing from elsewhere but media.

    Args:
        media_origin: Where browsers fetch public objects when it is not this site; else empty.
        framed_by: The origins of pages that may show this one within theirs.
    """
    media = f" {media_origin}" if media_origin else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data:{media}",
            "font-src 'self'",
            f"connect-src 'self'{media}",
            "worker-src 'self' blob:",
            f"media-src 'self' blob:{media}",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {' '.join(framed_by)}",
        )
    )


def request_id(given: str) -> str:
    """Return the caller's id of the request if it is harmless in a log, else a new one."""
    return given if REQUEST_ID.fullmatch(given) else new_id()
