"""Premieres on behalf of whoever runs a livestream, and the line in the audit log."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_run
from catalog.models import Livestream
from core.errors import NotFound
from streams.life import services as life
from streams.premieres import services
from streams.premieres.queries import HeldTalk, held_talk

Act: TypeAlias = Callable[[Session, Actor, Livestream, datetime], Livestream]

ACTS: Final[Mapping[str, Act]] = {
    "choose": lambda session, actor, it, now: _set(session, actor, it, now, premiere=True),
    "leave": lambda session, actor, it, now: _set(session, actor, it, now, premiere=False),
    "take-back": lambda session, _, it, now: services.take_back(session, livestream=it, now=now),
    "as-replay": lambda session, _, it, now: services.release_instead(
        session, livestream=it, now=now
    ),
}
"""``choose`` a premiere or ``leave`` it before a talk is there; then take the talk back, or make it
the recording without a premiere."""


def act_on_premiere(
    session: Session, *, actor: Actor, livestream_id: str, act: str, now: datetime
) -> Livestream:
    """Do one of :data:`ACTS` on the actor's behalf.

    Raises:
        NotFound: The actor may not know of the livestream, or there is no such act.
        SignInNeeded, NotAllowed: The actor may know of it but not do this.
        WrongState, InvalidInput: Its state does not permit it.
    """
    if act not in ACTS:
        raise NotFound
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    livestream = ACTS[act](session, actor, livestream, now)
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"livestream.premiere_{act.replace('-', '_')}",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
    )
    return livestream


def held_talk_for(session: Session, *, actor: Actor, livestream_id: str) -> HeldTalk | None:
    """Return the talk of a premiere that the actor runs; raises as ``livestream_to_run``."""
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    return held_talk(session, livestream=livestream)


def _set(
    session: Session, actor: Actor, livestream: Livestream, now: datetime, *, premiere: bool
) -> Livestream:
    return life.edit_livestream(
        session, actor=actor, livestream=livestream, changes={"premiere": premiere}, now=now
    )
