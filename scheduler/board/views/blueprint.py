"""The blueprint of the board, and what its views take from the application."""

from flask import Blueprint, Response, current_app, make_response
from sqlalchemy.orm import Session

from catalog.queries.texts import words_of

pages = Blueprint("board_pages", __name__)
pages.add_app_template_filter(words_of, "from_json")


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def unkept(page: str) -> Response:
    """Answer with a page that no cache keeps and no search engine lists."""
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
