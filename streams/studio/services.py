"""Writes of the studio: the host's own notes."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.database import insert_into
from core.errors import FieldError, InvalidInput, _
from core.words import without_controls
from streams.readiness.models import HostNotes
from streams.studio.errors import NotesChanged
from streams.studio.queries import notes_of
from streams.studio.rules import LONGEST_NOTES

MOMENTS: Final = (datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))
"""Beyond these a moment is no moment of ours, and some cannot be told in UTC."""
TOO_LONG = _("Notes have at most 20,000 characters.")


def keep_notes(
    session: Session, *, livestream_id: str, text: str, since: datetime | None, now: datetime
) -> HostNotes:
    """Keep the notes if they are still what they were at ``since`` (None: there were none).

    Raises:
        InvalidInput: They are too long.
        NotesChanged: Another window has written meanwhile.
    """
    plain = without_controls(text).encode(errors="ignore").decode()  # a lone half of a character
    if len(plain) > LONGEST_NOTES:
        raise InvalidInput(FieldError("text", TOO_LONG))
    write = _begin if since is None else _change
    if not write(session, livestream_id, plain, since, now):
        raise NotesChanged
    notes = notes_of(session, livestream_id=livestream_id)
    if notes is None:
        raise NotesChanged
    return notes


def _begin(
    session: Session, livestream_id: str, text: str, _since: datetime | None, now: datetime
) -> bool:
    first = insert_into(session, HostNotes).values(
        livestream_id=livestream_id, text=text, updated_at=now
    )
    added = first.on_conflict_do_nothing().returning(HostNotes.livestream_id)
    return session.scalar(added) is not None


def _change(
    session: Session, livestream_id: str, text: str, since: datetime | None, now: datetime
) -> bool:
    if since is not None and not MOMENTS[0] < since < MOMENTS[1]:
        return False
    change = (
        update(HostNotes)
        .where(HostNotes.livestream_id == livestream_id, HostNotes.updated_at == since)
        .values(text=text, updated_at=now)
        .returning(HostNotes.livestream_id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(change) is not None
