"""How the desk answers: pages that may frame a mail, and mails as frames that can do nothing."""

from typing import Final

from flask import Response, current_app, make_response

from core.settings import Settings
from web.headers import content_policy

SEE_OTHER: Final = 303
FRAME_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
)
"""A mail brings its styles along; it may fetch, run, send and open nothing."""
PLAIN: Final = "text/plain; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


def current_settings() -> Settings:
    """Return the settings of this installation."""
    settings: Settings = current_app.extensions["mindcast.settings"]
    return settings


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps, and that may show our own frames."""
    response = make_response(page, status)
    policy = content_policy(current_settings().s3_public_url)
    response.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return _private(response)


def framed(content: str, *, kind: str = HTML, status: int = 200) -> Response:
    """Answer with the words of a mail, to be seen within a page of ours alone."""
    response = make_response(content, status)
    response.headers["Content-Type"] = kind
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return _private(response)


def downloaded(content: bytes, *, name: str) -> Response:
    """Answer with a file to be kept; a browser never shows it in place."""
    response = make_response(content)
    is_calendar = name.endswith(".ics")
    response.headers["Content-Type"] = (
        "text/calendar; charset=utf-8" if is_calendar else "application/octet-stream"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
