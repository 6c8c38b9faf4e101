"""The test of a host's line: what is sent is counted and thrown away."""

import time
from typing import Any, Final

from flask import request

from catalog.access import livestream_to_run
from core.errors import FieldError, InvalidInput, _
from web.api.blueprint import api
from web.api.schemas.slides import UplinkItem
from web.database import db
from web.limits import limit
from web.security import current_actor

MOST_BYTES: Final = 512 * 1024
POSTS: Final = 400
SECONDS: Final = 3600
"""A test posts 16 times at most; so many an hour are no burden and no way to fill a line."""
PIECE: Final = 64 * 1024
TOO_MUCH: Final = _("A test of the connection sends 512 kB at once at most.")


@api.post("/livestreams/<livestream_id>/uplink-test")
@api.output(UplinkItem)
@api.doc(security="bearer")
def test_uplink(livestream_id: str) -> dict[str, Any]:
    """Read at most 512 kB and throw them away; say how many came. For the host and the staff."""
    actor = current_actor()
    livestream_to_run(db.session, livestream_id=livestream_id, actor=actor)
    limit("uplink", by=str(actor.user_id), limit=POSTS, seconds=SECONDS)  # commits
    if (request.content_length or 0) > MOST_BYTES:
        raise InvalidInput(FieldError("body", TOO_MUCH))
    begun = time.perf_counter()
    count = 0
    while count < MOST_BYTES and (piece := request.stream.read(min(PIECE, MOST_BYTES - count))):
        count += len(piece)
    return {"bytes": count, "ms": round((time.perf_counter() - begun) * 1000, 1)}
