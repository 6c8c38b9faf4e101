"""What pages and the API show of the catalogue: frozen views, made from core rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from catalog.enums import CredentialKind
from catalog.enums import LivestreamState as L
from catalog.models import Host, Livestream, Series, SeriesMember, Topic
from catalog.queries.details import Details, details_of
from catalog.queries.texts import as_text, words_of
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
    credential_kind: str = CredentialKind.PSYCHIATRIST
    interests: Words = field(default_factory=dict)
    """Conflicts of interest as declared; empty: none."""
    checked_at: datetime | None = None
    """When the licence was last confirmed; who never handed one in has declared nothing either."""


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
    scope: str
    recorded: bool
    premiere: bool
    withheld_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    published_at: datetime | None
    updated_at: datetime
    is_example: bool
    broadcast_id: str
    broadcast_state: str
    opened_at: datetime | None
    announced_at: datetime | None
    host_wanted_at: datetime | None
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
    def wants_host(self) -> bool:
        """Whether its host cannot come and another one is being found."""
        return self.host_wanted_at is not None and self.state == L.SCHEDULED

    @property
    def interrupted(self) -> bool:
        """Whether it is live and waits for its encoder to come back."""
        return self.state == L.LIVE and self.broadcast_state == BroadcastState.INTERRUPTED


TOPIC_COLUMNS: Final = (Topic.slug, as_text(Topic.names), as_text(Topic.descriptions), Topic.risk)
HOST_COLUMNS: Final = (
    Host.id.label("host__id"),
    as_text(Host.names).label("host__names"),
    as_text(Host.titles).label("host__titles"),
    as_text(Host.institutions).label("host__institutions"),
    as_text(Host.departments).label("host__departments"),
    as_text(Host.biographies).label("host__biographies"),
    Host.initials.label("host__initials"),
    Host.verified_until.label("host__verified_until"),
    Host.is_example.label("host__is_example"),
    Host.credential_kind.label("host__credential_kind"),
    as_text(Host.interests).label("host__interests"),
    Host.checked_at.label("host__checked_at"),
)
_OWN_COLUMNS: Final = (
    Livestream.id,
    as_text(Livestream.titles),
    as_text(Livestream.descriptions),
    Livestream.language,
    Livestream.starts_at,
    Livestream.ends_at,
    Livestream.timezone,
    Livestream.local_start,
    Livestream.state,
    Livestream.visibility,
    Livestream.organisation_id,
    Livestream.replay_policy,
    Livestream.auto_start,
    Livestream.scope,
    Livestream.recorded,
    Livestream.premiere,
    Livestream.withheld_at,
    Livestream.started_at,
    Livestream.ended_at,
    Livestream.published_at,
    Livestream.updated_at,
    Livestream.is_example,
    Livestream.broadcast_id,
    Broadcast.state.label("broadcast_state"),
    Broadcast.opened_at,
    Livestream.announced_at,
    Livestream.host_wanted_at,
)
_SERIES_COLUMNS: Final = (
    SeriesMember.series_id,
    as_text(Series.titles).label("series_titles"),
    SeriesMember.position.label("series_position"),
)
_HOST_AT: Final = len(_OWN_COLUMNS)
_SERIES_AT: Final = _HOST_AT + len(HOST_COLUMNS)
_TOPICS: Final = select(*TOPIC_COLUMNS).order_by(Topic.position, Topic.slug)
LIVESTREAMS: Final[Select[*tuple[Any, ...]]] = (
    select(*_OWN_COLUMNS, *HOST_COLUMNS, *_SERIES_COLUMNS)
    .select_from(Livestream.__table__)
    .join(Host.__table__, Host.id == Livestream.host_id)
    .join(Broadcast.__table__, Broadcast.id == Livestream.broadcast_id)
    .outerjoin(SeriesMember.__table__, SeriesMember.livestream_id == Livestream.id)
    .outerjoin(Series.__table__, Series.id == SeriesMember.series_id)
)
"""Every livestream with its host, broadcast and series, for :func:`livestream_views`.

The columns stand in the order of the views' fields: a row is read by place, not by forty names.
"""


def topic_view(row: Sequence[Any]) -> TopicView:
    """Return the view of a row that begins with TOPIC_COLUMNS."""
    slug, names, descriptions, risk = row[: len(TOPIC_COLUMNS)]
    return TopicView(slug, words_of(names), words_of(descriptions), risk)


def host_view(row: Sequence[Any]) -> HostView:
    """Return the view of HOST_COLUMNS."""
    host_id, names, titles, institutions, departments, biographies, *rest = row
    initials, verified_until, is_example, kind, interests, checked_at = rest
    return HostView(
        host_id,
        words_of(names),
        words_of(titles),
        words_of(institutions),
        words_of(departments),
        words_of(biographies),
        initials,
        verified_until,
        is_example,
        kind,
        words_of(interests),
        checked_at,
    )


def all_topics(session: Session) -> tuple[TopicView, ...]:
    """Return all topics in their order."""
    return tuple(topic_view(row) for row in session.connection().execute(_TOPICS))


def livestream_views(
    session: Session,
    rows: Sequence[Row[*tuple[Any, ...]]],
    topics: Sequence[TopicView] | None = None,
) -> tuple[LivestreamView, ...]:
    """Return the views of rows of LIVESTREAMS, in their order.

    One query brings their details, one the topics; ``topics``, all there are, spares the latter.
    """
    details = details_of(session, rows)
    known = all_topics(session) if topics is None else topics
    by_slug = {topic.slug: topic for topic in known}
    return tuple(_livestream_view(row, details[row.id], by_slug) for row in rows)


def _livestream_view(
    row: Sequence[Any], details: Details, topics: Mapping[str, TopicView]
) -> LivestreamView:
    livestream_id, titles, descriptions, language, *rest = row[:_HOST_AT]
    rest += [
        tuple(details.audiences),
        tuple(details.captions),
        _series_place(*row[_SERIES_AT:]),
        details.poster_key,
        details.has_sound,
    ]
    return LivestreamView(
        livestream_id,
        words_of(titles),
        words_of(descriptions),
        language,
        host_view(row[_HOST_AT:_SERIES_AT]),
        tuple(topics[slug] for slug in details.topics if slug in topics),
        *rest,
    )


def _series_place(
    series_id: str | None, titles: str | None, position: int | None
) -> SeriesPlace | None:
    if series_id is None or titles is None or position is None:
        return None
    return SeriesPlace(series_id, words_of(titles), position)
