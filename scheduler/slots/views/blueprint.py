"""The blueprint of the editors' pages of slots, and what its views take from the application."""

from typing import Final

from flask import Blueprint, Response, current_app, g, make_response
from sqlalchemy.orm import Session

from scheduler.slots.access import check_may_offer

pages = Blueprint("slots_pages", __name__)

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice


@pages.before_request
def only_editors() -> None:
    """Refuse everybody else before anything is looked up."""
    check_may_offer(g.actor)


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps: slots are claimed by the minute."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
