"""A mailing becomes rows of the ledger, one per person who asked, in pieces.

Each piece is a transaction: it moves the cursor and writes the rows behind it, both or neither. A
worker that dies leaves the cursor where it was, and the next one goes on from there.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.notices.enums import Subject
from accounts.notices.models import Registration
from accounts.notices.services import Posting, post_many
from accounts.notices.services.posting import Reader
from scheduler.models.notices import Bulletin, Mailing
from scheduler.notices import followers
from scheduler.notices.facts import Standing, read_facts
from scheduler.notices.mailings import AHEAD
from scheduler.notices.news import NEWS

PIECE: Final = 2000


class Piece(NamedTuple):
    """The next people of a mailing."""

    readers: Sequence[Reader]
    """Who is to be told: of followers, those who want mails."""
    places: Sequence[str]
    """Where the cursor can stand, one for each who was looked at."""


NOBODY: Final = Piece((), ())


def expand(session: Session, now: datetime) -> int:
    """Write the next rows of the mailing that waits longest; 0 when none waits.

    Workers take different mailings; where the database cannot skip what another one has, they take
    turns.
    """
    mailing = session.scalars(
        select(Mailing)
        .where(Mailing.done_at.is_(None), Mailing.due_at <= now)
        .order_by(Mailing.due_at, Mailing.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if mailing is None:
        return 0
    piece = NOBODY if _is_over(session, mailing) else _next_piece(session, mailing)
    if _advance(session, mailing, piece, now):
        post_many(session, _posting(mailing), people=piece.readers, now=now)
    return 1 + len(piece.places)


def _next_piece(session: Session, mailing: Mailing) -> Piece:
    """Return who stands behind the cursor; a reminder is for those who asked before it was due."""
    if mailing.kind in followers.KINDS:
        found = followers.next_followers(session, mailing, PIECE)
        return Piece(followers.readers_among(found), [one.recipient_id for one in found])
    asked = (Registration.confirmed_at <= mailing.due_at,) if mailing.kind in AHEAD else ()
    people = session.execute(
        select(Registration.id, Registration.recipient_id)
        .where(
            Registration.subject_kind == Subject.LIVESTREAM,
            Registration.subject_id == mailing.livestream_id,
            Registration.id > mailing.cursor,
            Registration.confirmed_at.is_not(None),
            Registration.ended_at.is_(None),
            *asked,
        )
        .order_by(Registration.id)
        .limit(PIECE)
    ).all()
    readers = [Reader(one.recipient_id, one.id) for one in people]
    return Piece(readers, [one.id for one in people])


def _advance(session: Session, mailing: Mailing, piece: Piece, now: datetime) -> bool:
    """Move the cursor if it stands where it was read."""
    cursor = piece.places[-1] if piece.places else mailing.cursor
    done_at = now if len(piece.places) < PIECE else None
    moved = session.execute(
        update(Mailing)
        .where(Mailing.id == mailing.id, Mailing.cursor == mailing.cursor)
        .where(Mailing.done_at.is_(None))
        .values(cursor=cursor, done_at=done_at)
        .returning(Mailing.id)
        .execution_options(synchronize_session=False)
    )
    return moved.scalar_one_or_none() is not None


def _posting(mailing: Mailing) -> Posting:
    start = mailing.facts.get("start")
    return Posting(
        mailing.kind,
        mailing.livestream_id,
        mailing.revision,
        due_at=mailing.due_at,
        give_up_at=None if start is None else datetime.fromisoformat(start),
        facts=mailing.facts,
    )


def _is_over(session: Session, mailing: Mailing) -> bool:
    """Tell whether nobody else needs to be told: of another start, or of what a later one says."""
    if mailing.kind in NEWS:
        later = select(Mailing.id).where(
            Mailing.livestream_id == mailing.livestream_id,
            Mailing.kind.in_(NEWS),
            Mailing.revision > mailing.revision,
        )
        return session.scalar(later.limit(1)) is not None
    if mailing.kind not in AHEAD:
        return False
    kept = session.scalar(
        select(Bulletin.facts).where(Bulletin.livestream_id == mailing.livestream_id)
    )
    told = None if kept is None else read_facts(kept)
    return told is not None and (
        told.standing is not Standing.COMING or told.start.isoformat() != mailing.facts["start"]
    )
