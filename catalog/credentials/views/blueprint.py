"""The blueprint of the pages of licences, and what its views take from the application."""

from typing import Any, Final

from flask import Blueprint, Response, current_app, make_response, request
from sqlalchemy.orm import Session

from catalog.credentials.rules.documents import LARGEST_PAGE
from core.settings import Settings
from media.ports import ObjectStorage

pages = Blueprint("licence_pages", __name__)

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice
SAVES_PAGES: Final = "licence_pages.save_licence"
LARGEST_REQUEST: Final = LARGEST_PAGE + 2 * 2**20
"""A little more than a page may have: who is just above is told so beside the field."""


@pages.url_value_preprocessor
def let_pages_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take a larger body on the one route for pages, before the form is read for its token."""
    del values
    if endpoint == SAVES_PAGES:
        request.max_content_length = LARGEST_REQUEST


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def settings() -> Settings:
    """Return the settings of the application."""
    found: Settings = current_app.extensions["mindcast.settings"]
    return found


def storage() -> ObjectStorage:
    """Return the object storage; it connects on first use."""
    found: ObjectStorage = current_app.extensions["mindcast.storage"].storage
    return found


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps and no search engine lists."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
