"""Replays: ready for those who waited, or waiting for their host."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices.ports import Answer, Due
from catalog.enums import LivestreamState as L
from scheduler.notices.livestreams.readers import reading_of, say
from scheduler.notices.saying import GONE, NOT_TRUE


def replay_ready(session: Session, due: Due, now: datetime) -> Answer:
    """Tell that a replay can be watched, while it can."""
    del now
    return _while(session, due, L.PUBLISHED)


def replay_waiting(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host that a recording waits for their release, while it does."""
    del now
    return _while(session, due, L.ENDED)


def _while(session: Session, due: Due, state: L) -> Answer:
    reading = reading_of(session, due)
    if reading is None:
        return GONE
    return say(reading) if reading.about.state == state else NOT_TRUE
