"""Create, move three times, change one of a series, cancel one, all, not: what a calendar holds.

Real services write a real database; the texts made from it are read by two independent libraries.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.access import actor_for
from accounts.notices import services as notices
from accounts.notices.enums import Subject
from accounts.notices.models import Recipient
from catalog.feeds.events import status_of
from catalog.feeds.invitations import Method, invitation, programme
from catalog.feeds.wording import wording_for
from catalog.models import Livestream
from core.clock import utc_now
from scheduler.calendars import services
from scheduler.calendars.queries import owner_of, parts_of
from scheduler.calendars.rules import Entry, entries_of, oldest, secret_of
from scheduler.models import Occurrence
from scheduler.spans import Span
from streams.life import services as life
from streams.planning.access import moving
from streams.planning.access import series as planning
from streams.planning.enums import Reach
from streams.planning.rules.changes import SeriesChange
from tests.conftest import NOW
from tests.fakes.calendar_client import CalendarClient, Kept
from tests.fakes.programme import DATA_KEY, World
from tests.streams.planning.test_series_services import confirm, plan

pytestmark = pytest.mark.integration

SITE = "http://localhost"
UTC = ZoneInfo("UTC")
HOUR = timedelta(hours=1)
ZONES = (
    ("Europe/Berlin", date(2026, 3, 17)),  # forward on the 29th of March
    ("America/New_York", date(2026, 10, 20)),  # back on the 1st of November
    ("Australia/Lord_Howe", date(2026, 3, 24)),  # back by half an hour on the 5th of April
    ("Africa/Casablanca", date(2026, 3, 17)),  # forward after Ramadan, on the 22nd of March
    ("Asia/Shanghai", date(2026, 3, 17)),  # never
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as made:
        yield made


@dataclass
class Told:
    """One person who is told by mails, who reads a feed, and who opens a file of all at once."""

    world: World
    client: FlaskClient
    clock: time_machine.Traveller
    person: Recipient
    address: str = ""
    mails: CalendarClient = field(default_factory=CalendarClient)
    feed: CalendarClient = field(default_factory=CalendarClient)
    files: CalendarClient = field(default_factory=CalendarClient)
    sent: dict[str, int] = field(default_factory=dict)
    """SEQUENCE of what was last sent, by the id of the livestream."""
    texts: list[str] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        feed = services.feed_of(self.world.session, recipient=self.person, now=self.world.now)
        owner = owner_of(self.world.session, feed_id=feed.id)
        assert owner is not None
        self.address = f"/calendar/my/{secret_of(DATA_KEY, feed.id)}.ics"
        parts = parts_of(
            self.world.session,
            owner=owner,
            actor=actor_for(self.world.session, owner.user_id),
            since=oldest(self.world.now),
            with_titles=False,
        )
        return entries_of(parts, language="en", with_titles=False)

    def look(self) -> list[dict[str, Kept]]:
        """Send what has changed, publish everything, and return what each calendar holds."""
        self.world.session.commit()
        found = self.entries()
        for event, role in found:
            if self.sent.get(event.id) == event.sequence:
                continue
            self.sent[event.id] = event.sequence
            is_off = status_of(event) == "CANCELLED"
            text = invitation(
                event,
                method=Method.CANCEL if is_off else Method.REQUEST,
                organizer="mindcast@localhost",
                attendee="viewer@example.org",
                wording=wording_for(SITE, "en", role),
            )
            self.mails.receive(text)
            self.texts.append(text)
        wording = wording_for(SITE, "en", "viewer")
        text = programme([one.event for one in found], wording=wording, organizer="m@localhost")
        self.files.receive(text)
        self.feed.receive(self.client.get(self.address).get_data(as_text=True))
        return [self.mails.entries, self.feed.entries, self.files.entries]

    def later(self) -> None:
        self.world.now += HOUR
        self.clock.move_to(self.world.now)


def kept(day: date, at: time, zone: str, status: str = "CONFIRMED") -> Kept:
    starts = datetime.combine(day, at, ZoneInfo(zone))
    ends = (starts.astimezone(UTC) + HOUR).astimezone(ZoneInfo(zone))
    walls = [one.replace(tzinfo=None).isoformat(timespec="minutes") for one in (starts, ends)]
    return Kept(walls[0], walls[1], zone, starts.astimezone(UTC), status)


@pytest.mark.parametrize("role", ["viewer", "host"])
@pytest.mark.parametrize(("zone", "first"), ZONES)
def test_after_each_step_exactly_the_right_entries(
    session: Session,
    client: FlaskClient,
    clock: time_machine.Traveller,
    zone: str,
    first: date,
    role: str,
) -> None:
    world = World(session, NOW).build()
    person = notices.recipient_of_user(session, user_id=role, now=NOW)
    told = Told(world, client, clock, person)
    confirm(world, plan(timezone=zone, starts_on=first), "editor")
    ids = list(
        session.scalars(select(Occurrence.livestream_id).order_by(Occurrence.original_local_start))
    )
    if role == "viewer":
        for one in ids:
            wait(session, person, one)
    days = [first + timedelta(weeks=week) for week in range(4)]
    expected = {one: kept(day, time(20), zone) for one, day in zip(ids, days, strict=True)}
    assert told.look() == [expected] * 3

    def step(act: Callable[[], Any], **changed: Kept) -> None:
        told.later()
        act()
        session.expire_all()
        expected.update({ids[int(number[1:])]: entry for number, entry in changed.items()})
        assert told.look() == [expected] * 3

    later = days[1] + timedelta(days=1)
    step(lambda: move(world, ids[1], later, time(18), zone), _1=kept(later, time(18), zone))
    early = time(7, 15)
    step(lambda: move(world, ids[1], later, early, zone), _1=kept(later, early, zone))
    abroad = "Asia/Tokyo"
    step(lambda: move(world, ids[1], later, time(9), abroad), _1=kept(later, time(9), abroad))
    step(
        lambda: planning.change(
            session,
            actor=world.actors["editor"],
            livestream_id=ids[2],
            change=SeriesChange(Reach.THIS, clock=time(17)),
            now=world.now,
        ),
        _2=kept(days[2], time(17), zone),
    )
    step(
        lambda: cancel(world, ids[3], Reach.THIS), _3=expected[ids[3]]._replace(status="CANCELLED")
    )
    step(
        lambda: cancel(world, ids[0], Reach.ALL),
        **{f"_{n}": expected[ids[n]]._replace(status="CANCELLED") for n in range(3)},
    )
    step(lambda: restore(world, ids[1]), _1=kept(later, time(9), abroad))
    assert len(told.texts) == 4 + 3 + 1 + 1 + 3 + 1
    for text in told.texts:  # late copies of old mails change nothing
        told.mails.receive(text)
    assert told.mails.entries == expected


def test_calling_off_and_asking_again_reaches_a_calendar(
    session: Session, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    world = World(session, NOW).build()
    person = notices.recipient_of_user(session, user_id="viewer", now=NOW)
    told = Told(world, client, clock, person)
    one = world.livestream(state="scheduled", starts_at=NOW + 90 * HOUR, ends_at=NOW + 91 * HOUR)
    asked = wait(session, person, one.id)
    seen = [told.look()]
    for act in (
        lambda: notices.end(session, registration_id=asked, now=world.now),
        lambda: wait(session, person, one.id),
        lambda: notices.end(session, registration_id=asked, now=world.now),
        lambda: notices.reopen(session, registration_id=asked, now=world.now),
    ):
        told.later()
        act()
        seen.append(told.look())
    statuses = [[found[one.id].status for found in three] for three in seen]
    assert statuses == [
        [status] * 3 for status in ("CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED", "CONFIRMED")
    ]


def test_the_second_of_two_equal_wall_times_is_read_as_such(
    session: Session, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    world = World(session, NOW).build()
    person = notices.recipient_of_user(session, user_id="viewer", now=NOW)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Berlin for the second time
    one = world.livestream(
        state="scheduled", starts_at=second, ends_at=second + HOUR, timezone="Europe/Berlin"
    )
    wait(session, person, one.id)
    expected = Kept("2026-10-25T01:30", "2026-10-25T02:30", "UTC", second, "CONFIRMED")
    assert Told(world, client, clock, person).look() == [{one.id: expected}] * 3


def wait(session: Session, person: Recipient, livestream_id: str) -> str:
    return notices.ask(
        session,
        recipient_id=person.id,
        subject=Subject.LIVESTREAM,
        subject_id=livestream_id,
        confirmed=True,
        now=utc_now(),
    ).id


def move(world: World, livestream_id: str, day: date, at: time, zone: str) -> Livestream:
    starts_at = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
    return moving.move(
        world.session,
        actor=world.actors["editor"],
        livestream_id=livestream_id,
        span=Span(starts_at, starts_at + HOUR),
        timezone=zone,
        now=world.now,
    )


def restore(world: World, livestream_id: str) -> None:
    livestream = world.session.get_one(Livestream, livestream_id)
    life.restore(world.session, livestream=livestream, now=world.now)


def cancel(world: World, livestream_id: str, reach: Reach) -> None:
    planning.cancel(
        world.session,
        actor=world.actors["editor"],
        livestream_id=livestream_id,
        reach=reach,
        now=world.now,
    )
