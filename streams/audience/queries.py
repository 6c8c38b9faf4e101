"""Reads of the minutes, and of what else a report tells: small rows, a query each."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from accounts.notices.enums import Subject
from accounts.notices.models import Registration
from media.models import Broadcast, Rendition, Segment
from streams.audience.models import AudienceMinute
from streams.audience.rules.counting import Minute, counts_since
from streams.audience.rules.reports import Breaks, breaks_between

_MINUTES = select(AudienceMinute.minute_at, AudienceMinute.beats, AudienceMinute.sample)
_RECENT = _MINUTES.where(
    AudienceMinute.livestream_id == bindparam("livestream_id"),
    AudienceMinute.minute_at > bindparam("since"),
    AudienceMinute.minute_at <= bindparam("now"),
).order_by(AudienceMinute.minute_at.desc())


def recent_minutes(session: Session, *, livestream_id: str, now: datetime) -> list[Minute]:
    """Return the minutes that still say how many watch, the newest first; five at most."""
    values = {"livestream_id": livestream_id, "since": counts_since(now), "now": now}
    return [Minute(*row) for row in session.execute(_RECENT, values)]


def minutes_of(session: Session, *, livestream_id: str) -> list[Minute]:
    """Return every minute in which somebody watched, in order."""
    statement = _MINUTES.where(AudienceMinute.livestream_id == livestream_id)
    return [Minute(*row) for row in session.execute(statement.order_by(AudienceMinute.minute_at))]


def reminded_people(session: Session, *, livestream_id: str) -> int:
    """Return how many asked to be reminded of a livestream and did not call it off."""
    wanted = select(func.count()).where(
        Registration.subject_kind == Subject.LIVESTREAM,
        Registration.subject_id == livestream_id,
        Registration.confirmed_at.is_not(None),
        Registration.ended_at.is_(None),
    )
    return session.execute(wanted).scalar_one()


def breaks_of(session: Session, *, broadcast_id: str) -> Breaks | None:
    """Return how often the picture was away while viewers could see it; None: nothing is left."""
    opened_at = session.get_one(Broadcast, broadcast_id).opened_at
    if opened_at is None:
        return None
    spans = spans_of(session, broadcast_id=broadcast_id, since=opened_at)
    return breaks_between(spans) if spans is not None else None


def spans_of(
    session: Session, *, broadcast_id: str, since: datetime
) -> list[tuple[datetime, timedelta]] | None:
    """Return what was sent without a gap from ``since`` on: beginnings and lengths.

    None: there is no rendition that has any segment.
    """
    of_broadcast = select(Rendition.id).where(Rendition.broadcast_id == broadcast_id)
    has_segments = exists().where(Segment.rendition_id == Rendition.id)
    order = (Rendition.generation, Rendition.position)
    rendition = session.scalars(of_broadcast.where(has_segments).order_by(*order)).first()
    if rendition is None:
        return None
    runs = (
        select(func.min(Segment.program_at), func.sum(Segment.duration_us))
        .where(Segment.rendition_id == rendition, Segment.program_at >= since)
        .group_by(Segment.run_number)
        .order_by(Segment.run_number)
    )
    return [(begins, timedelta(microseconds=int(us))) for begins, us in session.execute(runs)]
