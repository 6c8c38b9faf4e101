"""The blueprint of duties and rooms, and what its views take from the application."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, current_app, make_response
from flask_babel import gettext
from sqlalchemy.orm import Session

from core.errors import FieldError, Refusal
from core.words import CHINESE, ENGLISH

pages = Blueprint("duties_pages", __name__)

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps and no search engine lists."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def reason_of(refusal: Refusal) -> str:
    """Return the reason in the language of the page."""
    return str(gettext(refusal.message, **refusal.params))


def by_field(refusal: Refusal) -> dict[str, FieldError]:
    """Return the first fault of each field that a refusal names."""
    found: dict[str, FieldError] = {}
    for fault in getattr(refusal, "errors", ()):
        found.setdefault(fault.field, fault)
    return found


def names_in(form: Mapping[str, str]) -> dict[str, str]:
    """Return the names of a room as they were typed."""
    return {ENGLISH: form.get("name_en", ""), CHINESE: form.get("name_zh", "")}
