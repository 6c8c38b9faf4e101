"""Replays, for those who waited."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices.ports import Answer, Due
from catalog.enums import LivestreamState as L
from scheduler.notices.livestreams.readers import reading_of, say
from scheduler.notices.saying import GONE, NOT_TRUE


def replay_ready(session: Session, due: Due, now: datetime) -> Answer:
    """Tell that a replay can be watched, while it can."""
    del now
    reading = reading_of(session, due)
    if reading is None:
        return GONE
    return say(reading) if reading.about.state == L.PUBLISHED else NOT_TRUE
