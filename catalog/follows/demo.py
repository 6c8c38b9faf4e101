"""The demo's viewer follows a few things, so that the page of what is new has something to show."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.follows.enums import Followed
from catalog.follows.models import Follow
from catalog.follows.queries import number_of
from catalog.follows.rules import Subject
from catalog.follows.services import follow
from catalog.models import Series, Topic

TOPICS: Final = ("sleep", "bipolar")
AWAY: Final = timedelta(days=3)
"""So long ago the viewer was here last, so that something is new."""


def load(session: Session, *, viewer_id: str, now: datetime) -> None:
    """Let the viewer follow topics and a series, unless they follow something already."""
    if number_of(session, user_id=viewer_id):
        return
    topics = session.scalars(select(Topic.slug).where(Topic.slug.in_(TOPICS)))
    series = session.scalars(
        select(Series.id).where(Series.is_example).order_by(Series.id).limit(1)
    )
    subjects = [
        *(Subject(Followed.TOPIC, slug) for slug in topics),
        *(Subject(Followed.SERIES, one) for one in series),
    ]
    for subject in subjects:
        follow(session, user_id=viewer_id, subject=subject, now=now)
    away = {"since": now - AWAY, "visited_at": now - AWAY, "seen_at": now - AWAY}
    session.execute(update(Follow).where(Follow.user_id == viewer_id).values(**away))
