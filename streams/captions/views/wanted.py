"""What a captioner comes for: what is live, and replays whose words nobody has written."""

from typing import Final

from flask import Response, g, render_template

from catalog.enums import LivestreamState
from streams.captions import access
from streams.captions.queries import track_row
from streams.captions.views.blueprint import pages
from streams.requests import current_session, unkept

SHOWN: Final = 50


@pages.get("/captioning")
def wanted() -> Response:
    """List what is live now, and replays without captions that a person has written."""
    session = current_session()
    found = access.wanting_for(session, actor=g.actor, limit=SHOWN)
    tracks = {
        one.id: track_row(session, broadcast_id=one.broadcast_id, language=one.language)
        for one in found
    }
    page = render_template(
        "streams/captions/wanted.html",
        live=[one for one in found if one.state == LivestreamState.LIVE],
        replays=[one for one in found if one.state != LivestreamState.LIVE],
        tracks=tracks,
    )
    return unkept(page)
