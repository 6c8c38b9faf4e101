"""On whose behalf somebody is reminded; every page and API operation asks here."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import services as notices
from accounts.notices.models import Recipient, Registration
from accounts.rules import STRANGER, Actor, normal_email
from catalog.access import livestream_for
from catalog.rules import is_id
from core.errors import NotFound, SignInNeeded, TooMany
from core.limits import count_up
from core.sealing import fingerprint, keyed_fingerprint, unseal
from scheduler.registrations import services
from scheduler.registrations.rules import (
    ASKS_FROM_ADDRESS,
    ASKS_OF_ACCOUNT,
    ASKS_OF_LIVESTREAM,
    DAY,
    HOUR,
    MAILS_A_DAY,
    check_open,
    mailbox_of,
)
from scheduler.registrations.services import Asked


def asked_for(session: Session, *, actor: Actor, livestream_id: str, now: datetime) -> Asked:
    """Return what the actor may be reminded of.

    Raises:
        NotFound: The actor may not know of it; without an account, of anything private.
        HasBegun, IsOver, IsCancelled, NotPlanned: There is nothing to wait for.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    check_open(livestream.state, livestream.starts_at, now)
    return Asked(livestream.id, livestream.starts_at)


def remind(session: Session, *, actor: Actor, livestream_id: str, now: datetime) -> Registration:
    """Remind a person with an account; raises as :func:`asked_for`.

    Raises:
        SignInNeeded: Nobody is signed in.
        TooMany: By this person.
    """
    if actor.user_id is None:
        raise SignInNeeded
    asked = asked_for(session, actor=actor, livestream_id=livestream_id, now=now)
    key = f"remind_by:{fingerprint(actor.user_id)}"
    count_up(session, key=key, limit=ASKS_OF_ACCOUNT, seconds=HOUR, now=now)
    return services.ask_for_account(session, asked=asked, user_id=actor.user_id, now=now)


def remind_by_mail(
    session: Session,
    *,
    livestream_id: str,
    email: str,
    language: str,
    timezone: str,
    data_key: str,
    now: datetime,
) -> None:
    """Ask the owner of an address; what a stranger learns is the same for every address.

    An address that had its mails of the day gets no other: also that is not told.

    Raises:
        BadEmail: It is no address.
        NotFound, HasBegun, IsOver, IsCancelled, NotPlanned: As :func:`asked_for`.
    """
    asked = asked_for(session, actor=STRANGER, livestream_id=livestream_id, now=now)
    if may_mail(session, address=normal_email(email), data_key=data_key, now=now):
        services.ask_by_mail(
            session,
            asked=asked,
            email=email,
            language=language,
            timezone=timezone,
            data_key=data_key,
            now=now,
        )


def remind_again(
    session: Session,
    *,
    recipient: Recipient,
    registration: Registration,
    data_key: str,
    now: datetime,
) -> None:
    """Send a new link to the owner of one that is too old; raises as :func:`asked_for`."""
    livestream_id = registration.subject_id
    asked = asked_for(session, actor=STRANGER, livestream_id=livestream_id, now=now)
    address = unseal(data_key, recipient.address_sealed)
    if may_mail(session, address=address, data_key=data_key, now=now):
        services.ask_again(session, asked=asked, recipient_id=recipient.id, now=now)


def count_asking(
    session: Session, *, visitor: str, livestream_id: str, secret: str, now: datetime
) -> None:
    """Count a try without an account; the caller commits, also when it is refused.

    Raises:
        TooMany: From one address of the net, or for one livestream.
    """
    for key, most in (
        (f"remind_from:{keyed_fingerprint(secret, visitor)}", ASKS_FROM_ADDRESS),
        (f"remind_of:{keyed_fingerprint(secret, livestream_id)}", ASKS_OF_LIVESTREAM),
    ):
        count_up(session, key=key, limit=most, seconds=HOUR, now=now)


def may_mail(session: Session, *, address: str, data_key: str, now: datetime) -> bool:
    """Count a mail to an address, and tell whether it may have another one today."""
    key = f"remind_to:{keyed_fingerprint(data_key, mailbox_of(address))}"
    try:
        count_up(session, key=key, limit=MAILS_A_DAY, seconds=DAY, now=now)
    except TooMany:
        return False
    return True


def end(
    session: Session, *, recipient_id: str, registration_id: str, now: datetime
) -> Registration:
    """Call one of somebody's registrations off; called off twice, it is off.

    Raises:
        NotFound: It is not theirs.
    """
    registration = _own(session, recipient_id, registration_id)
    notices.end(session, registration_id=registration.id, now=now)
    return registration


def reopen(
    session: Session, *, actor: Actor, recipient_id: str, registration_id: str, now: datetime
) -> Registration:
    """Undo :func:`end`.

    Raises:
        NotFound: It is not theirs, or the actor may not know of the livestream any more.
        HasBegun, IsOver, IsCancelled, NotPlanned: There is nothing to wait for any more.
    """
    registration = _own(session, recipient_id, registration_id)
    asked_for(session, actor=actor, livestream_id=registration.subject_id, now=now)
    notices.reopen(session, registration_id=registration.id, now=now)
    return registration


def recipient_id_of(session: Session, *, actor: Actor) -> str:
    """Return under which id a person with an account is told; empty: they never were.

    Raises:
        SignInNeeded: Nobody is signed in.
    """
    if actor.user_id is None:
        raise SignInNeeded
    found = session.scalar(select(Recipient.id).where(Recipient.user_id == actor.user_id))
    return found or ""


def _own(session: Session, recipient_id: str, registration_id: str) -> Registration:
    known = is_id(registration_id)
    found = session.get(Registration, registration_id) if known else None
    if found is None or found.recipient_id != recipient_id:
        raise NotFound
    return found
