"""A host is replaced: what a viewer, the one who leaves and the one who comes are sent."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from scheduler.models.notices import Mailing
from scheduler.substitutes.queries import asked_of
from streams.life import services as life
from streams.planning.services import handover
from tests.fakes.duties import moderator, on_duty
from tests.fakes.handover import add_hosts, scheduled
from tests.fakes.planner import Mail, Post, told
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration

AHEAD = timedelta(days=2)
SEARCHES = {"host_asked", "host_not_needed", "staff_host_missing", "duty_assigned"}


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    add_hosts(made, 3)
    return made


@pytest.fixture
def post(world: World) -> Post:
    return Post(world.session, world.now)


def waited_for(world: World, post: Post) -> Livestream:
    livestream = scheduled(world, ahead=AHEAD)
    post.register(livestream, "anna")
    return livestream


def of_interest(mails: list[Mail]) -> list[Mail]:
    return [one for one in mails if one.kind not in SEARCHES]


def entry(mail: Mail) -> dict[str, Any]:
    """Return what a calendar program reads from a mail."""
    assert mail.say.calendar is not None
    calendar = Calendar.from_ical(mail.say.calendar.text)
    (event,) = calendar.walk("VEVENT")
    return {
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": event.decoded("SEQUENCE"),
        "start": event.decoded("DTSTART"),
        "status": str(event["STATUS"]),
        "attendee": str(event.get("ATTENDEE", "")),
    }


def to(mails: list[Mail], name: str) -> Mail:
    (mail,) = [one for one in mails if one.to == name]
    return mail


def replaced(world: World, post: Post, livestream: Livestream) -> list[Mail]:
    """Let the host withdraw and another one accept, minutes later; return what was sent."""
    search = handover.withdraw_host(
        world.session, livestream_id=livestream.id, reason="ill", now=post.now
    )
    mails = post.passes(minutes=3)
    offer = asked_of(world.session, search_id=search.id)[0]
    handover.accept_offer(world.session, offer=offer, data_key=DATA_KEY, now=post.now)
    return of_interest(mails + post.passes(minutes=3))


def test_viewer_gets_one_message_that_names_both_and_the_same_entry_with_a_higher_number(
    world: World, post: Post, client: FlaskClient
) -> None:
    livestream = waited_for(world, post)
    first = of_interest(post.passes(seconds=10))
    assert told(first) == [("host", "host_scheduled")]
    mails = replaced(world, post, livestream)
    assert told(mails) == [
        ("anna", "changed"),
        ("host", "host_released"),
        ("stand0", "host_scheduled"),
    ]
    viewer = to(mails, "anna")
    assert viewer.say.values["changes"] == "Dr. Stand0 speaks in place of Dr. host."
    uid = f"{livestream.id}@mindcast"
    same = {"uid": uid, "start": livestream.starts_at}
    assert entry(viewer) == {
        **same,
        "method": "REQUEST",
        "sequence": 2,
        "status": "CONFIRMED",
        "attendee": "mailto:anna@mail.example",
    }
    leaver, comer = to(mails, "host"), to(mails, "stand0")
    assert entry(leaver) == {
        **same,
        "method": "CANCEL",
        "sequence": 1,
        "status": "CANCELLED",
        "attendee": "mailto:host@mail.example",
    }
    assert entry(comer) == {
        **same,
        "method": "REQUEST",
        "sequence": 2,
        "status": "CONFIRMED",
        "attendee": "mailto:stand0@mail.example",
    }
    assert entry(to(first, "host"))["sequence"] < entry(leaver)["sequence"]
    world.session.commit()
    (event,) = Calendar.from_ical(client.get(f"/livestreams/{livestream.id}.ics").text).walk(
        "VEVENT"
    )
    assert (event.decoded("SEQUENCE"), event.decoded("DTSTART")) == (2, livestream.starts_at)


def test_viewer_hears_nothing_while_a_host_is_only_looked_for(world: World, post: Post) -> None:
    livestream = waited_for(world, post)
    post.passes(seconds=10)
    handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=post.now)
    assert told(of_interest(post.passes(minutes=6))) == [("host", "host_released")]
    assert world.session.scalars(select(Mailing.kind)).all() == []


def test_host_who_comes_after_all_gets_the_entry_back(world: World, post: Post) -> None:
    livestream = waited_for(world, post)
    post.passes(seconds=10)
    handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=post.now)
    released = to(of_interest(post.passes(minutes=2)), "host")
    handover.take_back(world.session, livestream_id=livestream.id, now=post.now)
    mails = of_interest(post.passes(minutes=2))
    assert told(mails) == [("host", "host_scheduled")]
    assert (entry(released)["sequence"], entry(mails[0])["sequence"]) == (1, 2)


def test_second_thoughts_within_a_minute_are_told_to_nobody(world: World, post: Post) -> None:
    livestream = waited_for(world, post)
    post.passes(seconds=10)
    handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=post.now)
    post.passes(seconds=30)
    handover.take_back(world.session, livestream_id=livestream.id, now=post.now)
    assert of_interest(post.passes(minutes=6)) == []


def test_editor_who_sets_another_host_is_one_message_for_each(world: World, post: Post) -> None:
    moderator(world, "mo")
    livestream = waited_for(world, post)
    on_duty(world, livestream, "mo")
    post.passes(minutes=2)
    life.edit_livestream(
        world.session,
        actor=world.actors["editor"],
        livestream=livestream,
        changes={"host_id": "stand1"},
        now=post.now,
    )
    mails = of_interest(post.passes(minutes=2))
    assert sorted((one.to, one.kind, one.method) for one in mails) == [
        ("anna", "changed", "REQUEST"),
        ("host", "host_released", "CANCEL"),
        ("mo", "duty_changed", "REQUEST"),
        ("stand1", "host_scheduled", "REQUEST"),
    ]
    assert to(mails, "mo").say.values["changes"] == "Dr. Stand1 speaks in place of Dr. host."


def test_cancelled_while_nobody_is_found_is_told_to_viewers_and_not_again_to_the_host(
    world: World, post: Post
) -> None:
    livestream = waited_for(world, post)
    post.passes(seconds=10)
    handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=post.now)
    post.passes(minutes=2)
    life.cancel(world.session, livestream=livestream, now=post.now)
    assert told(of_interest(post.passes(minutes=2))) == [("anna", "cancelled")]
