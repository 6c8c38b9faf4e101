"""Who reads and writes hours: a host or moderator their own, the staff those of anybody.

The hours of a person are not public, and a note beside a day is for that person alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from accounts.services import record_audit
from catalog.rules import is_id
from core.errors import NotAllowed, SignInNeeded
from scheduler.hours.errors import NoSuchPerson
from scheduler.hours.queries import hours_of, name_of
from scheduler.hours.rules.hours import Day, Hours

GIVES_TIME = (Role.HOST, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class Desk:
    """A person whose hours somebody may read and write."""

    person_id: str
    names: Mapping[str, str]
    hours: Hours
    is_own: bool


def check_may_keep_hours(actor: Actor) -> None:
    """Refuse who neither gives time nor runs the programme.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor is no host, no moderator and none of the staff.
    """
    if actor.user_id is None:
        raise SignInNeeded
    if not (actor.is_staff or actor.has(*GIVES_TIME)):
        raise NotAllowed


def desk_for(
    session: Session, *, actor: Actor, person_id: str | None = None, timezone: str = "UTC"
) -> Desk:
    """Return the hours of a person, by default the actor's own.

    Args:
        session: To read with.
        actor: Who asks.
        person_id: Whose hours.
        timezone: In which hours are that nobody stored yet.

    Raises:
        SignInNeeded, NotAllowed: As :func:`check_may_keep_hours`, or they are another's.
        NoSuchPerson: The staff asked for somebody who is not there.
    """
    check_may_keep_hours(actor)
    person_id = person_id or str(actor.user_id)
    is_own = person_id == actor.user_id
    if not (is_own or actor.is_staff):
        raise NotAllowed
    names = name_of(session, person_id=person_id) if is_id(person_id) else None
    if names is None:
        raise NoSuchPerson
    hours = hours_of(session, person_id=person_id, timezone=timezone)
    return Desk(person_id, names, hours, is_own)


def shown(desk: Desk) -> Hours:
    """Return the hours as the reader may see them: another's notes are left out."""
    if desk.is_own:
        return desk.hours
    dated = {day: replace(differs, note="") for day, differs in desk.hours.dated.items()}
    return replace(desk.hours, dated=dated)


def with_notes(desk: Desk, dated: Mapping[date, Day]) -> dict[date, Day]:
    """Keep the notes of a person whose days somebody else writes, who cannot see them."""
    if desk.is_own:
        return dict(dated)
    old = desk.hours.dated
    return {
        day: replace(differs, note=old[day].note if day in old else "")
        for day, differs in dated.items()
    }


def record_change(
    session: Session, *, actor: Actor, desk: Desk, act: str, version: int, now: datetime
) -> None:
    """Write down that somebody of the staff changed the hours of another person."""
    if desk.is_own:
        return
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"hours.{act}",
        subject_kind="person",
        subject_id=desk.person_id,
        now=now,
        details={"version": version},
    )
