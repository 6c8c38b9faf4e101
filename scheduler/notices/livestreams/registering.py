"""The answer to "remind me": what is true of the livestream when the answer leaves."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices.ports import Answer, Due
from accounts.notices.times import written
from scheduler.notices import phrases
from scheduler.notices.facts import VIEWER_KINDS, Standing
from scheduler.notices.livestreams.changes import TOO_LATE, settling
from scheduler.notices.livestreams.readers import Reading, reading_of, say
from scheduler.notices.saying import GONE


def registered(session: Session, due: Due, now: datetime) -> Answer:
    """Confirm that the person will be reminded, or say that there is nothing to wait for."""
    reading = reading_of(session, due)
    if reading is None:
        return GONE
    if reading.true.standing is Standing.OVER:
        return TOO_LATE
    return settling(reading, now) or _say(reading)


def _say(reading: Reading) -> Answer:
    standing, person = reading.true.standing, reading.due.person
    return say(
        reading,
        kind="" if standing is Standing.COMING else VIEWER_KINDS[standing],
        facts=reading.true,
        note=phrases.note(person.language, wants_host=reading.wants_host),
        was=written(reading.true.start, person.timezone, person.language),
    )
