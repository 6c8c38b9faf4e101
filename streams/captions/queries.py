"""Reads of captions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Exists, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState, Visibility
from catalog.models import Livestream
from core.work.models import Work
from media.enums import BroadcastState, TrackKind, TrackSource
from media.models import Broadcast, TextTrack
from media.recording import replay_rows
from media.webvtt import Cue
from streams.captions.models import CaptionCheck, LiveCaption
from streams.captions.rules import digest_of

AT_ONCE: Final = 200
"""Typed lines that are given out in one answer."""
OVER: Final = (LivestreamState.ENDED, LivestreamState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a track on the page on which it is corrected."""

    number: int
    cue: Cue
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Track:
    """Captions in one language with all their lines."""

    language: str
    source: str
    object_key: str
    lines: tuple[Line, ...]

    @property
    def checked(self) -> int:
        """How many lines a person has looked at."""
        return sum(line.is_checked for line in self.lines)


def track_row(session: Session, *, broadcast_id: str, language: str) -> TextTrack | None:
    """Return the row of captions in a language, as it is in the database now."""
    query = select(TextTrack).where(
        TextTrack.broadcast_id == broadcast_id,
        TextTrack.kind == TrackKind.CAPTIONS,
        TextTrack.language == language,
    )
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def tracks_for(session: Session, livestream: Livestream) -> list[Track]:
    """Return the captions of a livestream's replay, by language."""
    query = select(TextTrack).where(
        TextTrack.broadcast_id == livestream.broadcast_id, TextTrack.kind == TrackKind.CAPTIONS
    )
    rows = session.scalars(query.order_by(TextTrack.language)).all()
    checked = _checked(session, livestream.id) if rows else frozenset[tuple[str, str]]()
    return [_track(row, checked) for row in rows]


def track_for(session: Session, livestream: Livestream, language: str) -> Track | None:
    """Return the captions of a replay in one language."""
    found = (one for one in tracks_for(session, livestream) if one.language == language)
    return next(found, None)


def length_ms(session: Session, broadcast_id: str) -> int:
    """Return how long the replay is that is shown."""
    rows = replay_rows(session, broadcast_id=broadcast_id)
    return sum(row.duration_us for row in rows) // 1000


def typed_lines(
    session: Session, *, livestream_id: str, after: int = 0, limit: int = AT_ONCE
) -> Sequence[LiveCaption]:
    """Return lines that were typed after the one with that number, in the order they came."""
    query = (
        select(LiveCaption)
        .where(LiveCaption.livestream_id == livestream_id, LiveCaption.number > after)
        .order_by(LiveCaption.number)
        .limit(limit)
    )
    return session.scalars(query).all()


def last_lines(session: Session, *, livestream_id: str, limit: int) -> Sequence[LiveCaption]:
    """Return the lines typed last, the latest last."""
    query = select(LiveCaption).where(LiveCaption.livestream_id == livestream_id)
    found = session.scalars(query.order_by(LiveCaption.number.desc()).limit(limit)).all()
    return list(reversed(found))


def last_number(session: Session, *, livestream_id: str) -> int:
    """Return the number of the line that was typed last; 0 when none was."""
    query = select(func.max(LiveCaption.number)).where(LiveCaption.livestream_id == livestream_id)
    return session.scalar(query) or 0


def typed_and_over(session: Session, *, kind: str, since: datetime) -> Sequence[str]:
    """Return the broadcasts that ended after ``since``, have typed lines, and no work of a kind."""
    typed = exists().where(LiveCaption.livestream_id == Livestream.id)
    return _broadcasts(session, since, typed, ~_asked(kind))


def unwritten(
    session: Session, *, kind: str, since: datetime, languages: Collection[str]
) -> Sequence[tuple[str, str]]:
    """Return what ended after ``since`` without captions, typed lines and work: (id, language)."""
    track = exists().where(
        TextTrack.broadcast_id == Broadcast.id,
        TextTrack.kind == TrackKind.CAPTIONS,
        TextTrack.language == Livestream.language,
    )
    typed = exists().where(LiveCaption.livestream_id == Livestream.id)
    spoken = Livestream.language.in_(languages)
    found = _broadcasts(session, since, spoken, ~track, ~typed, ~_asked(kind))
    query = select(Livestream.broadcast_id, Livestream.language)
    rows = session.execute(query.where(Livestream.broadcast_id.in_(found)))
    return [(broadcast_id, language) for broadcast_id, language in rows]


def unneeded_lines(session: Session, *, before: datetime) -> Sequence[str]:
    """Return livestreams with typed lines whose words nobody is to keep.

    They are over and not recorded, withdrawn, removed, or so old that no replay will have them.
    """
    gone = or_(
        ~Livestream.recorded,
        Livestream.withheld_at.is_not(None),
        Broadcast.emptied_at.is_not(None),
        Livestream.ended_at < before,
        Livestream.state.in_((LivestreamState.CANCELLED, LivestreamState.MISSED)),
    )
    query = (
        select(Livestream.id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(
            Livestream.state != LivestreamState.LIVE,
            exists().where(LiveCaption.livestream_id == Livestream.id),
            gone,
        )
    )
    return session.scalars(query).all()


def wanting(session: Session, *, limit: int) -> Sequence[Livestream]:
    """Return public livestreams that are on air or whose words nobody has written or corrected."""
    by_person = exists().where(
        TextTrack.broadcast_id == Livestream.broadcast_id,
        TextTrack.kind == TrackKind.CAPTIONS,
        TextTrack.language == Livestream.language,
        TextTrack.source.in_((TrackSource.HUMAN, TrackSource.CORRECTED)),
    )
    is_live = Livestream.state == LivestreamState.LIVE
    query = (
        select(Livestream)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(
            Livestream.visibility == Visibility.PUBLIC,
            or_(is_live, and_(_is_kept(), ~by_person)),
        )
        .order_by(is_live.desc(), Livestream.ended_at.desc(), Livestream.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def _broadcasts(
    session: Session, since: datetime, *conditions: ColumnElement[bool]
) -> Sequence[str]:
    query = (
        select(Broadcast.id)
        .join(Livestream, Livestream.broadcast_id == Broadcast.id)
        .where(_is_kept(), Livestream.ended_at > since, *conditions)
        .order_by(Livestream.ended_at)
    )
    return session.scalars(query).all()


def _is_kept() -> ColumnElement[bool]:
    return and_(
        Livestream.state.in_(OVER),
        Livestream.recorded,
        Livestream.withheld_at.is_(None),
        Broadcast.state == BroadcastState.ENDED,
        Broadcast.emptied_at.is_(None),
    )


def _asked(kind: str) -> Exists:
    return exists().where(Work.kind == kind, Work.subject == Broadcast.id)


def _checked(session: Session, livestream_id: str) -> frozenset[tuple[str, str]]:
    query = select(CaptionCheck.language, CaptionCheck.digest).where(
        CaptionCheck.livestream_id == livestream_id
    )
    return frozenset((language, digest) for language, digest in session.execute(query))


def _track(row: TextTrack, checked: frozenset[tuple[str, str]]) -> Track:
    lines = tuple(
        Line(
            number,
            Cue(int(cue[0]), int(cue[1]), str(cue[2])),
            (row.language, digest_of(cue)) in checked,
        )
        for number, cue in enumerate(row.cues, start=1)
    )
    return Track(row.language, row.source, row.object_key, lines)
