"""On whose behalf a beat is counted: of whoever may watch, and nothing about them is kept."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.access import livestream_for
from catalog.enums import LivestreamState
from streams.audience.errors import NotPlayedLive
from streams.audience.queries import recent_minutes
from streams.audience.rules.counting import sample_at
from streams.audience.services import count_beat, limit_beats


def beat(
    session: Session, *, actor: Actor, livestream_id: str, visitor: str, now: datetime
) -> None:
    """Count a page that plays a livestream; the caller commits.

    While it is live, whoever may know of a livestream may play it
    (:func:`streams.playback.rules.may_play`).

    Args:
        session: Of the request.
        actor: Who asks; decides whether, and is not written down.
        livestream_id: As it came.
        visitor: The address that the limit counts; it is known for minutes, by a key of the room.
        now: The present moment.

    Raises:
        NotFound: It does not exist, or the actor may not know of it.
        NotPlayedLive: It is not live now.
        TooMany: More beats came from the address than a large house would send.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    if livestream.state != LivestreamState.LIVE:
        raise NotPlayedLive
    sample = sample_at(recent_minutes(session, livestream_id=livestream.id, now=now), now)
    limit_beats(
        session,
        livestream_id=livestream.id,
        visitor=visitor,
        sample=sample,
        now=now,
    )
    count_beat(session, livestream_id=livestream.id, sample=sample, now=now)
