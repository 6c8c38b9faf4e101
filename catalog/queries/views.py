"""What pages and the API show of the catalogue: frozen views, made from core rows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Host, Livestream, LivestreamTopic, Topic
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
LIVESTREAMS: Final = (
    select(
        Livestream.__table__,
        Broadcast.state.label("broadcast_state"),
        Broadcast.opened_at,
        *HOST_COLUMNS,
    )
    .join(Host.__table__, Host.id == Livestream.host_id)
    .join(Broadcast.__table__, Broadcast.id == Livestream.broadcast_id)
)
"""Every livestream with its host and broadcast, for :func:`livestream_views`."""

_OWN_COLUMNS: Final = [
    field.name for field in fields(LivestreamView) if field.name not in {"host", "topics"}
]


def topic_view(row: Row[Any]) -> TopicView:
    """Return the view of a row of TOPIC_COLUMNS."""
    return TopicView(row.slug, row.names, row.descriptions, row.risk)


def host_view(row: Row[Any]) -> HostView:
    """Return the view of a row with HOST_COLUMNS."""
    return HostView(
        **{field.name: getattr(row, f"host__{field.name}") for field in fields(HostView)}
    )


def livestream_views(session: Session, rows: Sequence[Row[Any]]) -> tuple[LivestreamView, ...]:
    """Return the views of rows of LIVESTREAMS, in their order; one query for all their topics."""
    topics = _topics_of(session, [row.id for row in rows])
    return tuple(_livestream_view(row, tuple(topics.get(row.id, ()))) for row in rows)


def _livestream_view(row: Row[Any], topics: tuple[TopicView, ...]) -> LivestreamView:
    own = {name: getattr(row, name) for name in _OWN_COLUMNS}
    return LivestreamView(host=host_view(row), topics=topics, **own)


def _topics_of(session: Session, ids: list[str]) -> dict[str, list[TopicView]]:
    statement = (
        select(LivestreamTopic.livestream_id, *TOPIC_COLUMNS)
        .join(Topic.__table__, Topic.slug == LivestreamTopic.topic_slug)
        .where(LivestreamTopic.livestream_id.in_(ids))
        .order_by(LivestreamTopic.livestream_id, LivestreamTopic.position)
    )
    topics: dict[str, list[TopicView]] = {}
    for row in session.execute(statement):
        topics.setdefault(row.livestream_id, []).append(topic_view(row))
    return topics
