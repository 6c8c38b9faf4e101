"""What pages ask again and again: the desk what is new, the studio whether something cannot wait.

Plain questions with a version, no socket: what has not changed is answered with 304 and nothing.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import Response, g, render_template, request, url_for

from streams.moderation.access import livestream_to_moderate
from streams.moderation.queries import Queued, how_many_waiting, urgent_ones
from streams.moderation.views.blueprint import DESK, pages
from streams.moderation.views.drawing import look_of, note_of, parts_of
from streams.requests import current_session


@pages.get(f"{DESK}/state")
def desk_state(livestream_id: str) -> Response:
    """Give the changing parts of the desk as HTML by id, and how many cannot wait."""
    session, look = current_session(), look_of(request.args)
    livestream = livestream_to_moderate(session, livestream_id=livestream_id, actor=g.actor)
    parts = parts_of(session, livestream, look)
    note = note_of(session, parts)
    page = render_template("streams/moderation/_parts.html", **parts, **note)
    return _versioned(
        {
            "urgent": [one.id for one in parts["urgent"]],
            "waiting": parts["counts"]["waiting"],
            "opened": _key(parts["opened"]),
            "html": page,
        }
    )


@pages.get(f"{DESK}/alert")
def alert(livestream_id: str) -> Response:
    """Tell a moderator who is elsewhere how many questions cannot wait, and how many wait."""
    session = current_session()
    livestream = livestream_to_moderate(session, livestream_id=livestream_id, actor=g.actor)
    urgent = [one.id for one in urgent_ones(session, livestream_id=livestream.id)]
    query: dict[str, Any] = {"question": urgent[0]} if urgent else {}
    return _versioned(
        {
            "urgent": urgent,
            "waiting": how_many_waiting(session, livestream_id=livestream.id),
            "desk": url_for("moderation_pages.desk", livestream_id=livestream.id, **query),
        }
    )


def _key(opened: Queued | None) -> str:
    """Return what changes when somebody else has changed what is being read."""
    return f"{opened.id}:{opened.version}" if opened else ""


def _versioned(told: Mapping[str, Any]) -> Response:
    """Answer with a version of exactly what is told; whoever has it already gets nothing."""
    text = json.dumps(told, sort_keys=True)
    answer = Response(text, mimetype="application/json")
    answer.set_etag(sha256(text.encode()).hexdigest()[:24])
    answer.headers["Cache-Control"] = "private, no-store"
    answer.make_conditional(request)
    return answer
