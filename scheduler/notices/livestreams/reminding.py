"""Reminders: of a start that is still the start, with the minutes that are really left."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices.ports import Answer, Due
from scheduler.notices import phrases
from scheduler.notices.facts import Standing
from scheduler.notices.livestreams.changes import TOO_LATE, settling
from scheduler.notices.livestreams.readers import Reading, comes, reading_of, say
from scheduler.notices.mailings import DAY_BEFORE, LATEST, MINUTES_BEFORE, start_number
from scheduler.notices.saying import GONE, NOT_TRUE


def day_before(session: Session, due: Due, now: datetime) -> Answer:
    """Remind of a start a day before it."""
    return _remind(session, due, DAY_BEFORE, now)


def minutes_before(session: Session, due: Due, now: datetime) -> Answer:
    """Remind of a start that is near."""
    return _remind(session, due, MINUTES_BEFORE, now)


def _remind(session: Session, due: Due, kind: str, now: datetime) -> Answer:
    reading = reading_of(session, due)
    if reading is None:
        return GONE
    wait = settling(reading, now)  # it may go back to what this reminds of
    if wait is not None:
        return wait
    if not _is_true(reading):
        return NOT_TRUE
    if now >= reading.true.start - LATEST[kind]:
        return TOO_LATE
    return _say(reading, now)


def _say(reading: Reading, now: datetime) -> Answer:
    language = reading.due.person.language
    return say(
        reading,
        facts=reading.true,
        note=phrases.note(language, wants_host=reading.wants_host),
        left=phrases.left(reading.true.start, now, language),
    )


def _is_true(reading: Reading) -> bool:
    """Tell whether it begins when the reminder says, and this reader is to come."""
    true = reading.true
    begins_then = start_number(true.start) == reading.due.revision
    return true.standing is Standing.COMING and begins_then and comes(reading)
