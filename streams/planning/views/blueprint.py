"""The blueprint of the planning pages, and what their views take from the application."""

from typing import Final

from flask import Blueprint, Response, current_app, make_response
from sqlalchemy.orm import Session

from core.settings import Settings

pages = Blueprint("planning_pages", __name__)

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def settings() -> Settings:
    """Return the settings of the application."""
    found: Settings = current_app.extensions["mindcast.settings"]
    return found


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps, not even the browser's: it changes by the minute."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
