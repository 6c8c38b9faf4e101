"""Hosts who could take a livestream over, for tests of searches."""

from datetime import timedelta

from accounts.access import actor_for
from accounts.enums import Role
from accounts.models import User
from accounts.services import give_roles, issue_token
from catalog.models import Host, HostLanguage, HostTopic, Livestream
from scheduler.enums import ReservationState as R
from scheduler.models import PersonTime, WeeklyHours
from scheduler.programme import services as programme
from tests.fakes.programme import World

ALL_DAY = 1440


def add_hosts(world: World, count: int, start: int = 0) -> list[str]:
    """Add verified hosts ``stand0`` … who teach sleep in English at any hour, by name."""
    names = [f"stand{number}" for number in range(start, start + count)]
    for name in names:
        user = User(id=name, email=f"{name}@example.org", created_at=world.now)
        world.session.add(user)
        world.session.flush()
        give_roles(world.session, user=user, roles=[Role.HOST], now=world.now)
        world.actors[name] = actor_for(world.session, name)
        world.tokens[name] = issue_token(world.session, user=user, name=name, now=world.now)
        world.session.add(
            Host(
                id=name,
                names={"en": f"Dr. {name.title()}", "zh-Hans": f"{name} 医生"},
                verified_until=world.now + timedelta(days=10_000),
            )
        )
    world.session.flush()
    for name in names:
        open_always(world, name)
    return names


def open_always(world: World, host_id: str) -> None:
    """Let a host teach sleep in English at any hour of every day."""
    session = world.session
    session.add(HostTopic(host_id=host_id, topic_slug="sleep"))
    session.add(HostLanguage(host_id=host_id, language="en"))
    session.add(PersonTime(person_id=host_id, timezone="UTC", updated_at=world.now))
    session.flush()
    session.add_all(
        WeeklyHours(person_id=host_id, weekday=day, start_minute=0, end_minute=ALL_DAY)
        for day in range(7)
    )
    session.flush()


def scheduled(world: World, *, ahead: timedelta) -> Livestream:
    """Return a scheduled livestream of ``host`` so far ahead, with its time reserved."""
    start = world.now + ahead
    livestream = world.livestream(
        state="scheduled", starts_at=start, ends_at=start + timedelta(hours=1)
    )
    programme.take_time(world.session, livestream=livestream, state=R.CONFIRMED, now=world.now)
    return livestream
