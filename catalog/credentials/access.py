"""The only ways to an application and its pages on somebody's behalf."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.credentials.errors import NoSuchApplication, NoSuchDocument
from catalog.credentials.models import Application, Document
from catalog.credentials.queries.applications import application_of
from catalog.models import Host
from catalog.rules import is_id
from core.errors import NotAllowed, SignInNeeded


def applicant_id(actor: Actor) -> str:
    """Return who is asking; an application is always one's own.

    Raises:
        SignInNeeded: Nobody is signed in.
    """
    if actor.user_id is None:
        raise SignInNeeded
    return actor.user_id


def own_application(session: Session, *, actor: Actor, to_write: bool = False) -> Application:
    """Return the application of the actor.

    Raises:
        SignInNeeded: Nobody is signed in.
        NoSuchApplication: They have none.
    """
    found = application_of(session, applicant_id(actor), to_write=to_write)
    if found is None:
        raise NoSuchApplication
    return found


def own_host(session: Session, *, actor: Actor) -> Host:
    """Return the public face of the actor.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor is no host.
    """
    host = session.get(Host, applicant_id(actor))
    if host is None:
        raise NotAllowed
    return host


def document_to_open(
    session: Session, *, actor: Actor, document_id: str, now: datetime
) -> Document:
    """Return a page for its owner, or for the staff: each opening by them is written down.

    Raises:
        SignInNeeded: Nobody is signed in.
        NoSuchDocument: There is none, it was removed, or it is somebody else's.
    """
    user_id = applicant_id(actor)
    document = session.get(Document, document_id) if is_id(document_id) else None
    if document is None or document.removed_at is not None:
        raise NoSuchDocument
    owner_id = session.get_one(Application, document.application_id).user_id
    if owner_id != user_id:
        if not actor.is_staff:
            raise NoSuchDocument
        _record_opening(session, user_id, document, owner_id, now)
    return document


def _record_opening(
    session: Session, actor_id: str, document: Document, owner_id: str, now: datetime
) -> None:
    record_audit(
        session,
        actor_id=actor_id,
        act="document.open",
        subject_kind="document",
        subject_id=document.id,
        now=now,
        details={"person": owner_id, "application": document.application_id},
    )
