"""What the page of a topic says beside its programme: words, review, series, numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Topic
from catalog.queries.views import TOPIC_COLUMNS, TopicView, topic_view
from core.errors import NotFound


@dataclass(frozen=True, slots=True)
class TopicDetail:
    """A topic with its words and their review; lists do without them."""

    topic: TopicView
    words: Mapping[str, Any]
    reviewed_by: str
    reviewed_at: datetime | None
    review_due_at: datetime | None
    updated_at: datetime | None


def topic_detail(session: Session, *, slug: str) -> TopicDetail:
    """Return one topic with everything that was written about it.

    Raises:
        NotFound: There is no such topic.
    """
    columns = (
        *TOPIC_COLUMNS,
        Topic.words,
        Topic.reviewed_by,
        Topic.reviewed_at,
        Topic.review_due_at,
        Topic.updated_at,
    )
    known = select(*columns).where(Topic.slug == slug)
    row = session.execute(known).one_or_none() if slug.isprintable() else None
    if row is None:
        raise NotFound
    return TopicDetail(
        topic_view(row),
        row.words,
        row.reviewed_by,
        row.reviewed_at,
        row.review_due_at,
        row.updated_at,
    )
