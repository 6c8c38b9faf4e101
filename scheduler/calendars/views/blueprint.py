"""The blueprint of personal calendars, and what its views take from the application."""

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, g, make_response
from sqlalchemy.orm import Session

from accounts.notices.ports import Site

if TYPE_CHECKING:
    from core.settings import Settings

pages = Blueprint("calendar_pages", __name__)

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def site() -> Site:
    """Return what calendars know of this installation."""
    settings: Settings = current_app.extensions["mindcast.settings"]
    return Site(g.site, settings.sender, settings.data_key)


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps and no search engine lists."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
