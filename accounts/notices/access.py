"""On whose behalf choices are read and changed: who is signed in, or who holds a link of a mail."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import Category, Pace
from accounts.notices.errors import NoSuchLink
from accounts.notices.links import Link, Purpose, is_genuine, read_token
from accounts.notices.models import Registration
from accounts.notices.paces import pace_in
from accounts.notices.queries.people import Settled, settled, settled_of_user
from accounts.rules import Actor
from core.errors import SignInNeeded


@dataclass(frozen=True, slots=True)
class Stopping:
    """What a link to unsubscribe stops: one registration, or a category."""

    person: Settled
    category: Category | None = None
    registration_id: str | None = None
    is_stopped: bool = False


def own_choices(session: Session, *, actor: Actor) -> Settled:
    """Return what the person who is signed in chose.

    Raises:
        SignInNeeded: Nobody is signed in.
    """
    if actor.user_id is None:
        raise SignInNeeded
    return settled_of_user(session, user_id=actor.user_id)


def holder_of(
    session: Session, *, token: str, purpose: Purpose, data_key: str
) -> tuple[Settled, Link]:
    """Return to whom a link was sent, and what it says.

    Raises:
        NoSuchLink: It is broken, for something else, or its owner ended it.
    """
    link = read_token(token)
    person = settled(session, recipient_id=link.recipient_id) if link else None
    if link is None or person is None or link.purpose is not purpose:
        raise NoSuchLink
    if not is_genuine(data_key, link, person.link_version):
        raise NoSuchLink
    return person, link


def stopping(session: Session, *, token: str, data_key: str) -> Stopping:
    """Return what a link to unsubscribe stops.

    Raises:
        NoSuchLink: As above, or what was asked for is gone.
    """
    person, link = holder_of(session, token=token, purpose=Purpose.UNSUBSCRIBE, data_key=data_key)
    if link.about in set(Category):
        category = Category(link.about)
        off = pace_in(person.choices, category) is Pace.OFF
        return Stopping(person, category=category, is_stopped=off)
    asked = session.execute(
        select(Registration.id, Registration.ended_at).where(
            Registration.id == link.about, Registration.recipient_id == person.recipient_id
        )
    ).one_or_none()
    if asked is None:
        raise NoSuchLink
    return Stopping(person, registration_id=asked.id, is_stopped=asked.ended_at is not None)
