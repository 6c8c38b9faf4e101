"""What the player needs on a page that is not the livestream's own."""

from typing import Any

from flask import g

from catalog.queries import LivestreamView
from streams.phases import Phase
from streams.playback.access import playback_url_for
from streams.playback.queries import facts_of_livestream
from streams.recordings.queries import recording_of
from streams.requests import current_session


def playing(view: LivestreamView) -> dict[str, Any]:
    """Return what the template of the player takes, for a recording."""
    session = current_session()
    facts = facts_of_livestream(session, view.id)
    return {
        "recording": recording_of(
            session,
            broadcast_id=view.broadcast_id,
            page_language=g.language,
            spoken=view.language,
        ),
        "phase": Phase.REPLAY,
        "hostless": "",
        "playback": playback_url_for(facts, actor=g.actor, now=g.now) if facts else None,
    }
