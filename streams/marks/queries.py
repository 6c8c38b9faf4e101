"""Reads of marks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.work.models import Work
from media.enums import BroadcastState
from media.models import Broadcast
from media.showing import premiere_shift
from media.window import Cut, window_of
from streams.audience.queries import spans_of
from streams.marks.models import Mark
from streams.marks.rules import Moment, SoFar, Span, so_far


def marks_of(session: Session, *, livestream_id: str) -> Sequence[Mark]:
    """Return the marks of a livestream in the order of their moments."""
    query = select(Mark).where(Mark.livestream_id == livestream_id)
    return session.scalars(query.order_by(Mark.at, Mark.id)).all()


def chapters_so_far(
    session: Session, *, livestream_id: str, broadcast_id: str, language: str
) -> list[SoFar]:
    """Return the chapters of what is live now, by the times that its viewers are told."""
    moments = [Moment(one.at, one.title) for one in marks_of(session, livestream_id=livestream_id)]
    broadcast = session.get(Broadcast, broadcast_id) if moments else None
    if broadcast is None or broadcast.opened_at is None:
        return []
    since = window_of(broadcast.opened_at, Cut(broadcast.shown_from)).opens_at
    sent = spans_of(session, broadcast_id=broadcast_id, since=since)
    spans = [Span(*one) for one in sent or [(since, timedelta(0))]]
    shift = premiere_shift(broadcast)
    found = so_far(moments, spans, language=language)
    return [replace(one, at=one.at + shift) for one in found]


def count_marks(session: Session, *, livestream_id: str) -> int:
    """Return how many marks a livestream has."""
    query = select(func.count()).where(Mark.livestream_id == livestream_id)
    return session.execute(query).scalar_one()


def marked_without(session: Session, *, kind: str, since: datetime) -> Sequence[str]:
    """Return what ended after ``since``, is kept and has marks, but no work of this kind."""
    marked = exists().where(Mark.livestream_id == Livestream.id)
    asked = exists().where(Work.kind == kind, Work.subject == Livestream.broadcast_id)
    query = (
        select(Livestream.id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(
            Livestream.state.in_((LivestreamState.ENDED, LivestreamState.PUBLISHED)),
            Livestream.ended_at > since,
            Livestream.recorded,
            Livestream.withheld_at.is_(None),
            Broadcast.state == BroadcastState.ENDED,
            Broadcast.emptied_at.is_(None),
            marked,
            ~asked,
        )
    )
    return session.scalars(query.order_by(Livestream.ended_at)).all()


def livestream_of(session: Session, *, broadcast_id: str) -> Livestream | None:
    """Return the livestream whose media a broadcast is."""
    query = select(Livestream).where(Livestream.broadcast_id == broadcast_id)
    return session.scalars(query).one_or_none()
