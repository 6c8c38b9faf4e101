"""What calendars and podcasts are made of: public livestreams only, whoever asks.

No function here takes an actor. A feed is an address that programs fetch and people pass on, so
what it holds must not depend on a cookie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.feeds.events import Event
from catalog.models import Host, Livestream, Topic
from catalog.queries import conditions_of, known_to_all
from catalog.queries.belonging import is_about
from catalog.schedule.queries import filters_of
from catalog.schedule.rules import Selection
from core.clock import as_utc
from core.errors import NotFound
from core.words import Words, in_language
from media.enums import TrackKind
from media.models import Asset, TextTrack

KEPT: Final = timedelta(days=30)
"""So long after their planned end entries stay, that a calendar learns of what was cancelled."""
MOST_EVENTS: Final = 2000
"""What comes first, then what was."""
MOST_EPISODES: Final = 100
EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class TopicNames:
    """The topic of a feed."""

    slug: str
    names: Words
    descriptions: Words


@dataclass(frozen=True, slots=True)
class Sound:
    """The sound of a replay that can be downloaded."""

    object_key: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A published replay as a podcast tells of it."""

    id: str
    titles: Words
    descriptions: Words
    host: Words
    published_at: datetime
    updated_at: datetime
    seconds: int
    sound: Sound | None = None
    poster_key: str | None = None
    captions: tuple[tuple[str, str], ...] = ()
    """Language and object key of each track."""


def newest_change(session: Session) -> datetime:
    """Return when a livestream was last written: no calendar is newer than that."""
    return as_utc(session.execute(select(func.max(Livestream.updated_at))).scalar() or EPOCH)


def one_topic(session: Session, *, slug: str) -> TopicNames:
    """Return a topic.

    Raises:
        NotFound: There is no such topic.
    """
    known = select(Topic.slug, Topic.names, Topic.descriptions).where(Topic.slug == slug)
    row = session.execute(known).one_or_none() if slug.isprintable() else None
    if row is None:
        raise NotFound
    return TopicNames(*row)


def list_events(
    session: Session, *, selection: Selection, language: str, with_titles: bool, now: datetime
) -> list[Event]:
    """Return what a calendar holds; titles only where they are asked for."""
    titles: tuple[ColumnElement[Any], ...] = (Livestream.titles,) if with_titles else ()  # type: ignore[assignment]  # an attribute is a column
    chosen = (
        select(
            Livestream.id,
            Livestream.starts_at,
            Livestream.ends_at,
            Livestream.timezone,
            Livestream.state,
            Livestream.sequence,
            Livestream.updated_at,
            _wants_host().label("wants_host"),
            Livestream.premiere,
            *titles,
        )
        .where(*_public(), Livestream.ends_at >= now - KEPT, *conditions_of(filters_of(selection)))
        .join(Host.__table__, Host.id == Livestream.host_id)
        .order_by(Livestream.ends_at < now, Livestream.starts_at, Livestream.id)
        .limit(MOST_EVENTS)
    )
    rows = session.connection().execute(chosen).all()
    return [_event(row, language) for row in rows]


def _event(row: Sequence[Any], language: str) -> Event:
    event, is_premiere, *titles = Event(*row[:8]), *row[8:]
    title = in_language(titles[0], language) if titles else ""
    return event._replace(is_premiere=is_premiere, title=title)


def _wants_host() -> ColumnElement[bool]:
    return Livestream.host_wanted_at.is_not(None) & (Livestream.state == L.SCHEDULED)


def list_episodes(session: Session, *, slug: str) -> list[Episode]:
    """Return the newest replays of a topic, the last published first; two queries."""
    sound, poster = aliased(Asset), aliased(Asset)
    chosen = (
        select(
            Livestream,
            Host.names.label("host"),
            sound.object_key.label("sound_key"),
            sound.content_type,
            sound.size,
            sound.details,
            poster.object_key.label("poster_key"),
        )
        .join(Host, Host.id == Livestream.host_id)
        .outerjoin(sound, (sound.broadcast_id == Livestream.broadcast_id) & (sound.kind == "sound"))
        .outerjoin(
            poster, (poster.broadcast_id == Livestream.broadcast_id) & (poster.kind == "poster")
        )
        .where(*_public(), Livestream.state == L.PUBLISHED, is_about(slug))
        .order_by(func.coalesce(Livestream.published_at, Livestream.ends_at).desc(), Livestream.id)
        .limit(MOST_EPISODES)
    )
    rows = session.execute(chosen).all()
    captions = _captions(session, [row.Livestream.broadcast_id for row in rows])
    return [_episode(row, captions.get(row.Livestream.broadcast_id, ())) for row in rows]


def _public() -> tuple[ColumnElement[bool], ...]:
    """Return the condition of everything here, twice: what anybody may know of, and public."""
    return known_to_all(), Livestream.visibility == Visibility.PUBLIC


def _captions(session: Session, broadcasts: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    tracks = (
        select(TextTrack.broadcast_id, TextTrack.language, TextTrack.object_key)
        .where(TextTrack.broadcast_id.in_(broadcasts), TextTrack.kind == TrackKind.CAPTIONS)
        .order_by(TextTrack.language)
    )
    for broadcast_id, language, key in session.execute(tracks):
        found[broadcast_id] = (*found.get(broadcast_id, ()), (language, key))
    return found


def _episode(row: Any, captions: tuple[tuple[str, str], ...]) -> Episode:  # noqa: ANN401 -- a row
    one: Livestream = row.Livestream
    lasted = (one.ended_at or one.ends_at) - (one.started_at or one.starts_at)
    duration_us = (row.details or {}).get("duration_us")
    return Episode(
        id=one.id,
        titles=one.titles,
        descriptions=one.descriptions,
        host=row.host,
        published_at=one.published_at or one.ends_at,
        updated_at=one.updated_at,
        seconds=round(duration_us / 1e6) if duration_us else round(lasted.total_seconds()),
        sound=Sound(row.sound_key, row.content_type, row.size) if row.sound_key else None,
        poster_key=row.poster_key,
        captions=captions,
    )
