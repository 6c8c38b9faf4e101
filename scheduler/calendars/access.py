"""The only ways to somebody's calendar: its secret address, or their own page."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.access import actor_for
from accounts.notices.models import Recipient
from accounts.notices.ports import Site
from accounts.notices.services import recipient_of_user
from accounts.rules import Actor
from core.errors import NotFound, SignInNeeded
from scheduler.calendars.queries import Owner, open_feed, owner_of
from scheduler.calendars.rules import feed_id_in, secret_of


class Address(NamedTuple):
    """Where a calendar is read, for programs that take https and for those that take webcal."""

    https: str
    webcal: str
    read_at: datetime | None
    """When a program last read it, to the hour."""


class Shown(NamedTuple):
    """What the part of pages ``_feed.html`` is drawn from, as ``calendar``."""

    address: Address | None
    form: str
    """Where its buttons are sent."""
    shows_titles: bool = False


def owner_by_secret(session: Session, *, secret: str, data_key: str) -> tuple[Owner, Actor]:
    """Return whose calendar a secret opens, and as whom they know of livestreams.

    Raises:
        NotFound: It was never made here, or was revoked, or the account is closed.
    """
    feed_id = feed_id_in(data_key, secret)
    owner = owner_of(session, feed_id=feed_id) if feed_id else None
    if owner is None:
        raise NotFound
    return owner, actor_for(session, owner.user_id)


def feed_address(session: Session, *, recipient: Recipient | None, site: Site) -> Address | None:
    """Return the address of somebody's calendar; None when they have none. Writes nothing."""
    feed = open_feed(session, recipient_id=recipient.id) if recipient else None
    if feed is None:
        return None
    whole = f"{site.address}/calendar/my/{secret_of(site.data_key, feed.id)}.ics"
    return Address(whole, f"webcal:{whole.partition(':')[2]}", feed.read_at)


def known_recipient(session: Session, *, actor: Actor) -> Recipient | None:
    """Return who is signed in as somebody who can be told something; None: never needed yet.

    Raises:
        SignInNeeded: Nobody is signed in.
    """
    if actor.user_id is None:
        raise SignInNeeded
    return session.scalar(select(Recipient).where(Recipient.user_id == actor.user_id))


def own_recipient(session: Session, *, actor: Actor, now: datetime) -> Recipient:
    """Return the same, made if need be; raises as :func:`known_recipient`."""
    if actor.user_id is None:
        raise SignInNeeded
    return recipient_of_user(session, user_id=actor.user_id, now=now)
