"""Pages of licences: sealed objects beside rows, removed 30 days after the decision.

The object is stored before its row and removed before its row is marked, so a row never promises a
page that is not there; a removal may run twice.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from catalog.credentials.enums import ApplicationState
from catalog.credentials.errors import ApplicationClosed, NoSuchDocument, TooManyPages
from catalog.credentials.models import Application, Document
from catalog.credentials.queries.applications import page_count
from catalog.credentials.rules.application import KEPT_AFTER_DECISION, MOST_PAGES, OPEN_STATES
from catalog.credentials.rules.documents import Page
from core.ids import new_id
from core.sealing import seal_bytes, unseal_bytes
from media.errors import StorageUnavailable
from media.paths import document_key
from media.ports import ObjectStorage

log = structlog.get_logger("mindcast.documents")

SEALED_TYPE: Final = "application/octet-stream"
LONGEST_NAME: Final = 120
DECIDED: Final = (ApplicationState.GRANTED, ApplicationState.REFUSED)
REMOVED_KEY: Final = "removed/"


def store_page(storage: ObjectStorage, page: Page, *, data_key: str) -> str:
    """Seal a page and store it; return the id that its row must have.

    It stands outside of any transaction: sealing and sending 10 MB must hold no lock.

    Raises:
        StorageUnavailable: The storage is away.
    """
    document_id = new_id()
    sealed = seal_bytes(data_key, page.data)
    storage.put_bytes(document_key(document_id), sealed, content_type=SEALED_TYPE)
    return document_id


def add_document(
    session: Session,
    *,
    application: Application,
    document_id: str,
    name: str,
    page: Page,
    now: datetime,
) -> Document:
    """Add the row of a page that was stored; the application must be locked.

    Raises:
        ApplicationClosed: It was sent or decided.
        TooManyPages: There are as many as there may be.
    """
    if application.state not in OPEN_STATES:
        raise ApplicationClosed
    if page_count(session, application.id) >= MOST_PAGES:
        raise TooManyPages(most=MOST_PAGES)
    document = Document(
        id=document_id,
        application_id=application.id,
        object_key=document_key(document_id),
        name=_short(name),
        media_type=page.media_type,
        size=len(page.data),
        sha256=sha256(page.data).hexdigest(),
        created_at=now,
    )
    session.add(document)
    application.updated_at = now
    session.flush()
    return document


def read_page(storage: ObjectStorage, document: Document, *, data_key: str) -> bytes:
    """Return the page itself; raises ``ObjectMissing`` and ``StorageUnavailable``."""
    return unseal_bytes(data_key, storage.read_bytes(document.object_key))


def remove_document(
    session: Session,
    storage: ObjectStorage,
    *,
    application: Application,
    document_id: str,
    now: datetime,
) -> None:
    """Remove a page that its owner takes back.

    Raises:
        ApplicationClosed: It was sent or decided.
        NoSuchDocument: It is none of this application, or it is gone.
    """
    if application.state not in OPEN_STATES:
        raise ApplicationClosed
    document = session.get(Document, document_id)
    if document is None or document.application_id != application.id or document.removed_at:
        raise NoSuchDocument
    _remove(session, storage, document, now)
    application.updated_at = now
    session.flush()


def remove_all(
    session: Session, storage: ObjectStorage, *, application_id: str, now: datetime
) -> None:
    """Remove every page of an application, whatever its state."""
    chosen = select(Document).where(
        Document.application_id == application_id, Document.removed_at.is_(None)
    )
    for document in session.scalars(chosen).all():
        _remove(session, storage, document, now)


def plan_removal(session: Session, *, application_id: str, decided_at: datetime) -> None:
    """Say when the pages of a decided application go; a decision calls this."""
    session.execute(
        update(Document)
        .where(Document.application_id == application_id, Document.removed_at.is_(None))
        .values(remove_at=decided_at + KEPT_AFTER_DECISION)
    )


def remove_due(session: Session, storage: ObjectStorage, *, now: datetime) -> int:
    """Remove the pages whose time is over; return how many. One that fails waits for next time."""
    removed = 0
    for document in _due(session, now):
        try:
            _remove(session, storage, document, now)
        except StorageUnavailable:
            log.warning("page_not_removed", document=document.id)
        else:
            removed += 1
    return removed


def _due(session: Session, now: datetime) -> Sequence[Document]:
    """Return what is due by its own date, or by that of the decision should nobody have set it."""
    decided = Application.state.in_(DECIDED) & (Application.decided_at <= now - KEPT_AFTER_DECISION)
    chosen = (
        select(Document)
        .join(Application, Application.id == Document.application_id)
        .where(Document.removed_at.is_(None), or_(Document.remove_at <= now, decided))
        .order_by(Document.id)
    )
    return session.scalars(chosen).all()


def _remove(session: Session, storage: ObjectStorage, document: Document, now: datetime) -> None:
    storage.delete(document.object_key)
    document.object_key = f"{REMOVED_KEY}{document.id}"  # the column is unique and not empty
    document.name = ""
    document.removed_at = now
    session.flush()


def _short(name: str) -> str:
    """Return the name of a file for a list; the path and what cannot be printed is left out."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:LONGEST_NAME]
