"""The entries of the schedule: plain rows, read for five hundred of them at a time.

One statement brings them, whatever they are. Titles and names leave the database as texts in the
reader's language and times as numbers, because taking apart a thousand JSON documents and dates
costs more than the rest; topics and captions come as one text per entry.
"""

from collections.abc import Sequence
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
    cast,
    extract,
    func,
    select,
)
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.models import Host, Livestream, LivestreamTopic
from catalog.queries import Filters, TopicView, conditions_of, known_to, list_topics
from catalog.queries.visibility import is_announced
from catalog.schedule.rules import Period, Selection
from core.words import LANGUAGES
from media.enums import TrackKind
from media.models import TextTrack

MOST: Final = 1000
"""No page shows more; it says so and offers its days and filters instead."""


class Entry(NamedTuple):
    """One row; ``title`` and ``host`` are None where they only exist in the ``other`` language."""

    id: str
    title: str | None
    other_title: str | None
    language: str
    host_id: str
    host: str | None
    other_host: str | None
    is_verified: bool | None
    starts: int
    """Seconds since 1970."""
    ends: int
    state: str
    visibility: str
    topics: str | None
    """Positions and slugs in any order, see :func:`in_order`."""
    captions: str | None
    """Languages in which captions exist, in any order."""


@dataclass(frozen=True, slots=True)
class Programme:
    """The entries of some days by start."""

    entries: Sequence[Entry]
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
    values = {"starts_from": period.starts_at, "starts_to": period.ends_at, "now": now}
    # the connection gives rows as they come; the session would look for entities in each
    rows = session.connection().execute(_chosen(actor, selection, language), values).all()
    entries = [Entry._make(row) for row in rows[:MOST]]
    return Programme(entries, list_topics(session), len(rows) > MOST)


def filters_of(selection: Selection) -> Filters:
    """Return the filters of a selection, as every list of livestreams knows them."""
    return Filters(
        states=(selection.state,) if selection.state else (),
        topic=selection.topic,
        language=selection.language,
        host_id=selection.host,
        audience=selection.audience,
    )


def in_order(places: str | None) -> list[str]:
    """Return the slugs of :attr:`Entry.topics` by their positions."""
    pairs = [place.partition(":") for place in (places or "").split()]
    return [slug for _position, _colon, slug in sorted(pairs, key=lambda pair: int(pair[0]))]


@lru_cache(maxsize=128)
def _chosen(actor: Actor, selection: Selection, language: str) -> Select[Any]:
    """Return the statement for the times ``starts_from``, ``starts_to`` and ``now``.

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
    other = next(tag for tag in LANGUAGES if tag != language)
    titles: Any = Livestream.titles
    names: Any = Host.names
    return select(
        Livestream.id,
        titles[language].as_string().label("title"),
        titles[other].as_string().label("other_title"),
        Livestream.language,
        Livestream.host_id,
        names[language].as_string().label("host"),
        names[other].as_string().label("other_host"),
        (Host.verified_until > bindparam("now")).label("is_verified"),
        _seconds(Livestream.starts_at).label("starts"),
        _seconds(Livestream.ends_at).label("ends"),
        Livestream.state,
        Livestream.visibility,
        _topics().label("topics"),
        _captions().label("captions"),
    ).join(Host.__table__, Host.id == Livestream.host_id)


def _seconds(column: Any) -> ColumnElement[int]:  # noqa: ANN401 -- a column of times
    return cast(extract("epoch", column), BigInteger)


def _topics() -> ScalarSelect[str]:
    """Return position and slug of each topic; databases differ in how they sort such texts."""
    place = cast(LivestreamTopic.position, String) + ":" + LivestreamTopic.topic_slug
    about = LivestreamTopic.livestream_id == Livestream.id
    return select(func.aggregate_strings(place, " ")).where(about).scalar_subquery()


def _captions() -> ScalarSelect[str]:
    of_it = (TextTrack.broadcast_id == Livestream.broadcast_id) & (
        TextTrack.kind == TrackKind.CAPTIONS
    )
    return select(func.aggregate_strings(TextTrack.language, " ")).where(of_it).scalar_subquery()
