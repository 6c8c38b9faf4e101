"""What is done to a livestream: from a proposal to its replay, called off, restored, a new key."""

from core.clock import utc_now
from streams.life.access import act_on_livestream, rotate_key
from web.api import presenting
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.livestreams import shown
from web.api.schemas import LivestreamView
from web.database import db
from web.security import current_actor


@api.post("/livestreams/<livestream_id>/propose")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def propose_livestream(livestream_id: str) -> Answer:
    """Hand a draft to the editors. For its host and the staff."""
    return _act(livestream_id, "propose")


@api.post("/livestreams/<livestream_id>/schedule")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def schedule_livestream(livestream_id: str) -> Answer:
    """Announce a livestream; encoders may push from now on. For editors and administrators."""
    return _act(livestream_id, "schedule")


@api.post("/livestreams/<livestream_id>/start")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def start_livestream(livestream_id: str) -> Answer:
    """Apply the gate and open playback. For its host and the staff."""
    return _act(livestream_id, "start")


@api.post("/livestreams/<livestream_id>/end")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def end_livestream(livestream_id: str) -> Answer:
    """End a livestream. For its host and the staff."""
    return _act(livestream_id, "end")


@api.post("/livestreams/<livestream_id>/publish")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def publish_livestream(livestream_id: str) -> Answer:
    """Release the replay. For its host and the staff."""
    return _act(livestream_id, "publish")


@api.post("/livestreams/<livestream_id>/cancel")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def cancel_livestream(livestream_id: str) -> Answer:
    """Call a livestream off before it is live. For its host and the staff."""
    return _act(livestream_id, "cancel")


@api.post("/livestreams/<livestream_id>/restore")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def restore_livestream(livestream_id: str) -> Answer:
    """Let a cancelled livestream take place after all, at its time. For its host and the staff."""
    return _act(livestream_id, "restore")


@api.post("/livestreams/<livestream_id>/key")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def rotate_stream_key(livestream_id: str) -> Answer:
    """Make a new stream key; the old one opens nothing any more. For its host and the staff."""
    rotate_key(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        data_key=presenting.settings().data_key,
        now=utc_now(),
    )
    return shown(livestream_id), 200, {}


def _act(livestream_id: str, act: str) -> Answer:
    act_on_livestream(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        act=act,
        data_key=presenting.settings().data_key,
        now=utc_now(),
    )
    return shown(livestream_id), 200, {}
