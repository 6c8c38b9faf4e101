"""The blueprint of the pages of hours, and what its views share."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, current_app, g, make_response, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from core.errors import InvalidInput
from scheduler.hours.access import Desk, desk_for, record_change

pages = Blueprint("hours_pages", __name__)

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def desk() -> Desk:
    """Return whose hours the page is about: the reader's own, or whom the staff named."""
    return desk_for(
        current_session(),
        actor=g.actor,
        person_id=request.values.get("person"),
        timezone=g.zone.key,
    )


def finish(found: Desk, act: str, version: int) -> None:
    """Write down who did it, where it was not the person, and commit."""
    session = current_session()
    record_change(session, actor=g.actor, desk=found, act=act, version=version, now=g.now)
    session.commit()


def back_to(endpoint: str, found: Desk, done: str, *, week: str | None = None) -> AnyResponse:
    """Lead to a page that says what was done."""
    person = None if found.is_own else found.person_id
    return redirect(url_for(endpoint, person=person, done=done, week=week), SEE_OTHER)


def faults_of(refusal: Exception | None) -> Mapping[str, str]:
    """Return what is wrong with the fields of a form, in the language of the page."""
    errors = refusal.errors if isinstance(refusal, InvalidInput) else ()
    return {error.field: str(gettext(error.message, **error.params)) for error in errors}


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps: it holds what is for one person."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
