"""Reads of one person's application, its pages and the licence that came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.credentials.enums import ConsentKind, CredentialState, Outcome
from catalog.credentials.models import (
    Application,
    Consent,
    Credential,
    CredentialCheck,
    Document,
)
from catalog.credentials.rules.application import Filled, shown_end
from catalog.models import Topic
from core.sealing import unseal


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of a licence as its owner and editors see it in a list; ``size`` is in bytes."""

    id: str
    name: str
    media_type: str
    size: int
    created_at: datetime


def application_of(session: Session, user_id: str, *, to_write: bool = False) -> Application | None:
    """Return the application of a person; ``to_write`` makes two writers wait for each other."""
    chosen = select(Application).where(Application.user_id == user_id)
    if to_write:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    return session.scalar(chosen)


def pages_of(session: Session, application_id: str) -> Sequence[PageView]:
    """Return the pages that are there, in the order they came."""
    columns = (
        *(Document.id, Document.name, Document.media_type, Document.size),
        Document.created_at,
    )
    chosen = (
        select(*columns)
        .where(Document.application_id == application_id, Document.removed_at.is_(None))
        .order_by(Document.created_at, Document.id)
    )
    return [PageView(*row) for row in session.execute(chosen)]


def page_count(session: Session, application_id: str) -> int:
    """Return how many pages there are."""
    counted = select(func.count()).select_from(Document)
    chosen = counted.where(Document.application_id == application_id, Document.removed_at.is_(None))
    return session.scalar(chosen) or 0


def number_of(application: Application, data_key: str) -> str:
    """Return the licence number as it was typed; empty: none yet."""
    return unseal(data_key, application.number_sealed) if application.number_sealed else ""


def number_end(application: Application | None, data_key: str) -> str | None:
    """Return the end of the number that its owner may see; None: there is no number yet."""
    if application is None or not application.number_sealed:
        return None
    return shown_end(number_of(application, data_key))


def filled_of(
    session: Session, application: Application | None, *, answers: dict[str, Any], data_key: str
) -> Filled:
    """Return all that an application holds; ``answers`` stand in where none has begun."""
    topics = frozenset(session.scalars(select(Topic.slug)))
    if application is None:
        return Filled(answers, "", 0, topics)
    number = number_of(application, data_key)
    return Filled(application.answers, number, page_count(session, application.id), topics)


def open_credential(session: Session, user_id: str) -> Credential | None:
    """Return the licence of a person that is being checked or was granted."""
    states = (CredentialState.PENDING, CredentialState.GRANTED)
    chosen = select(Credential).where(Credential.user_id == user_id, Credential.state.in_(states))
    return session.scalar(chosen)


def has_checks(session: Session, credential_id: str) -> bool:
    """Tell whether somebody has looked this licence up already."""
    chosen = select(CredentialCheck.id).where(CredentialCheck.credential_id == credential_id)
    return session.scalar(chosen.limit(1)) is not None


def last_confirmed(session: Session, credential_id: str) -> datetime | None:
    """Return when the primary source last confirmed a licence."""
    return session.scalar(
        select(func.max(CredentialCheck.checked_at)).where(
            CredentialCheck.credential_id == credential_id,
            CredentialCheck.outcome == Outcome.CONFIRMED,
        )
    )


def consent_of(session: Session, user_id: str, kind: ConsentKind) -> Consent | None:
    """Return the consent that a person has given and not withdrawn."""
    return session.scalar(
        select(Consent)
        .where(Consent.user_id == user_id, Consent.kind == kind, Consent.withdrawn_at.is_(None))
        .order_by(Consent.version.desc(), Consent.given_at.desc())
        .limit(1)
    )
