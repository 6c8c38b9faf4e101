"""Who may assign, answer and see duties and rooms, with the line in the audit log."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_schedule
from catalog.editing.rules.editors import check_may_edit
from catalog.rules import is_id
from core.errors import NotAllowed, NotFound, SignInNeeded
from scheduler.duties import services
from scheduler.models import Duty, Reservation, Room


def check_staff(actor: Actor) -> None:
    """Refuse whoever does not run the programme.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor is neither an editor nor an administrator.
    """
    check_may_edit(actor)


def check_may_moderate(actor: Actor) -> None:
    """Refuse who neither moderates nor runs the programme; raises as :func:`check_staff`."""
    if actor.user_id is None:
        raise SignInNeeded
    if not (actor.has(Role.MODERATOR) or actor.is_staff):
        raise NotAllowed


def duty_for(session: Session, *, actor: Actor, duty_id: str) -> Duty:
    """Return a duty of the actor's own, for the staff anybody's.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotFound: It does not exist, or is somebody else's.
    """
    if actor.user_id is None:
        raise SignInNeeded
    duty = session.get(Duty, duty_id) if is_id(duty_id) else None
    if duty is None or not (actor.is_staff or duty.moderator_id == actor.user_id):
        raise NotFound
    return duty


def assign(
    session: Session, *, actor: Actor, livestream_id: str, moderator_id: str, now: datetime
) -> Duty:
    """Assign a moderator on behalf of an editor; raises as ``services.assign``."""
    livestream_to_schedule(session, livestream_id=livestream_id, actor=actor)
    duty = services.assign(
        session,
        livestream_id=livestream_id,
        moderator_id=_id(moderator_id),
        assigned_by=actor.user_id,
        now=now,
    )
    _record(session, actor, "duty.assign", duty, now)
    return duty


def assign_by_turn(
    session: Session, *, actor: Actor, livestream_id: str, now: datetime
) -> list[Duty]:
    """Give a livestream the moderators that it lacks, whoever is free and next; maybe nobody.

    Raises:
        SignInNeeded, NotAllowed, NotFound: As ``livestream_to_schedule``.
    """
    livestream_to_schedule(session, livestream_id=livestream_id, actor=actor)
    made = services.assign_by_turn(
        session, livestream_id=livestream_id, assigned_by=actor.user_id, now=now
    )
    for duty in made:
        _record(session, actor, "duty.assign", duty, now)
    return made


def replace(
    session: Session, *, actor: Actor, duty_id: str, moderator_id: str, now: datetime
) -> Duty:
    """Give a duty to somebody else on behalf of an editor; raises as ``services.replace``."""
    duty = _duty_of_staff(session, actor, duty_id)
    made = services.replace(
        session,
        duty=duty,
        moderator_id=_id(moderator_id),
        assigned_by=actor.user_id,
        now=now,
    )
    _record(session, actor, "duty.replace", made, now)
    return made


def release(session: Session, *, actor: Actor, duty_id: str, now: datetime) -> Duty:
    """Take a moderator off on behalf of an editor; raises as ``services.release``."""
    duty = services.release(session, duty=_duty_of_staff(session, actor, duty_id), now=now)
    _record(session, actor, "duty.release", duty, now)
    return duty


def accept(session: Session, *, actor: Actor, duty_id: str, now: datetime) -> Duty:
    """Say yes to the actor's own duty; raises as ``services.accept``."""
    duty = services.accept(session, duty=_own_duty(session, actor, duty_id), now=now)
    _record(session, actor, "duty.accept", duty, now)
    return duty


def decline(session: Session, *, actor: Actor, duty_id: str, reason: str, now: datetime) -> Duty:
    """Say no to the actor's own duty; raises as ``services.decline``."""
    duty = _own_duty(session, actor, duty_id)
    duty = services.decline(session, duty=duty, reason=reason, now=now)
    _record(session, actor, "duty.decline", duty, now)
    return duty


def give_room(
    session: Session, *, actor: Actor, livestream_id: str, room_id: str | None, now: datetime
) -> Reservation:
    """Give a livestream a room on behalf of an editor; raises as ``services.give_room``."""
    livestream_to_schedule(session, livestream_id=livestream_id, actor=actor)
    if room_id is not None and not is_id(room_id):
        raise NotFound
    reservation = services.give_room(session, livestream_id=livestream_id, room_id=room_id, now=now)
    record_audit(
        session,
        actor_id=actor.user_id,
        act="livestream.room",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
        details={"room": room_id or ""},
    )
    return reservation


def room_for(session: Session, *, actor: Actor, room_id: str) -> Room:
    """Return a room for an editor; raises as :func:`check_staff`, and NotFound."""
    check_staff(actor)
    room = session.get(Room, room_id) if is_id(room_id) else None
    if room is None:
        raise NotFound
    return room


def create_room(
    session: Session, *, actor: Actor, names: Mapping[str, str], note: str, now: datetime
) -> Room:
    """Add a room on behalf of an editor; raises as ``services.create_room``."""
    check_staff(actor)
    room = services.create_room(session, names=names, note=note, now=now)
    _record_room(session, actor, "room.create", room, now)
    return room


def rename_room(
    session: Session,
    *,
    actor: Actor,
    room_id: str,
    names: Mapping[str, str],
    note: str,
    now: datetime,
) -> Room:
    """Rename a room on behalf of an editor; raises as ``services.rename_room``."""
    room = room_for(session, actor=actor, room_id=room_id)
    services.rename_room(session, room=room, names=names, note=note)
    _record_room(session, actor, "room.rename", room, now)
    return room


def close_room(session: Session, *, actor: Actor, room_id: str, now: datetime) -> Room:
    """Close a room on behalf of an editor; raises as ``services.close_room``."""
    room = room_for(session, actor=actor, room_id=room_id)
    services.close_room(session, room=room, now=now)
    _record_room(session, actor, "room.close", room, now)
    return room


def _duty_of_staff(session: Session, actor: Actor, duty_id: str) -> Duty:
    duty = duty_for(session, actor=actor, duty_id=duty_id)
    if not actor.is_staff:
        raise NotAllowed
    return duty


def _own_duty(session: Session, actor: Actor, duty_id: str) -> Duty:
    duty = duty_for(session, actor=actor, duty_id=duty_id)
    if duty.moderator_id != actor.user_id:
        raise NotAllowed
    return duty


def _id(text: str) -> str:
    """Return an id that a database can be asked for; no id belongs to nobody."""
    return text if is_id(text) else ""


def _record(session: Session, actor: Actor, act: str, duty: Duty, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=act,
        subject_kind="duty",
        subject_id=duty.id,
        now=now,
        details={"livestream": duty.livestream_id, "moderator": duty.moderator_id},
    )


def _record_room(session: Session, actor: Actor, act: str, room: Room, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=act,
        subject_kind="room",
        subject_id=room.id,
        now=now,
    )
