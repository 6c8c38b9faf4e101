"""A recording on somebody's behalf: what the player takes, whichever page it stands on."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.queries import LivestreamView
from streams.phases import Phase
from streams.playback.access import playback_url_for
from streams.playback.queries import facts_of_livestream
from streams.recordings.queries import recording_of


def playing(
    session: Session,
    *,
    view: LivestreamView,
    actor: Actor,
    language: str,
    now: datetime,
    phase: Phase = Phase.REPLAY,
) -> dict[str, Any]:
    """Return what the template of the player takes.

    Args:
        session: Only read from.
        view: Whose recording.
        actor: Who looks; nothing plays for whom it is not.
        language: Of the captions that come first.
        now: The present moment.
        phase: What the page shows of it.
    """
    facts = facts_of_livestream(session, view.id)
    return {
        "recording": recording_of(
            session, broadcast_id=view.broadcast_id, page_language=language, spoken=view.language
        ),
        "phase": phase,
        "hostless": "",
        "playback": playback_url_for(facts, actor=actor, now=now) if facts else None,
    }
