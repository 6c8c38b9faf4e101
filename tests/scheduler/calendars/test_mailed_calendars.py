"""The same through the mails that are really sent: what they leave in three people's calendars."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from scheduler.models import Occurrence, Offer
from scheduler.registrations.access import remind
from streams.planning.access import series as planning
from streams.planning.enums import Reach
from streams.planning.rules.changes import SeriesChange
from streams.planning.services import handover
from tests.fakes.calendar_client import CalendarClient, Kept
from tests.fakes.duties import moderator, on_duty
from tests.fakes.handover import add_hosts, scheduled
from tests.fakes.planner import Post
from tests.fakes.programme import DATA_KEY, World
from tests.scheduler.calendars.test_round_trip import cancel, kept, move, restore
from tests.streams.planning.test_series_services import confirm, plan

pytestmark = pytest.mark.integration

ZONE = "Europe/Berlin"
FIRST = date(2026, 3, 17)
DAYS = [FIRST + timedelta(weeks=week) for week in range(4)]  # clocks go forward in between


class Calendars:
    """The calendars of three people, filled by nothing but their mails."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.clients = {name: CalendarClient() for name in ("viewer", "host", "mia")}
        self.methods: list[tuple[str, str]] = []

    def after(self, **length: float) -> dict[str, dict[str, Kept]]:
        """Let time pass, deliver what was sent, and return what each calendar holds."""
        self.methods = []
        for mail in self.post.passes(**length):
            if mail.say.calendar is not None:
                assert f"METHOD:{mail.method}\r\n" in mail.say.calendar.text
                self.clients[mail.to].receive(mail.say.calendar.text)
                self.methods.append((mail.to, mail.method))
        return {name: client.entries for name, client in self.clients.items()}


def test_mails_alone_keep_three_calendars_right(session: Session, now: datetime) -> None:
    world, post = World(session, now).build(), Post(session, now)
    moderator(world, "mia")
    confirm(world, plan(timezone=ZONE, starts_on=FIRST), "editor")
    ids = list(
        session.scalars(select(Occurrence.livestream_id).order_by(Occurrence.original_local_start))
    )
    duty = on_duty(world, session.get_one(Livestream, ids[0]), "mia")
    for one in ids:
        remind(session, actor=world.actors["viewer"], livestream_id=one, now=now)
    calendars = Calendars(post)
    expected = {one: kept(day, time(20), ZONE) for one, day in zip(ids, DAYS, strict=True)}
    duties = {duty.id: expected[ids[0]]}

    def whole() -> dict[str, dict[str, Kept]]:
        return {"viewer": expected, "host": expected, "mia": duties}

    assert calendars.after(minutes=2) == whole()
    assert ("host", "PUBLISH") in calendars.methods  # all four at once

    def step(act: Callable[[], object], **changed: Kept) -> None:
        world.now = post.now
        act()
        session.expire_all()
        expected.update({ids[int(number[1:])]: entry for number, entry in changed.items()})
        assert calendars.after(minutes=2) == whole()

    later = DAYS[1] + timedelta(days=1)
    for at in (time(18), time(7, 15), time(9)):
        zone = "Asia/Tokyo" if at == time(9) else ZONE
        step(partial(move, world, ids[1], later, at, zone), _1=kept(later, at, zone))
        assert sorted(calendars.methods) == [("host", "REQUEST"), ("viewer", "REQUEST")]
    step(
        lambda: planning.change(
            session,
            actor=world.actors["editor"],
            livestream_id=ids[2],
            change=SeriesChange(Reach.THIS, clock=time(17)),
            now=world.now,
        ),
        _2=kept(DAYS[2], time(17), ZONE),
    )
    off = {number: entry._replace(status="CANCELLED") for number, entry in expected.items()}
    step(lambda: cancel(world, ids[3], Reach.THIS), _3=off[ids[3]])
    duties[duty.id] = off[ids[0]]
    step(lambda: cancel(world, ids[0], Reach.ALL), _0=off[ids[0]], _1=off[ids[1]], _2=off[ids[2]])
    assert {method for _, method in calendars.methods} == {"CANCEL"}
    step(lambda: restore(world, ids[1]), _1=kept(later, time(9), "Asia/Tokyo"))


def test_a_host_who_leaves_and_comes_back_has_it_in_the_calendar(
    session: Session, now: datetime
) -> None:
    world, post = World(session, now).build(), Post(session, now)
    (taker,) = add_hosts(world, 1)
    one = scheduled(world, ahead=timedelta(days=10))
    calendars = Calendars(post)
    calendars.clients[taker] = CalendarClient()
    remind(session, actor=world.actors["viewer"], livestream_id=one.id, now=now)

    def statuses() -> list[list[str]]:
        held = calendars.after(minutes=3)
        names = ("viewer", "host", taker)
        return [[entry.status for entry in held[name].values()] for name in names]

    def leave() -> None:
        handover.withdraw_host(session, livestream_id=one.id, reason="", now=post.now)

    assert statuses() == [["CONFIRMED"], ["CONFIRMED"], []]
    leave()
    assert statuses() == [["CONFIRMED"], ["CANCELLED"], []]
    handover.take_back(session, livestream_id=one.id, now=post.now)
    assert statuses() == [["CONFIRMED"], ["CONFIRMED"], []]
    leave()
    assert statuses() == [["CONFIRMED"], ["CANCELLED"], []]
    offer = session.scalars(select(Offer).order_by(Offer.asked_at.desc())).first()
    assert offer is not None
    handover.accept_offer(session, offer=offer, data_key=DATA_KEY, now=post.now)
    assert statuses() == [["CONFIRMED"], ["CANCELLED"], ["CONFIRMED"]]
