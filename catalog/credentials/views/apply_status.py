"""Where an application stands, its pages, and the way out of it."""

from flask import Response, g, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.credentials.access import applicant_id, document_to_open, own_application
from catalog.credentials.enums import ApplicationState
from catalog.credentials.errors import NoSuchDocument, PagesAway
from catalog.credentials.models import Document
from catalog.credentials.queries.applications import application_of, pages_of
from catalog.credentials.rules.application import KEPT_AFTER_DECISION, OPEN_STATES
from catalog.credentials.rules.documents import ENDINGS
from catalog.credentials.services import applications, documents
from catalog.credentials.views.apply import send
from catalog.credentials.views.apply_pages import faults_by_step
from catalog.credentials.views.blueprint import (
    SEE_OTHER,
    current_session,
    pages,
    settings,
    storage,
    unkept,
)
from core.database import mark_reading
from media.errors import ObjectMissing, StorageUnavailable

SEALED_OFF = "default-src 'none'; sandbox"
"""Should a browser show a page all the same, it may do nothing and is of no origin."""


@pages.get("/apply/status")
def status() -> AnyResponse:
    """Say where the application stands and what comes next."""
    session = current_session()
    held = application_of(session, applicant_id(g.actor))
    if held is None:
        return redirect(url_for("licence_pages.introduction"), SEE_OTHER)
    is_open = held.state in OPEN_STATES
    page = render_template(
        "catalog/credentials/apply/status.html",
        application=held,
        state=ApplicationState(held.state),
        missing=faults_by_step(held) if is_open else [],
        documents=pages_of(session, held.id),
        removed_by=held.decided_at + KEPT_AFTER_DECISION if held.decided_at else None,
    )
    return unkept(page)


@pages.post("/apply/submit")
def submit() -> AnyResponse:
    """Send an application again after what an editor asked for was done."""
    return send()


@pages.post("/apply/erase")
def erase() -> AnyResponse:
    """Remove an application with everything that was handed in."""
    session = current_session()
    application = own_application(session, actor=g.actor, to_write=True)
    try:
        applications.erase_application(session, storage(), application=application, now=g.now)
    except StorageUnavailable as error:
        session.rollback()
        raise PagesAway from error
    session.commit()
    return redirect(url_for("licence_pages.introduction", erased="1"), SEE_OTHER)


@pages.get("/apply/documents/<document_id>")
def document(document_id: str) -> Response:
    """Hand a page to its owner or to an editor, whose opening of it is written down first."""
    session = current_session()
    session.rollback()
    mark_reading(only_reads=False)  # an opening by staff is written
    found = document_to_open(session, actor=g.actor, document_id=document_id, now=g.now)
    session.commit()
    response = make_response(_content_of(found))
    response.mimetype = found.media_type
    name = f"licence-{found.id}.{ENDINGS[found.media_type]}"  # its own name could say a lot
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = SEALED_OFF
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _content_of(found: Document) -> bytes:
    try:
        return documents.read_page(storage(), found, data_key=settings().data_key)
    except ObjectMissing as error:
        raise NoSuchDocument from error
    except StorageUnavailable as error:
        raise PagesAway from error
