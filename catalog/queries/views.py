"""What pages and the API show of the catalogue: frozen views, made from core rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Host, Livestream, Series, SeriesMember, Topic
from catalog.queries.details import Details, details_of
from core.words import Words
from media.enums import BroadcastState
from media.models import Broadcast


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic as pages show it."""

    slug: str
    names: Words
    descriptions: Words
    risk: str


@dataclass(frozen=True, slots=True)
class HostView:
    """A host as pages show them; ``verified_until`` None means never verified."""

    id: str
    names: Words
    titles: Words
    institutions: Words
    departments: Words
    biographies: Words
    initials: str
    verified_until: datetime | None
    is_example: bool


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """The series a livestream is part of; ``position`` orders its members."""

    id: str
    titles: Words
    position: int


@dataclass(frozen=True, slots=True)
class LivestreamView:
    """A livestream with its host, topics and the state of its broadcast; times are UTC."""

    id: str
    titles: Words
    descriptions: Words
    language: str
    host: HostView
    topics: tuple[TopicView, ...]
    starts_at: datetime
    ends_at: datetime
    timezone: str
    local_start: str
    state: str
    visibility: str
    organisation_id: str | None
    replay_policy: str
    auto_start: bool
    started_at: datetime | None
    ended_at: datetime | None
    published_at: datetime | None
    updated_at: datetime
    is_example: bool
    broadcast_id: str
    broadcast_state: str
    opened_at: datetime | None
    announced_at: datetime | None
    audiences: tuple[str, ...] = ()
    """Whom it is made for; empty: the public."""
    captions: tuple[str, ...] = ()
    """The languages in which captions exist."""
    series: SeriesPlace | None = None
    poster_key: str | None = None
    """The object key of the picture, once one has been made (see :mod:`media.paths`)."""
    has_sound: bool = False
    """Whether its sound can be downloaded."""

    @property
    def host_id(self) -> str:
        """The id of the host, as on the row."""
        return self.host.id

    @property
    def interrupted(self) -> bool:
        """Whether it is live and waits for its encoder to come back."""
        return self.state == L.LIVE and self.broadcast_state == BroadcastState.INTERRUPTED


TOPIC_COLUMNS: Final = tuple(Topic.__table__.c[field.name] for field in fields(TopicView))
HOST_COLUMNS: Final = tuple(
    Host.__table__.c[field.name].label(f"host__{field.name}") for field in fields(HostView)
)
_TOPICS: Final = select(*TOPIC_COLUMNS).order_by(Topic.position, Topic.slug)
LIVESTREAMS: Final = (
    select(
        Livestream.__table__,
        Broadcast.state.label("broadcast_state"),
        Broadcast.opened_at,
        SeriesMember.series_id,
        SeriesMember.position.label("series_position"),
        Series.titles.label("series_titles"),
        *HOST_COLUMNS,
    )
    .join(Host.__table__, Host.id == Livestream.host_id)
    .join(Broadcast.__table__, Broadcast.id == Livestream.broadcast_id)
    .outerjoin(SeriesMember.__table__, SeriesMember.livestream_id == Livestream.id)
    .outerjoin(Series.__table__, Series.id == SeriesMember.series_id)
)
"""Every livestream with its host, broadcast and series, for :func:`livestream_views`."""

_APART: Final = {
    "host",
    "topics",
    "audiences",
    "captions",
    "series",
    "poster_key",
    "has_sound",
}
_OWN_COLUMNS: Final = [field.name for field in fields(LivestreamView) if field.name not in _APART]


def topic_view(row: Row[Any]) -> TopicView:
    """Return the view of a row of TOPIC_COLUMNS."""
    return TopicView(row.slug, row.names, row.descriptions, row.risk)


def host_view(row: Row[Any]) -> HostView:
    """Return the view of a row with HOST_COLUMNS."""
    return HostView(
        **{field.name: getattr(row, f"host__{field.name}") for field in fields(HostView)}
    )


def all_topics(session: Session) -> tuple[TopicView, ...]:
    """Return all topics in their order."""
    return tuple(topic_view(row) for row in session.connection().execute(_TOPICS))


def livestream_views(
    session: Session, rows: Sequence[Row[Any]], topics: Sequence[TopicView] | None = None
) -> tuple[LivestreamView, ...]:
    """Return the views of rows of LIVESTREAMS, in their order.

    One query brings their details, one the topics; ``topics``, all there are, spares the latter.
    """
    details = details_of(session, rows)
    known = all_topics(session) if topics is None else topics
    by_slug = {topic.slug: topic for topic in known}
    return tuple(_livestream_view(row, details[row.id], by_slug) for row in rows)


def _livestream_view(
    row: Row[Any], details: Details, topics: Mapping[str, TopicView]
) -> LivestreamView:
    return LivestreamView(
        host=host_view(row),
        topics=tuple(topics[slug] for slug in details.topics if slug in topics),
        audiences=tuple(details.audiences),
        captions=tuple(details.captions),
        series=_series_place(row),
        poster_key=details.poster_key,
        has_sound=details.has_sound,
        **{name: getattr(row, name) for name in _OWN_COLUMNS},
    )


def _series_place(row: Row[Any]) -> SeriesPlace | None:
    if row.series_id is None:
        return None
    return SeriesPlace(row.series_id, row.series_titles, row.series_position)
