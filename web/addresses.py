"""Whole addresses: of the site, and the one under which a page is to be found."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import current_app, request

from web.language import address_in, current_language

if TYPE_CHECKING:
    from core.settings import Settings

TELLING = frozenset({"q", "topic", "language", "audience", "older", "newer", "after"})
"""Parameters that make another page of an address; all others only change how it looks."""


def site_url() -> str:
    """Return the address of the site as its readers see it, without a slash at the end."""
    settings: Settings = current_app.extensions["mindcast.settings"]
    return settings.public_url or request.host_url.rstrip("/")


def canonical_url(language: str = "") -> str:
    """Return the one whole address of the present page in a language, by default in its own."""
    path = address_in(language or current_language()).partition("?")[0]
    told = sorted(
        (name, value) for name, value in request.args.items() if name in TELLING and value
    )
    return f"{site_url()}{path}{f'?{urlencode(told)}' if told else ''}"
