"""The entries of the schedule: plain rows, read for five hundred of them at a time.

One statement brings them, whatever they are, one their hosts. Titles leave the database as texts in
the reader's language and times as numbers, because taking apart five hundred JSON documents and a
thousand dates costs more than the rest; topics and captions come as one text per entry.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    cast,
    extract,
    func,
    select,
)
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import LivestreamState
from catalog.models import Host, Livestream, LivestreamTopic
from catalog.queries import Filters, TopicView, conditions_of, known_to, list_topics
from catalog.queries.texts import as_text, words_of
from catalog.queries.visibility import is_announced
from catalog.schedule.rules import Period, Selection
from core.words import LANGUAGES, in_language
from media.enums import TrackKind
from media.models import TextTrack

MOST: Final = 1000
"""No page shows more; it says so and offers its days and filters instead."""
RECORDED: Final = (LivestreamState.LIVE, LivestreamState.ENDED, LivestreamState.PUBLISHED)


class Entry(NamedTuple):
    """One row; a title that is not there in the reader's language is in the other one."""

    id: str
    title: str | None
    other_title: str | None
    language: str
    host_id: str
    starts: int
    """Seconds since 1970."""
    ends: int
    state: str
    visibility: str
    topics: str | None
    """Positions and slugs in any order, see :func:`in_order`."""
    captions: str | None
    """Languages in which captions exist, in any order."""
    wants_host: bool = False
    """Whether its host cannot come and another one is being found."""


class HostName(NamedTuple):
    """A host as rows name them."""

    name: str
    is_verified: bool
    is_example: bool = False
    """A made-up person of the demo; the mark says so."""


@dataclass(frozen=True, slots=True)
class Programme:
    """The entries of some days by start."""

    entries: Sequence[Entry]
    hosts: Mapping[str, HostName]
    """Who teaches in these entries by id, in the order of their names."""
    topics: tuple[TopicView, ...]
    """All there are, for the filter too."""
    is_cut: bool = False
    """Whether there were more than :data:`MOST`."""


def programme_of(
    session: Session,
    *,
    actor: Actor,
    selection: Selection,
    period: Period,
    language: str,
    now: datetime,
) -> Programme:
    """Return what begins in a period and the actor may know of, with words in ``language``."""
    values = {"starts_from": period.starts_at, "starts_to": period.ends_at}
    # the connection gives rows as they come; the session would look for entities in each
    rows = session.connection().execute(_chosen(actor, selection, language), values).all()
    entries = list(map(Entry._make, rows[:MOST]))
    hosts = _hosts(session, {entry.host_id for entry in entries}, language, now)
    return Programme(entries, hosts, list_topics(session), len(rows) > MOST)


def filters_of(selection: Selection) -> Filters:
    """Return the filters of a selection, as every list of livestreams knows them."""
    return Filters(
        states=(selection.state,) if selection.state else (),
        topic=selection.topic,
        language=selection.language,
        host_id=selection.host,
        audience=selection.audience,
    )


def other_than(language: str) -> str:
    """Return the language that is not this one."""
    return next(tag for tag in LANGUAGES if tag != language)


def in_order(places: str | None) -> list[str]:
    """Return the slugs of :attr:`Entry.topics` by their positions."""
    pairs = [place.partition(":") for place in (places or "").split()]
    return [slug for _position, _colon, slug in sorted(pairs, key=lambda pair: int(pair[0]))]


@lru_cache(maxsize=128)
def _chosen(actor: Actor, selection: Selection, language: str) -> Select[Any]:
    """Return the statement for the times ``starts_from`` and ``starts_to``.

    It is kept, because building one costs as much as a hundred of its rows.
    """
    return (
        _entries(language)
        .where(Livestream.starts_at >= bindparam("starts_from"))
        .where(Livestream.starts_at < bindparam("starts_to"))
        .where(is_announced(), known_to(actor), *conditions_of(filters_of(selection)))
        .order_by(Livestream.starts_at, Livestream.id)
        .limit(MOST + 1)
    )


def _entries(language: str) -> Select[Any]:
    titles: Any = Livestream.titles
    title = titles[language].as_string()
    other = titles[other_than(language)].as_string()
    return select(
        Livestream.id,
        title.label("title"),
        case((title.is_(None), other)).label("other_title"),
        Livestream.language,
        Livestream.host_id,
        _seconds(Livestream.starts_at).label("starts"),
        _seconds(Livestream.ends_at).label("ends"),
        Livestream.state,
        Livestream.visibility,
        _topics().label("topics"),
        _captions().label("captions"),
        _wants_host().label("wants_host"),
    )


def _hosts(
    session: Session, host_ids: Iterable[str], language: str, now: datetime
) -> dict[str, HostName]:
    """Return hosts by id in the order of their names: apart, as few teach many."""
    rows = session.connection().execute(_HOSTS, {"hosts": sorted(host_ids)}).all()
    found = {
        row.id: HostName(
            in_language(words_of(row.names), language),
            row.verified_until is not None and row.verified_until > now,
            row.is_example,
        )
        for row in rows
    }
    return dict(sorted(found.items(), key=lambda item: item[1].name))


_HOSTS: Final = select(Host.id, as_text(Host.names), Host.verified_until, Host.is_example).where(
    Host.id.in_(bindparam("hosts", expanding=True))
)


def _seconds(column: Any) -> ColumnElement[int]:  # noqa: ANN401 -- a column of times
    return cast(extract("epoch", column), BigInteger)


def _topics() -> ScalarSelect[str]:
    """Return position and slug of each topic; databases differ in how they sort such texts."""
    place = cast(LivestreamTopic.position, String) + ":" + LivestreamTopic.topic_slug
    about = LivestreamTopic.livestream_id == Livestream.id
    return select(func.aggregate_strings(place, " ")).where(about).scalar_subquery()


def _wants_host() -> ColumnElement[bool]:
    is_scheduled = Livestream.state == LivestreamState.SCHEDULED
    return Livestream.host_wanted_at.is_not(None) & is_scheduled


def _captions() -> ColumnElement[str]:
    """Return the languages of captions; only what was on air can have some."""
    of_it = (TextTrack.broadcast_id == Livestream.broadcast_id) & (
        TextTrack.kind == TrackKind.CAPTIONS
    )
    languages = select(func.aggregate_strings(TextTrack.language, " ")).where(of_it)
    return case((Livestream.state.in_(RECORDED), languages.scalar_subquery()))
