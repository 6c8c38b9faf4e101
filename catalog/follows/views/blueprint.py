"""The blueprint of the pages of follows, and what its views take from the application."""

from typing import Final

from flask import Blueprint, Response, current_app
from sqlalchemy.orm import Session

pages = Blueprint("follow_pages", __name__)

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def unkept(response: Response) -> Response:
    """Let no cache keep an answer that says what somebody follows."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
