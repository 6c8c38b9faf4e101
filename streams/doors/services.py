"""Stream keys of livestreams that were made without one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from streams.doors.keys import make_key
from streams.doors.models import StreamKey


def make_missing_keys(session: Session, *, data_key: str, now: datetime) -> int:
    """Give every livestream without a stream key one; return how many were made.

    The catalogue loads the demo's livestreams and knows no keys; this completes them.
    """
    keyless = (
        select(Livestream.id)
        .outerjoin(StreamKey, StreamKey.livestream_id == Livestream.id)
        .where(StreamKey.livestream_id.is_(None))
    )
    ids = session.scalars(keyless).all()
    for livestream_id in ids:
        make_key(session, livestream_id=livestream_id, data_key=data_key, now=now)
    return len(ids)
