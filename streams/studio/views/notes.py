"""The host's own notes: read, and kept as they are typed."""

from datetime import datetime
from typing import Final

from flask import Response, g, jsonify, request
from flask_babel import gettext

from core.clock import as_utc
from core.errors import InvalidInput, Refusal
from streams.readiness.models import HostNotes
from streams.requests import current_session
from streams.studio import access
from streams.studio.errors import NotesChanged
from streams.studio.views.blueprint import pages

ADDRESS: Final = "/livestreams/<livestream_id>/studio/notes"


@pages.get(ADDRESS)
def notes(livestream_id: str) -> Response:
    """Give the host their notes; nobody else reads them."""
    session = current_session()
    return _shown(access.notes_for(session, livestream_id=livestream_id, actor=g.actor))


@pages.put(ADDRESS)
def keep_notes(livestream_id: str) -> Response:
    """Keep ``{text, since}``; 409 with what stands there when another window wrote meanwhile."""
    session, asked = current_session(), request.get_json(silent=True)
    given = asked if isinstance(asked, dict) else {}
    try:
        kept = access.keep_notes(
            session,
            livestream_id=livestream_id,
            actor=g.actor,
            text=str(given.get("text", "")),
            since=_moment(given.get("since")),
            now=g.now,
        )
    except (NotesChanged, InvalidInput) as refusal:
        session.rollback()
        there = access.notes_for(session, livestream_id=livestream_id, actor=g.actor)
        return _shown(there, refusal)
    session.commit()
    return _shown(kept)


def _shown(notes: HostNotes | None, refusal: Refusal | None = None) -> Response:
    answer = jsonify(
        text=notes.text if notes else "",
        since=as_utc(notes.updated_at).isoformat() if notes else None,
        detail=_reason(refusal) if refusal else "",
    )
    answer.status_code = refusal.status if refusal else 200
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _reason(refusal: Refusal) -> str:
    faults = refusal.errors if isinstance(refusal, InvalidInput) else ()
    messages = [fault.message for fault in faults] or [refusal.message]
    return str(gettext(messages[0]))


def _moment(told: object) -> datetime | None:
    """Return when the window read the notes; what is no time is as if it had read none."""
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return found if found.tzinfo else None
