"""Playback in the API: take the grant that a player needs, and give it back."""

from apiflask import APIBlueprint
from flask import Response, current_app, g, jsonify
from pydantic import BaseModel
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.access import livestream_for
from core.clock import utc_now
from streams.playback.access import drop_grant_cookie, issue_grant_cookie, playback_url_for
from streams.playback.queries import facts_of_livestream

playback_api = APIBlueprint("playback_api", __name__, url_prefix="/api/v1", tag="Livestreams")


class Playback(BaseModel):
    """Where a livestream is played; null while there is nothing to play for the asker."""

    playback_url: str | None


@playback_api.post("/livestreams/<livestream_id>/playback")
@playback_api.output(Playback)
def take(livestream_id: str) -> Response:
    """Give this browser or program what it needs to play the livestream."""
    session, actor, now = _session(), _actor(), utc_now()
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    facts = facts_of_livestream(session, livestream.id)
    address = playback_url_for(facts, actor=actor, now=now) if facts else None
    response = jsonify({"playback_url": address})
    issue_grant_cookie(
        response, session=session, actor=actor, broadcast_id=livestream.broadcast_id, now=now
    )
    return response


@playback_api.delete("/livestreams/<livestream_id>/playback")
@playback_api.output({}, status_code=204)
def leave(livestream_id: str) -> Response:
    """End what this browser or program was given for the livestream."""
    session, actor = _session(), _actor()
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    response = Response(status=204)
    broadcast_id = livestream.broadcast_id
    drop_grant_cookie(response, session=session, actor=actor, broadcast_id=broadcast_id)
    session.commit()
    return response


def _actor() -> Actor:
    actor: Actor = g.actor
    return actor


def _session() -> Session:
    session: Session = current_app.extensions["sqlalchemy"].session
    return session
