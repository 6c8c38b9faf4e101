"""Slots for tests, offered with the real services, and hosts who race for them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from accounts.access import actor_for
from accounts.enums import Role
from accounts.models import User
from accounts.services import give_roles
from catalog.models import Host
from scheduler.models import Slot
from scheduler.slots import services as slots
from scheduler.slots.rules import SlotDraft
from streams.planning.services.claims import Site
from tests.fakes.programme import DATA_KEY, World

SITE = Site(window_seconds=120, data_key=DATA_KEY)


def slot_draft(world: World, **changes: object) -> SlotDraft:
    """Return a valid slot on sleep, in English, the day after tomorrow."""
    starts_at = world.now + timedelta(days=2)
    draft = SlotDraft(
        topics=("sleep",),
        language="en",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        timezone="Asia/Shanghai",
        titles={"en": "Sleeping again"},
    )
    return replace(draft, **cast("dict[str, Any]", changes))


def offered(world: World, **changes: object) -> Slot:
    """Return an open slot of the editor."""
    draft = slot_draft(world, **changes)
    return slots.publish_slots(world.session, drafts=[draft], published_by="editor", now=world.now)[
        0
    ]


def more_hosts(world: World, count: int) -> list[str]:
    """Add verified hosts; return their names, which are their ids."""
    names = [f"rival{number:02}" for number in range(count)]
    for name in names:
        user = User(id=name, email=f"{name}@example.org", created_at=world.now)
        world.session.add(user)
        world.session.flush()
        give_roles(world.session, user=user, roles=[Role.HOST], now=world.now)
        until = world.now + timedelta(days=30)
        world.session.add(Host(id=name, names={"en": name}, verified_until=until))
        world.actors[name] = actor_for(world.session, name)
    world.session.flush()
    return names
