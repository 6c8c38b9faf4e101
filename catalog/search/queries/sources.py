"""What livestreams say, and the version of it: a fixed number of queries for any number of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Host, Livestream, LivestreamTopic, Topic
from catalog.queries.texts import as_text, words_of
from catalog.search.models import document
from catalog.search.rules.documents import Sheet, version_of
from media.enums import TrackKind
from media.models import Broadcast, TextTrack

AT_ONCE: Final = 400
"""Identifiers in one statement."""


@dataclass(slots=True)
class _Named:
    """Names by id and by livestream, as JSON texts, and the tracks of open replays."""

    hosts: dict[str, tuple[str, str]]
    topics: dict[str, str]
    slugs: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    tracks: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def versions(session: Session, *, since: datetime | None = None) -> dict[str, str]:
    """Return the version of each livestream by its id; with ``since`` of those written lately."""
    chosen = _ROWS if since is None else _ROWS.where(_lately(since))
    rows = session.execute(chosen).all()
    named = _named(session, rows, everything=since is None)
    return {row.id: _version(row, named) for row in rows}


def known_versions(session: Session, ids: Collection[str] | None = None) -> dict[str, str]:
    """Return the version that each index row was made from; with ``ids``, of these alone."""
    query = select(document.c.livestream_id, document.c.version)
    if ids is None:
        return dict(session.execute(query).all())
    found: dict[str, str] = {}
    for some in portions(ids):
        rows = session.execute(query.where(document.c.livestream_id.in_(some)))
        found.update(rows.all())
    return found


def sheets(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, Sheet]]:
    """Return the version and the sheet of each of some livestreams that still exist."""
    found: dict[str, tuple[str, Sheet]] = {}
    for some in portions(ids):
        rows = session.execute(_ROWS.where(Livestream.id.in_(some))).all()
        named = _named(session, rows, everything=False)
        cues = _cues(session, [row.broadcast_id for row in rows if is_open(row)])
        for row in rows:
            found[row.id] = _version(row, named), _sheet(row, named, cues[row.broadcast_id])
    return found


def is_open(row: Any) -> bool:  # noqa: ANN401 -- a row of a livestream, or a view
    """Tell whether its replay, and so what is said in it, may be watched by who may know of it."""
    return row.state == LivestreamState.PUBLISHED and row.withheld_at is None


_ROWS: Final[Select[*tuple[Any, ...]]] = (
    select(
        Livestream.id,
        as_text(Livestream.titles),
        as_text(Livestream.descriptions),
        Livestream.state,
        Livestream.withheld_at,
        Livestream.host_id,
        Livestream.broadcast_id,
    )
    .select_from(Livestream.__table__)
    .order_by(Livestream.starts_at.desc(), Livestream.id)
)


def _lately(since: datetime) -> ColumnElement[bool]:
    """Return the condition that a livestream or its texts were written; others wait a minute."""
    tracks = select(TextTrack.broadcast_id).where(TextTrack.created_at >= since)
    emptied = select(Broadcast.id).where(
        or_(Broadcast.emptied_at >= since, Broadcast.trimmed_at >= since)
    )
    return or_(
        Livestream.updated_at >= since,
        Livestream.broadcast_id.in_(tracks),
        Livestream.broadcast_id.in_(emptied),
    )


def _named(session: Session, rows: Sequence[Row[Any]], *, everything: bool) -> _Named:
    hosts = select(Host.id, as_text(Host.names), as_text(Host.institutions))
    named = _Named(
        hosts={row.id: (row.names, row.institutions) for row in session.execute(hosts)},
        topics=dict(session.execute(select(Topic.slug, as_text(Topic.names))).all()),
    )
    slugs = select(LivestreamTopic.livestream_id, LivestreamTopic.topic_slug).order_by(
        LivestreamTopic.position, LivestreamTopic.topic_slug
    )
    tracks = select(TextTrack.broadcast_id, TextTrack.object_key).order_by(TextTrack.object_key)
    ids = [row.id for row in rows], [row.broadcast_id for row in rows]
    for query, column, kept, which in (
        (slugs, LivestreamTopic.livestream_id, named.slugs, ids[0]),
        (tracks, TextTrack.broadcast_id, named.tracks, ids[1]),
    ):
        asked = [query] if everything else [query.where(column.in_(s)) for s in portions(which)]
        for one in asked:
            for owner, value in session.execute(one):
                kept[owner].append(value)
    return named


def _version(row: Row[Any], named: _Named) -> str:
    topics = [(slug, named.topics.get(slug)) for slug in named.slugs[row.id]]
    tracks = named.tracks[row.broadcast_id] if is_open(row) else ()
    host = named.hosts.get(row.host_id)
    return version_of(row.titles, row.descriptions, host, topics, tracks)


def _sheet(row: Row[Any], named: _Named, cues: Mapping[str, list[Any]]) -> Sheet:
    topics = (named.topics[slug] for slug in named.slugs[row.id] if slug in named.topics)
    names = (*named.hosts.get(row.host_id, ()), *topics)
    return Sheet(
        titles=words_of(row.titles),
        descriptions=words_of(row.descriptions),
        names=[words_of(one) for one in names],
        chapters=cues.get(TrackKind.CHAPTERS, []),
        transcripts=cues.get(TrackKind.CAPTIONS, []),
    )


def _cues(session: Session, broadcasts: list[str]) -> defaultdict[str, dict[str, list[Any]]]:
    found: defaultdict[str, dict[str, list[Any]]] = defaultdict(dict)
    query = select(TextTrack.broadcast_id, TextTrack.kind, TextTrack.cues)
    rows = session.execute(query.where(TextTrack.broadcast_id.in_(broadcasts)))
    for broadcast_id, kind, cues in rows:
        found[broadcast_id].setdefault(kind, []).append(cues)
    return found


def portions(ids: Collection[str]) -> Iterator[list[str]]:
    """Return identifiers in parts that one statement takes."""
    left = iter(ids)
    while some := list(islice(left, AT_ONCE)):
        yield some
