"""Where the asker stopped watching, kept only for those who said yes to it."""

from typing import Any

from core.clock import utc_now
from streams.history import access
from web.api.blueprint import api
from web.api.presenting import settings
from web.api.schemas.history import PositionView, PositionWrite
from web.api.signing_in import signed_in
from web.database import db
from web.security import current_actor


@api.get("/livestreams/<livestream_id>/position")
@signed_in
@api.output(PositionView)
@api.doc(security="bearer")
def read_position(livestream_id: str) -> dict[str, Any]:
    """Return where the asker goes on. Refused (`history_off`) without her consent."""
    seconds = access.own_position(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        data_key=settings().data_key,
    )
    return {"seconds": seconds}


@api.put("/livestreams/<livestream_id>/position")
@signed_in
@api.input(PositionWrite, arg_name="written")
@api.output(PositionView)
@api.doc(security="bearer")
def keep_position(livestream_id: str, written: PositionWrite) -> dict[str, Any]:
    """Keep where the asker is. Refused (`history_off`) without her consent."""
    access.keep_own_position(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        seconds=written.seconds,
        duration=written.duration,
        data_key=settings().data_key,
        now=utc_now(),
    )
    db.session.commit()
    return {"seconds": written.seconds}
