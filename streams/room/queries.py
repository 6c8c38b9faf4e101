"""Reads of a room: how it stands, and what it calls somebody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.enums import LivestreamState
from catalog.models import Livestream
from catalog.queries import LivestreamView
from scheduler.duties.rules import STANDING
from scheduler.models import Duty
from streams.readiness.models import Presence
from streams.readiness.rules import HERE
from streams.room.models import Room, RoomName
from streams.room.rules import Door, is_pass, participant_key, questions_open


@dataclass(frozen=True, slots=True)
class Standing:
    """How the room of a livestream stands now."""

    door: Door
    version: int
    """Of what everybody sees; 0 while nobody has taken part."""


def standing_of(
    session: Session, *, livestream: Livestream | LivestreamView, now: datetime
) -> Standing:
    """Return whether a room takes questions, and the number of its changes."""
    room = session.get(Room, livestream.id)
    is_live = livestream.state == LivestreamState.LIVE  # before that nobody has to be there
    door = questions_open(
        livestream.state,
        starts_at=livestream.starts_at,
        closed_at=room.closed_at if room else None,
        moderators=moderators_here(session, livestream_id=livestream.id, now=now) if is_live else 0,
        now=now,
    )
    return Standing(door, room.version if room else 0)


def moderators_here(session: Session, *, livestream_id: str, now: datetime) -> int:
    """Return how many of those who moderate a livestream are there; a demo's always are.

    Nobody moderates what they host, whatever their duty says.
    """
    seen = exists().where(
        Presence.livestream_id == Duty.livestream_id,
        Presence.user_id == Duty.moderator_id,
        Presence.seen_at > now - HERE,
    )
    statement = (
        select(func.count())
        .select_from(Duty)
        .join(Livestream, Livestream.id == Duty.livestream_id)
        .join(User, User.id == Duty.moderator_id)
        .where(
            Duty.livestream_id == livestream_id,
            Duty.state.in_(STANDING),
            Duty.moderator_id != Livestream.host_id,
            seen | User.is_demo | Livestream.is_example,
        )
    )
    return session.execute(statement).scalar_one()


def participant_of(session: Session, *, livestream_id: str, token: str) -> str | None:
    """Return whom the room knows by this pass; None: it gave none such out, or forgot everybody."""
    if not token:  # most who come: a room that nobody has opened yet would be asked for each time
        return None
    room = session.get(Room, livestream_id)
    if room is None or not is_pass(room.secret, token):
        return None
    return participant_key(room.secret, token)


def code_of(session: Session, *, livestream_id: str, participant: str) -> int | None:
    """Return the number of somebody's made-up name; None: they have none yet."""
    found = session.get(RoomName, (livestream_id, participant))
    return found.code if found else None
