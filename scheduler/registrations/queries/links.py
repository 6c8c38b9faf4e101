"""Whom a secret link from a mail belongs to, and what it is about."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from accounts.notices.access import holder_of
from accounts.notices.errors import NoSuchLink
from accounts.notices.links import Purpose
from accounts.notices.models import Recipient, Registration
from scheduler.registrations.rules import is_latest, registration_in


class Linked(NamedTuple):
    """What a link of confirmation is about."""

    recipient: Recipient
    registration: Registration
    is_latest: bool
    """Whether no other link was sent since."""


def recipient_linked(session: Session, *, token: str, data_key: str) -> Recipient:
    """Return whose page of everything a link opens.

    Raises:
        NoSuchLink: It is broken, forged or ended; which of them is not told.
    """
    person, _link = holder_of(session, token=token, purpose=Purpose.MANAGE, data_key=data_key)
    return session.get_one(Recipient, person.recipient_id)


def registration_linked(session: Session, *, token: str, data_key: str) -> Linked:
    """Return the registration that a link of confirmation is about, and whose it is.

    Raises:
        NoSuchLink: As above, or the registration is gone.
    """
    person, link = holder_of(session, token=token, purpose=Purpose.CONFIRM, data_key=data_key)
    registration = session.get(Registration, registration_in(link.about))
    if registration is None or registration.recipient_id != person.recipient_id:
        raise NoSuchLink
    recipient = session.get_one(Recipient, person.recipient_id)
    return Linked(recipient, registration, is_latest(link.about, registration.asks))
