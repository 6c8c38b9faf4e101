"""What a livestream belongs to, as conditions in SQL: topics, audiences, series.

Each stands in two forms. The one for lists looks from a livestream at what it belongs to: a list by
start is read in its order and ends when the page is full. The one for ``counting`` looks from the
topic at its livestreams, as all of them are needed.
"""

from sqlalchemy import ColumnElement, Select, exists, or_, select

from catalog.enums import Audience
from catalog.models import Livestream, LivestreamAudience, LivestreamTopic, SeriesMember


def is_about(slug: str, *, counting: bool = False) -> ColumnElement[bool]:
    """Return the condition that a livestream is about a topic."""
    about = select(LivestreamTopic.livestream_id).where(LivestreamTopic.topic_slug == slug)
    return _is_in(about, counting=counting)


def is_for(audience: str, *, counting: bool = False) -> ColumnElement[bool]:
    """Return the condition that a livestream is made for an audience; one for nobody is public."""
    named = select(LivestreamAudience.livestream_id)
    made_for = _is_in(named.where(LivestreamAudience.audience == audience), counting=counting)
    if audience != Audience.PUBLIC:
        return made_for
    return or_(made_for, ~_is_in(named, counting=False))


def is_in_series(series_id: str, *, counting: bool = False) -> ColumnElement[bool]:
    """Return the condition that a livestream is part of a series."""
    members = select(SeriesMember.livestream_id).where(SeriesMember.series_id == series_id)
    return _is_in(members, counting=counting)


def _is_in(ids: Select[str], *, counting: bool) -> ColumnElement[bool]:
    if counting:
        return Livestream.id.in_(ids)
    (column,) = ids.selected_columns
    return exists(ids.where(column == Livestream.id).correlate(Livestream))
