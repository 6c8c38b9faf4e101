"""Livestreams that have their time, moderators and rooms, for tests of the rota and the board."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from accounts.access import actor_for
from accounts.enums import Role
from accounts.models import User
from accounts.services import give_roles
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from scheduler.duties import services
from scheduler.models import Duty, PersonTime, Room, WeeklyHours
from scheduler.programme.rules import TAKES
from scheduler.programme.services import take_time
from tests.fakes.programme import World


def moderator(world: World, name: str) -> str:
    """Add somebody who moderates, as an actor of the world; return their id."""
    person = User(
        id=name,
        email=f"{name}@example.org",
        display_name=name.title(),
        fs_uniquifier=f"login of {name}",
        created_at=world.now,
    )
    world.session.add(person)
    world.session.flush()
    give_roles(world.session, user=person, roles=[Role.MODERATOR], now=world.now)
    world.actors[name] = actor_for(world.session, name)
    return name


def planned(
    world: World,
    hours: float = 1,
    *,
    state: str = "scheduled",
    host: str = "host",
    minutes: int = 60,
    reserved: bool = True,
    **changes: Any,  # noqa: ANN401 -- fields of a draft
) -> Livestream:
    """Return a livestream so many hours ahead, with its time reserved."""
    starts_at = world.now + timedelta(hours=hours)
    made = world.livestream(
        state=state,
        host_id=host,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        **changes,
    )
    if reserved and L(state) in TAKES:
        take_time(world.session, livestream=made, state=TAKES[L(state)], now=world.now)
    return made


def on_duty(world: World, livestream: Livestream, moderator_id: str) -> Duty:
    """Assign somebody."""
    return services.assign(
        world.session,
        livestream_id=livestream.id,
        moderator_id=moderator_id,
        assigned_by=None,
        now=world.now,
    )


def room(session: Session, now: datetime, name: str = "Studio A") -> Room:
    """Return a new room."""
    return services.create_room(session, names={"en": name}, note="", now=now)


def evenings(world: World, person_id: str, weekday: int, start: int, end: int) -> None:
    """Let a person give these minutes of a weekday in UTC, and nothing else."""
    world.session.add(PersonTime(person_id=person_id, timezone="UTC", updated_at=world.now))
    world.session.flush()
    world.session.add(
        WeeklyHours(person_id=person_id, weekday=weekday, start_minute=start, end_minute=end)
    )
    world.session.flush()
