"""Taking away a topic or a series that nothing belongs to; its history can bring it back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.editing.errors import StillInUse
from catalog.editing.queries import desk_of, subject_row
from catalog.editing.rules.contents import Subject
from catalog.editing.rules.editors import check_may_edit
from catalog.editing.services.auditing import note_act
from catalog.editing.services.drafts import keep_present, put_aside
from catalog.models import LivestreamTopic, Series, SeriesMember, Topic
from core.errors import NotFound


def remove(session: Session, *, actor: Actor, subject: Subject, now: datetime) -> int:
    """Take the page away and return the number of the revision that brings it back.

    Raises:
        NotFound: There is no such topic or series.
        StillInUse: Livestreams belong to it.
    """
    check_may_edit(actor)
    desk = desk_of(session, subject=subject, lock=True)
    row = subject_row(session, subject=subject)
    if not isinstance(row, Topic | Series):
        raise NotFound
    if is_used(session, row):
        raise StillInUse
    if desk.draft is not None:
        put_aside(session, desk.draft)
    keep_present(session, desk, now)
    try:
        with session.begin_nested():
            session.delete(row)
    except IntegrityError:  # a livestream came at the same moment
        raise StillInUse from None
    kept = desk_of(session, subject=subject).published
    number = kept.number if kept else 0
    note_act(session, actor=actor, subject=subject, act="delete", number=number, now=now)
    return number


def is_used(session: Session, row: Topic | Series) -> bool:
    """Tell whether a livestream belongs to a topic or a series."""
    if isinstance(row, Topic):
        about = select(LivestreamTopic.livestream_id).where(LivestreamTopic.topic_slug == row.slug)
        return session.scalar(about.limit(1)) is not None
    members = select(SeriesMember.livestream_id).where(SeriesMember.series_id == row.id)
    return session.scalar(members.limit(1)) is not None
