"""Secret calendars are made, renewed and ended. Services flush and never commit."""

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from accounts.notices.models import Recipient
from core.ids import new_id
from scheduler.calendars.queries import open_feed
from scheduler.calendars.rules import HOUR
from scheduler.models import CalendarFeed


def feed_of(session: Session, *, recipient: Recipient, now: datetime) -> CalendarFeed:
    """Return the calendar of somebody; it is made when there is none."""
    session.get_one(Recipient, recipient.id, with_for_update=True)  # two clicks make one
    known = open_feed(session, recipient_id=recipient.id)
    return known or _made(session, recipient, now)


def renew(session: Session, *, recipient: Recipient, now: datetime) -> CalendarFeed:
    """End every address somebody gave to programs, and return a calendar under a new one."""
    revoke(session, recipient=recipient, now=now)
    return _made(session, recipient, now)


def revoke(session: Session, *, recipient: Recipient, now: datetime) -> bool:
    """End every calendar of somebody for good; return whether there was one.

    Those that had ended before are forgotten: however often somebody presses, nothing piles up.
    """
    session.get_one(Recipient, recipient.id, with_for_update=True)
    _forget_ended(session, recipient)
    ended = session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.recipient_id == recipient.id, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(CalendarFeed.id)
        .execution_options(synchronize_session="fetch")
    )
    return bool(ended.all())


def note_read(session: Session, *, feed_id: str, now: datetime) -> bool:
    """Note that a program reads a calendar, to the hour; return whether that was news."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    noted = session.execute(
        update(CalendarFeed)
        .where(
            CalendarFeed.id == feed_id,
            or_(CalendarFeed.read_at.is_(None), CalendarFeed.read_at <= hour - HOUR),
        )
        .values(read_at=hour)
        .returning(CalendarFeed.id)
        .execution_options(synchronize_session=False)
    )
    return noted.one_or_none() is not None


def _forget_ended(session: Session, recipient: Recipient) -> None:
    ended = CalendarFeed.recipient_id == recipient.id, CalendarFeed.revoked_at.is_not(None)
    gone = delete(CalendarFeed).where(*ended)
    session.execute(gone.execution_options(synchronize_session=False))


def _made(session: Session, recipient: Recipient, now: datetime) -> CalendarFeed:
    feed = CalendarFeed(id=new_id(), recipient_id=recipient.id, created_at=now)
    session.add(feed)
    session.flush()
    return feed
