"""Reads of licences: whose waits, whose is open, who confirmed it, whose is due."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.credentials.enums import CheckStep, CredentialState, Outcome
from catalog.credentials.models import Application, Credential, CredentialCheck
from catalog.credentials.rules.verification import NOTICE
from catalog.models import Topic

OPEN_STATES = (CredentialState.PENDING, CredentialState.GRANTED)


def application_of(session: Session, *, person_id: str) -> Application | None:
    """Return the application of a person, fresh from the database."""
    statement = select(Application).where(Application.user_id == person_id)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def open_credential(session: Session, *, person_id: str, lock: bool = False) -> Credential | None:
    """Return the licence of a person that is pending or granted, fresh from the database."""
    statement = select(Credential).where(
        Credential.user_id == person_id, Credential.state.in_(OPEN_STATES)
    )
    if lock:
        statement = statement.with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def newest_credential(session: Session, *, person_id: str) -> Credential | None:
    """Return the last licence of a person, in whatever state."""
    statement = (
        select(Credential)
        .where(Credential.user_id == person_id)
        .order_by(Credential.created_at.desc(), Credential.id.desc())
        .limit(1)
    )
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def first_approver(session: Session, *, credential_id: str) -> str | None:
    """Return who made the first of the two confirmations of a licence."""
    return session.scalar(
        select(CredentialCheck.checked_by).where(
            CredentialCheck.credential_id == credential_id,
            CredentialCheck.step == CheckStep.FIRST,
            CredentialCheck.outcome == Outcome.CONFIRMED,
        )
    )


def has_first_look(session: Session, *, credential_id: str) -> bool:
    """Tell whether the first of the two confirmations was made, if by somebody who is gone."""
    found = select(CredentialCheck.id).where(
        CredentialCheck.credential_id == credential_id, CredentialCheck.step == CheckStep.FIRST
    )
    return session.scalar(found) is not None


def newly_due(session: Session, *, now: datetime) -> Sequence[Credential]:
    """Return granted licences that are due soon and were not announced."""
    return session.scalars(
        select(Credential).where(
            Credential.state == CredentialState.GRANTED,
            Credential.recheck_due_at <= now + NOTICE,
            Credential.lapse_told_at.is_(None),
        )
    ).all()


def known_topics(session: Session, *, slugs: Iterable[str]) -> Sequence[str]:
    """Return those of ``slugs`` that are topics."""
    return session.scalars(select(Topic.slug).where(Topic.slug.in_(list(slugs)))).all()


def known_holders(session: Session, *, user_ids: Iterable[str]) -> frozenset[str]:
    """Return which of these people have a licence here, in whatever state."""
    found = select(Credential.user_id).where(Credential.user_id.in_(list(user_ids)))
    return frozenset(session.scalars(found))
