"""What a livestream belongs to, as conditions in SQL: topics, audiences, series."""

from sqlalchemy import ColumnElement, or_, select

from catalog.enums import Audience
from catalog.models import Livestream, LivestreamAudience, LivestreamTopic, SeriesMember


def is_about(slug: str) -> ColumnElement[bool]:
    """Return the condition that a livestream is about a topic."""
    about = select(LivestreamTopic.livestream_id).where(LivestreamTopic.topic_slug == slug)
    return Livestream.id.in_(about)


def is_for(audience: str) -> ColumnElement[bool]:
    """Return the condition that a livestream is made for an audience; one for nobody is public."""
    named = select(LivestreamAudience.livestream_id)
    made_for = Livestream.id.in_(named.where(LivestreamAudience.audience == audience))
    if audience != Audience.PUBLIC:
        return made_for
    return or_(made_for, Livestream.id.not_in(named))


def is_in_series(series_id: str) -> ColumnElement[bool]:
    """Return the condition that a livestream is part of a series."""
    members = select(SeriesMember.livestream_id).where(SeriesMember.series_id == series_id)
    return Livestream.id.in_(members)
