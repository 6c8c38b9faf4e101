"""What a person does to a livestream: who may, what happens, and the line in the audit log.

Pages and the API call :func:`act_on_livestream`, so that no door is wider than the other.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_run, livestream_to_schedule
from catalog.models import Livestream
from core.errors import NotFound
from scheduler.duties.access import assign_by_turn
from streams.doors.keys import ensure_key, make_key
from streams.life import services
from streams.life.rules import Event, needs_editor

Act: TypeAlias = Callable[[Session, Livestream, datetime], Livestream]

ACTS: Final[Mapping[str, Act]] = {
    "propose": lambda session, it, now: services.propose(session, livestream=it, now=now),
    "schedule": lambda session, it, now: services.schedule(session, livestream=it, now=now),
    "start": lambda session, it, now: services.start(session, livestream=it, now=now),
    "end": lambda session, it, now: services.end(session, livestream=it, now=now),
    "publish": lambda session, it, now: services.publish(session, livestream=it, now=now),
    "cancel": lambda session, it, now: services.cancel(session, livestream=it, now=now),
    "restore": lambda session, it, now: services.restore(session, livestream=it, now=now),
}
"""``schedule`` is the staff's, and the release of what was never announced; everything else its
host's as well."""


def act_on_livestream(
    session: Session, *, actor: Actor, livestream_id: str, act: str, data_key: str, now: datetime
) -> Livestream:
    """Do one of :data:`ACTS` on the actor's behalf.

    Raises:
        NotFound: The actor may not know of the livestream, or there is no such act.
        SignInNeeded, NotAllowed: The actor may know of it but not do this.
        WrongState: Its state or the gate does not permit it.
    """
    if act not in ACTS:
        raise NotFound
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    if needs_editor(
        Event(act), announced_at=livestream.announced_at, started_at=livestream.started_at
    ):
        livestream_to_schedule(session, livestream_id=livestream_id, actor=actor)
    livestream = ACTS[act](session, livestream, now)
    if act == "schedule":
        ensure_key(session, livestream_id=livestream_id, data_key=data_key, now=now)
        assign_by_turn(session, actor=actor, livestream_id=livestream_id, now=now)
    _record(session, actor, act, livestream_id, now)
    return livestream


def rotate_key(
    session: Session, *, actor: Actor, livestream_id: str, data_key: str, now: datetime
) -> Livestream:
    """Give a livestream that the actor runs a new stream key; raises as above."""
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    make_key(session, livestream_id=livestream_id, data_key=data_key, now=now)
    _record(session, actor, "rotate_key", livestream_id, now)
    return livestream


def _record(session: Session, actor: Actor, act: str, livestream_id: str, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"livestream.{act}",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
    )
