"""News for whoever follows something: only while she does, and nothing that she knows."""

from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason, NoticeState, Subject
from accounts.notices.models import Notice, Registration
from accounts.notices.ports import Answer, Drop, Due
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.follows.queries import is_followed
from scheduler.notices.facts import Standing
from scheduler.notices.livestreams.changes import TOO_LATE, settling
from scheduler.notices.livestreams.readers import Reading, reading_of, say
from scheduler.notices.saying import GONE, NOT_TRUE, NOTHING_NEW

TOLD: Final = {"new_for_you": "registered", "replay_for_you": "replay_ready"}
"""By these kinds whoever asked to be reminded learns the same."""


def new_for_you(session: Session, due: Due, now: datetime) -> Answer:
    """Tell of a livestream that lies ahead, when its date has settled."""
    reading = reading_of(session, due)
    if reading is None:
        return GONE
    if drop := _why_not(session, reading):
        return drop
    if reading.true.standing is not Standing.COMING:
        return NOT_TRUE
    if reading.true.start <= now:
        return TOO_LATE
    return settling(reading, now) or say(reading)


def replay_for_you(session: Session, due: Due, now: datetime) -> Answer:
    """Tell that a replay can be watched, while it can."""
    del now
    reading = reading_of(session, due)
    if reading is None:
        return GONE
    if drop := _why_not(session, reading):
        return drop
    return say(reading) if reading.about.state == L.PUBLISHED else NOT_TRUE


def _why_not(session: Session, reading: Reading) -> Drop | None:
    if reading.about.visibility != Visibility.PUBLIC:
        return NOT_TRUE
    due, person = reading.due, reading.due.person
    if person.user_id is None:
        return GONE
    if not is_followed(session, livestream_id=due.occurrence, by=person.user_id):
        return Drop(DropReason.UNSUBSCRIBED)
    return NOTHING_NEW if _knows(session, due) else None


def _knows(session: Session, due: Due) -> bool:
    """Tell whether the person is told of it anyway: she asked to be, or was told already."""
    waits = select(Registration.id).where(
        Registration.recipient_id == due.person.recipient_id,
        Registration.subject_kind == Subject.LIVESTREAM,
        Registration.subject_id == due.occurrence,
        Registration.confirmed_at.is_not(None),
        Registration.ended_at.is_(None),
    )
    told = select(Notice.id).where(
        Notice.recipient_id == due.person.recipient_id,
        Notice.occurrence == due.occurrence,
        Notice.kind == TOLD[due.kind],
        Notice.state == NoticeState.SENT,
    )
    return bool(session.scalar(select(or_(waits.exists(), told.exists()))))
