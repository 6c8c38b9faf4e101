"""Keeping, removing and bringing back hand-outs. An object goes only after the row that names it.

Whoever changes them holds the livestream's row: two people come one after the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.work.services import enqueue
from media.paths import handout_key
from streams.handouts.enums import Kind
from streams.handouts.errors import NoSuchHandout, NotTakingPlace, TooManyHandouts
from streams.handouts.models import Handout
from streams.handouts.queries import (
    CLEAR,
    handouts_to_forget,
    places_taken,
    removed_beyond,
)
from streams.handouts.rules import MOST, NOT_TAKING_PLACE, OVER
from streams.room.services import open_room, say_changed

ATTEMPTS: Final = 10


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An object that was stored for a hand-out; ``size`` is in bytes."""

    handout_id: str
    kind: Kind
    size: int
    sha256: str


def add_handout(
    session: Session, *, livestream_id: str, stored: StoredFile, title: str, now: datetime
) -> None:
    """Offer a file whose object is stored.

    Raises:
        TooManyHandouts: There is no place left.
        NotTakingPlace: The livestream was cancelled or given up.
    """
    state = _hold(session, livestream_id)
    handout = Handout(
        id=stored.handout_id,
        livestream_id=livestream_id,
        place=_free_place(session, livestream_id),
        title=title,
        kind=stored.kind,
        size=stored.size,
        sha256=stored.sha256,
        object_key=handout_key(stored.handout_id),
        created_at=now,
    )
    session.add(handout)
    session.flush()
    _say_changed(session, livestream_id, state, now)


def check_takes_handouts(session: Session, *, livestream_id: str) -> None:
    """Refuse before a file is looked at; raises as :func:`add_handout`."""
    _hold(session, livestream_id)
    _free_place(session, livestream_id)


def remove_handout(session: Session, *, livestream_id: str, handout_id: str, now: datetime) -> None:
    """Offer a hand-out no more; it can be brought back for a week.

    Raises:
        NoSuchHandout: There is none, or it was removed already.
    """
    state = _hold(session, livestream_id, changing=False)
    here = (Handout.id == handout_id, Handout.livestream_id == livestream_id)
    gone = update(Handout).where(*here, Handout.removed_at.is_(None)).values(removed_at=now)
    if session.scalar(gone.returning(Handout.id)) is None:
        raise NoSuchHandout
    _forget(session, removed_beyond(session, livestream_id=livestream_id), now)
    _say_changed(session, livestream_id, state, now)


def restore_handout(
    session: Session, *, livestream_id: str, handout_id: str, now: datetime
) -> None:
    """Offer again what was removed.

    Raises:
        NoSuchHandout: It is gone for good, or was not removed.
        TooManyHandouts, NotTakingPlace: As :func:`add_handout`.
    """
    state = _hold(session, livestream_id)
    place = _free_place(session, livestream_id)
    here = (Handout.id == handout_id, Handout.livestream_id == livestream_id)
    back = (
        update(Handout)
        .where(*here, Handout.removed_at.is_not(None))
        .values(removed_at=None, place=place)
    )
    if session.scalar(back.returning(Handout.id)) is None:
        raise NoSuchHandout
    _say_changed(session, livestream_id, state, now)


def forget_handouts(session: Session, now: datetime) -> None:
    """Remove for good what is kept no longer; a job of the clock."""
    _forget(session, handouts_to_forget(session, now=now), now)


def _forget(session: Session, handouts: Iterable[Handout], now: datetime) -> None:
    for handout in handouts:
        enqueue(session, kind=CLEAR, subject=handout.id, now=now, max_attempts=ATTEMPTS)
        session.delete(handout)
    session.flush()


def _hold(session: Session, livestream_id: str, *, changing: bool = True) -> L:
    """Lock the livestream and return its state; ``changing``: it is to get another hand-out."""
    lock = select(Livestream.state).where(Livestream.id == livestream_id).with_for_update()
    state = L(session.execute(lock).scalar_one())
    if changing and state in NOT_TAKING_PLACE:
        raise NotTakingPlace
    return state


def _free_place(session: Session, livestream_id: str) -> int:
    taken = places_taken(session, livestream_id=livestream_id)
    for place in range(MOST):
        if place not in taken:
            return place
    raise TooManyHandouts(most=MOST)


def _say_changed(session: Session, livestream_id: str, state: L, now: datetime) -> None:
    """Let the pages of a room ask anew; that of a replay does not follow it."""
    if state not in OVER:
        open_room(session, livestream_id=livestream_id, now=now)
        say_changed(session, livestream_id=livestream_id)
