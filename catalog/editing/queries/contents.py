"""What a page says now, in the normal form of its kind."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.editing.rules.contents import Content, Subject, normal
from catalog.enums import RevisionKind
from catalog.models import (
    Host,
    Livestream,
    LivestreamAudience,
    LivestreamTopic,
    Series,
    SeriesMember,
    Topic,
)
from core.words import Words

Row = Topic | Series | Host | Livestream
MODELS: Final[Mapping[str, type[Row]]] = {
    RevisionKind.TOPIC: Topic,
    RevisionKind.SERIES: Series,
    RevisionKind.HOST: Host,
    RevisionKind.LIVESTREAM: Livestream,
}
LONGEST_ID: Final = 40


def subject_row(session: Session, *, subject: Subject, lock: bool = False) -> Row | None:
    """Return the row of a subject, if it has one; locked until the end of the transaction."""
    if not is_possible(subject):
        return None
    model = MODELS[subject.kind]
    return cast(
        "Row | None",
        session.get(model, subject.id, with_for_update=lock or None, populate_existing=lock),
    )


def is_possible(subject: Subject) -> bool:
    """Tell whether there can be such a subject: a database refuses some texts with a fault."""
    return subject.id.isprintable() and len(subject.id) <= LONGEST_ID


def content_of(session: Session, *, row: Row | None) -> Content | None:
    """Return what the page of a row says; of no row, None."""
    match row:
        case None:
            return None
        case Topic():
            return normal(RevisionKind.TOPIC, _columns(row))
        case Host():
            return normal(RevisionKind.HOST, _columns(row))
        case Series():
            members = select(SeriesMember.livestream_id).where(SeriesMember.series_id == row.id)
            in_order = members.order_by(SeriesMember.position, SeriesMember.livestream_id)
            parts = {"livestreams": [*session.scalars(in_order)]}
            return normal(RevisionKind.SERIES, _columns(row) | parts)
        case Livestream():
            return normal(RevisionKind.LIVESTREAM, _columns(row) | _lists(session, row.id))


def livestream_titles(session: Session, *, ids: Iterable[str]) -> dict[str, Words]:
    """Return the titles of those livestreams that exist, by id."""
    statement = select(Livestream.id, Livestream.titles).where(Livestream.id.in_(list(ids)))
    return {row.id: row.titles for row in session.execute(statement)}


def _columns(row: Row) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _lists(session: Session, livestream_id: str) -> dict[str, list[str]]:
    topics = (
        select(LivestreamTopic.topic_slug)
        .where(LivestreamTopic.livestream_id == livestream_id)
        .order_by(LivestreamTopic.position)
    )
    audiences = (
        select(LivestreamAudience.audience)
        .where(LivestreamAudience.livestream_id == livestream_id)
        .order_by(LivestreamAudience.audience)
    )
    return {"topics": [*session.scalars(topics)], "audiences": [*session.scalars(audiences)]}
