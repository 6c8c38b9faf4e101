"""The blueprint of the pages of notices, and what its views share."""

from typing import Final

from flask import Blueprint, Response, current_app, make_response
from sqlalchemy.orm import Session

from core.settings import Settings

pages = Blueprint("notices_pages", __name__)

CLOSED: Final = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",  # the address is a secret
    "X-Robots-Tag": "noindex",
}


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def current_settings() -> Settings:
    """Return the settings of the installation."""
    settings: Settings = current_app.extensions["mindcast.settings"]
    return settings


def closed(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps, no search finds and no other site hears of."""
    response = make_response(page, status)
    response.headers.update(CLOSED)
    return response
