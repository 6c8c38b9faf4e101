"""Asking to be reminded: at once with an account, by double opt-in without one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import Subject
from accounts.notices.models import Recipient, Registration
from accounts.notices.services import (
    Posting,
    ask,
    place_recipient,
    post,
    recipient_of_address,
    recipient_of_user,
)
from scheduler.registrations.queries import standing_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked to be reminded of, and when it starts."""

    livestream_id: str
    starts_at: datetime


def ask_for_account(session: Session, *, asked: Asked, user_id: str, now: datetime) -> Registration:
    """Remind a person with an account, and tell them so; asked twice, they are told once."""
    standing = standing_of(session, user_id=user_id, livestream_id=asked.livestream_id)
    if standing is not None:
        return standing
    recipient = recipient_of_user(session, user_id=user_id, now=now)
    registration = _ask(session, asked, recipient.id, confirmed=True, now=now)
    post_registered(session, registration, starts_at=asked.starts_at, now=now)
    return registration


def ask_by_mail(
    session: Session,
    *,
    asked: Asked,
    email: str,
    language: str,
    timezone: str,
    data_key: str,
    now: datetime,
) -> Registration:
    """Ask the owner of an address whether they want to be reminded.

    Raises:
        BadEmail: It is no address.
    """
    recipient = recipient_of_address(
        session, email=email, language=language, timezone=timezone, data_key=data_key, now=now
    )
    if not _has_confirmed(session, recipient):  # else its owner has chosen, and nobody else can
        place_recipient(session, recipient_id=recipient.id, language=language, timezone=timezone)
    return ask_again(session, asked=asked, recipient_id=recipient.id, now=now)


def ask_again(session: Session, *, asked: Asked, recipient_id: str, now: datetime) -> Registration:
    """Ask a known address; whoever is reminded already is told so once more.

    Either way one mail goes out, so that nobody learns from it who had asked before.
    """
    registration = _ask(session, asked, recipient_id, confirmed=False, now=now)
    if registration.confirmed_at is not None and registration.ended_at is None:
        post_registered(session, registration, starts_at=asked.starts_at, now=now)
    else:
        posting = Posting(
            "confirm_registration",
            occurrence=registration.id,
            revision=registration.asks,
            give_up_at=asked.starts_at,
        )
        post(session, posting, recipient_id=recipient_id, now=now)
    return registration


def post_registered(
    session: Session, registration: Registration, *, starts_at: datetime, now: datetime
) -> None:
    """Write down that somebody is to be told that they will be reminded: once per asking."""
    posting = Posting(
        "registered",
        occurrence=registration.subject_id,
        revision=registration.asks,
        give_up_at=starts_at,
    )
    post(
        session,
        posting,
        recipient_id=registration.recipient_id,
        registration_id=registration.id,
        now=now,
    )


def _ask(
    session: Session, asked: Asked, recipient_id: str, *, confirmed: bool, now: datetime
) -> Registration:
    return ask(
        session,
        recipient_id=recipient_id,
        subject=Subject.LIVESTREAM,
        subject_id=asked.livestream_id,
        confirmed=confirmed,
        now=now,
    )


def _has_confirmed(session: Session, recipient: Recipient) -> bool:
    confirmed = select(Registration.id).where(
        Registration.recipient_id == recipient.id, Registration.confirmed_at.is_not(None)
    )
    return session.scalar(confirmed.limit(1)) is not None
