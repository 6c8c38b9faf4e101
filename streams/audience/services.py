"""Writes of the minutes: one more beat, and none that is too old."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.database import insert_into
from core.limits import count_up, forget_counts
from streams.audience.models import AudienceMinute
from streams.audience.rules.counting import SECONDS, minute_of, most_beats
from streams.room.rules import address_key
from streams.room.services import open_room

KEPT: Final = timedelta(days=396)
"""Thirteen months: a year and the month it is compared in."""
ADDRESSES_KEPT: Final = timedelta(minutes=10)
"""How long the counts of beats by address stay; they are of use for one minute."""
ACT: Final = "beat"


def count_beat(session: Session, *, livestream_id: str, sample: int, now: datetime) -> None:
    """Count one more beat of this minute, in one statement, so that two racers are both counted."""
    row = insert_into(session, AudienceMinute).values(
        livestream_id=livestream_id, minute_at=minute_of(now), beats=1, sample=sample
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["livestream_id", "minute_at"],
            set_={"beats": AudienceMinute.beats + 1},
        )
    )


def limit_beats(
    session: Session, *, livestream_id: str, visitor: str, sample: int, now: datetime
) -> None:
    """Count a beat of an address; no two minutes and no two livestreams know it by the same name.

    The name is made with the secret of the room, so that it says nothing any more when that goes.

    Raises:
        TooMany: It sent more than a large house behind one address would.
    """
    room = open_room(session, livestream_id=livestream_id, now=now)
    name = address_key(room.secret, f"{ACT} {minute_of(now)} {visitor}")
    key, limit = f"{ACT}:{livestream_id}:{name}", most_beats(sample)
    count_up(session, key=key, limit=limit, seconds=SECONDS, now=now)


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete what is older than it may be: minutes, and the counts by address long before."""
    session.execute(delete(AudienceMinute).where(AudienceMinute.minute_at < now - KEPT))
    forget_counts(session, before=now - ADDRESSES_KEPT, act=ACT)
