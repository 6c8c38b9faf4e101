"""Opening a room, letting somebody in, naming them, and saying that the room changed."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.database import insert_into
from core.errors import TooMany
from core.ids import new_secret
from core.limits import count_up
from streams.room.errors import TooManyNewcomers
from streams.room.models import Room, RoomName
from streams.room.rules import address_key, how_many, is_pass, make_pass, participant_key

NEWCOMERS: Final = 2000
"""People behind one address who ask, vote or answer a poll for the first time within an hour.

A company or a hospital has all its people behind one address, and a livestream may be booked for
hundreds of them. Watching is never counted. What the limit keeps small is how often one person can
pretend to be new, to vote again.
"""
HOUR: Final = 3600
TRIES: Final = 6
"""Names that are drawn before the free ones are looked up."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody in a room: by which key it knows them, and the pass their browser shall keep."""

    participant: str
    token: str
    is_new: bool


def open_room(session: Session, *, livestream_id: str, now: datetime) -> Room:
    """Return the room of a livestream, made when nobody was there before; the caller commits."""
    if room := session.get(Room, livestream_id):
        return room
    values = {"livestream_id": livestream_id, "secret": new_secret(), "created_at": now}
    insert = insert_into(session, Room).values(**values, version=0)
    session.execute(insert.on_conflict_do_nothing())
    return session.get_one(Room, livestream_id)


def enter_room(
    session: Session, *, livestream_id: str, token: str, visitor: str, now: datetime
) -> Entered:
    """Return whom a room knows somebody as; the caller knows that the room is open, and commits.

    Args:
        session: Of the request.
        livestream_id: One that the person may take part in.
        token: Of their pass (:func:`streams.room.passes.pass_of`); empty or unknown: a newcomer.
        visitor: The address that limits count, by a key of this room alone.
        now: The present moment.

    Raises:
        TooManyNewcomers: More came anew from one address than a large house would send.
    """
    room = _lasting(session, open_room(session, livestream_id=livestream_id, now=now))
    if is_pass(room.secret, token):
        return Entered(participant_key(room.secret, token), token, is_new=False)
    try:
        limit_in_room(
            session, room=room, act="new", by=visitor, limit=NEWCOMERS, seconds=HOUR, now=now
        )
    except TooMany as refusal:
        raise TooManyNewcomers(refusal.retry_after) from refusal
    token = make_pass(room.secret, new_secret())
    return Entered(participant_key(room.secret, token), token, is_new=True)


def limit_in_room(
    session: Session, *, room: Room, act: str, by: str, limit: int, seconds: int, now: datetime
) -> None:
    """Count an act in a room under a key that goes with its secret.

    Args:
        session: Of the request.
        room: Whose secret makes the key.
        act: Which, in a few letters.
        by: Whose: an address, a participant, or empty for everybody together.
        limit: How many acts a window grants.
        seconds: The length of a window.
        now: The present moment.

    Raises:
        TooMany: There were ``limit`` already. What was counted is not committed then, nor needed.
    """
    key = f"{limits_of(room.livestream_id)}{act}:{address_key(room.secret, by)}"
    count_up(session, key=key, limit=limit, seconds=seconds, now=now)


def limits_of(livestream_id: str) -> str:
    """Return what every limit of a room begins with."""
    return f"room:{livestream_id}:"


def name_in_room(
    session: Session, *, livestream_id: str, participant: str, wish: int | None = None
) -> int:
    """Return somebody's made-up name: the one they have, else their wish, else a free one."""
    known = session.get(RoomName, (livestream_id, participant))
    if known is not None:
        return known.code
    wishes = [wish] if wish is not None and 0 <= wish < how_many() else []
    for code in (*wishes, *(secrets.randbelow(how_many()) for _ in range(TRIES))):
        if _takes(session, livestream_id, participant, code):
            return code
    return _free_name(session, livestream_id, participant)


def say_changed(session: Session, *, livestream_id: str) -> None:
    """Count a change of what everybody may see: pages ask for it anew."""
    session.execute(
        update(Room)
        .where(Room.livestream_id == livestream_id)
        .values(version=Room.version + 1)
        .execution_options(synchronize_session=False)
    )


def _lasting(session: Session, room: Room) -> Room:
    """Give a room a new secret when it was forgotten and its livestream takes place after all."""
    if not room.secret:
        session.execute(
            update(Room)
            .where(Room.livestream_id == room.livestream_id, Room.secret == "")
            .values(secret=new_secret(), destroyed_at=None)
            .execution_options(synchronize_session=False)
        )
        session.refresh(room)
    return room


def _takes(session: Session, livestream_id: str, participant: str, code: int) -> bool:
    values = {"livestream_id": livestream_id, "participant": participant, "code": code}
    insert = insert_into(session, RoomName).values(**values).on_conflict_do_nothing()
    return session.execute(insert.returning(RoomName.code)).one_or_none() is not None


def _free_name(session: Session, livestream_id: str, participant: str) -> int:
    """Take any name that is left; when none is, one with a figure behind it."""
    of_room = select(RoomName.code).where(RoomName.livestream_id == livestream_id)
    while True:
        taken = set(session.scalars(of_room))
        rounds = 1 + max(taken, default=0) // how_many()
        free = set(range(rounds * how_many())) - taken
        code = secrets.choice(sorted(free)) if free else rounds * how_many()
        if _takes(session, livestream_id, participant, code):
            return code
