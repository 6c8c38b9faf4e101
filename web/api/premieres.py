"""The talk that is held for a premiere: taken back, or made the recording without one."""

from core.clock import utc_now
from streams.premieres.access import act_on_premiere
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.livestreams import shown
from web.api.schemas import LivestreamView
from web.database import db
from web.security import current_actor


@api.post("/livestreams/<livestream_id>/premiere/take-back")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def take_talk_back(livestream_id: str) -> Answer:
    """Remove the talk that is held; no premiere any more. For its host and the staff."""
    return _act(livestream_id, "take-back")


@api.post("/livestreams/<livestream_id>/premiere/as-replay")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def release_talk_instead(livestream_id: str) -> Answer:
    """Make the talk that is held the recording, to be released. For its host and the staff."""
    return _act(livestream_id, "as-replay")


def _act(livestream_id: str, act: str) -> Answer:
    now = utc_now()
    act_on_premiere(
        db.session, actor=current_actor(), livestream_id=livestream_id, act=act, now=now
    )
    return shown(livestream_id), 200, {}
