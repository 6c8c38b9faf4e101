"""Moved, cancelled and restored within a minute, while three clocks and two workers race.

Everybody who waits gets one message that is true when it arrives, or none when nothing is new.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.notices.delivery import Delivery
from accounts.notices.delivery.deciding import Decider
from accounts.notices.enums import Channel, Subject
from accounts.notices.models import Notice
from accounts.notices.ports import Due, Outgoing, Say
from accounts.notices.services import ask, recipient_of_address
from accounts.notices.wording import Wordings
from catalog.models import Livestream
from core.database import Sessions
from scheduler.jobs import Job
from scheduler.models.notices import Bulletin, Mailing
from scheduler.notices import duties, expansion, livestreams
from scheduler.notices.bulletins import look
from scheduler.notices.mailings import make_reminders
from scheduler.runner import run_job
from scheduler.spans import Span
from streams.life import services as life
from streams.planning.services.moving import move_livestream
from tests.fakes.duties import planned
from tests.fakes.notices import KEY, SITE, FixedClock, MemoryEnd
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

PEOPLE = 25
CLOCKS, WORKERS = 3, 2
TICK = 5
HOUR = timedelta(hours=1)
SOURCES = {**livestreams.SOURCES, **duties.SOURCES}
JOBS = (Job("bulletins", look), Job("reminders", make_reminders))


def compose(due: Due, say: Say, wordings: Wordings, *, now: datetime) -> Outgoing:
    """Write a notice as what it says and when."""
    del wordings
    kind = say.kind or due.kind
    said = {"kind": kind, "at": now.isoformat(), "facts": dict(say.facts), **say.values}
    return Outgoing(due.id, due.channel, due.person.address, json.dumps(said).encode())


@dataclass
class House:
    """A site with three clocks and two workers, and everybody who waits for one livestream."""

    sessions: Sessions
    clock: FixedClock
    livestream_id: str = ""
    end: MemoryEnd = field(default_factory=MemoryEnd)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(CLOCKS + WORKERS))
    workers: list[Delivery] = field(default_factory=list)

    def build(self) -> "House":
        with self.sessions.begin() as session:
            world = World(session, self.clock.moment).build()
            made = planned(world, 48)
            self.livestream_id = made.id
            for number in range(PEOPLE):
                _register(session, made.id, f"viewer{number}", self.clock.moment)
        self.editor = world.actors["editor"]
        self.workers = [self._worker(number) for number in range(WORKERS)]
        return self

    def act(self, change: Callable[[Session, Livestream], object]) -> None:
        with self.sessions.begin() as session:
            change(session, session.get_one(Livestream, self.livestream_id))

    def move(self, by: timedelta) -> None:
        def change(session: Session, it: Livestream) -> None:
            span = Span(it.starts_at + by, it.ends_at + by)
            move_livestream(
                session,
                actor=self.editor,
                livestream=it,
                span=span,
                timezone=it.timezone,
                now=self.clock.moment,
            )

        self.act(change)

    def cancel(self) -> None:
        self.act(lambda session, it: life.cancel(session, livestream=it, now=self.clock.moment))

    def restore(self) -> None:
        self.act(lambda session, it: life.restore(session, livestream=it, now=self.clock.moment))

    def passes(self, seconds: int) -> None:
        """Let time pass; at each tick everybody works at once."""
        for _tick in range(0, seconds, TICK):
            self.clock.forward(seconds=TICK)
            work = [self.pool.submit(self._tick) for _clock in range(CLOCKS)]
            work += [self.pool.submit(self._work, worker) for worker in self.workers]
            for one in work:
                one.result()

    def told(self) -> dict[str, list[dict[str, Any]]]:
        """Return what each viewer was sent."""
        letters: dict[str, list[dict[str, Any]]] = {}
        for sent in self.end.sent:
            if sent.to.startswith("viewer"):
                letters.setdefault(sent.to, []).append(json.loads(sent.content))
        return letters

    def start(self) -> datetime:
        with self.sessions() as session:
            return session.get_one(Livestream, self.livestream_id).starts_at

    def revisions(self) -> tuple[int, int, int]:
        """Return the revision of the bulletin, the mailings, and rows of viewers."""
        with self.sessions() as session:
            return (
                session.get_one(Bulletin, self.livestream_id).revision,
                session.scalar(select(func.count()).select_from(Mailing)) or 0,
                session.scalar(select(func.count()).where(Notice.registration_id.is_not(None)))
                or 0,
            )

    def _tick(self) -> None:
        for job in JOBS:
            assert run_job(self.sessions, job, lambda: self.clock.moment)

    def _work(self, worker: Delivery) -> None:
        with self.sessions.begin() as session:
            expansion.expand(session, self.clock.moment)
        worker.run_batch(Event())

    def _worker(self, number: int) -> Delivery:
        return Delivery(
            self.sessions,
            Decider(f"worker {number}", SITE, SOURCES),
            compose=compose,
            ends={Channel.MAIL: self.end, Channel.SMS: MemoryEnd()},
            clock=self.clock,
            ticks=lambda: self.clock.moment.timestamp(),  # noqa: PLW0108 -- the moment moves
        )


def _register(session: Session, livestream_id: str, name: str, now: datetime) -> None:
    recipient = recipient_of_address(
        session,
        email=f"{name}@mail.example",
        language="en",
        timezone="UTC",
        data_key=KEY,
        now=now,
    )
    ask(
        session,
        recipient_id=recipient.id,
        subject=Subject.LIVESTREAM,
        subject_id=livestream_id,
        confirmed=True,
        now=now,
    )


@pytest.fixture
def house(sessions: Sessions, now: datetime) -> Iterator[House]:
    made = House(sessions, FixedClock(now)).build()
    made.passes(15)
    yield made
    made.pool.shutdown()


def kinds(house: House) -> set[tuple[str, ...]]:
    """Return which kinds viewers got, in order; everybody the same: one entry."""
    told = house.told()
    assert len(told) in {0, PEOPLE}
    return {tuple(one["kind"] for one in letters) for letters in told.values()}


def test_moved_cancelled_and_restored_is_one_message_that_is_true(house: House) -> None:
    house.move(HOUR)
    house.passes(20)
    house.cancel()
    house.passes(20)
    house.restore()
    house.passes(240)
    assert kinds(house) == {("changed",)}
    start = house.start()
    for (letter,) in house.told().values():
        assert letter["facts"]["start"] == start.isoformat()
        assert letter["facts"]["standing"] == "coming"
        assert letter["changes"].startswith("New start: Thursday 12 March, 19:00")
    assert house.revisions() == (2, 1, PEOPLE)


def test_moved_and_moved_back_is_no_message(house: House) -> None:
    house.move(HOUR)
    house.passes(30)
    house.move(-HOUR)
    house.passes(400)
    assert (kinds(house), house.revisions()) == (set(), (1, 0, 0))


def test_cancelled_told_and_restored_is_told_again(house: House) -> None:
    house.cancel()
    house.passes(120)
    house.restore()
    house.passes(240)
    assert kinds(house) == {("cancelled", "changed")}
    for _first, second in house.told().values():
        assert second["changes"] == "It takes place after all: Thursday 12 March, 18:00 (UTC)."
    assert house.revisions() == (3, 2, 2 * PEOPLE)


def test_move_during_the_expansion_reaches_everybody_once_with_the_last_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was told before the second move is told of it; nobody else hears of the first."""
    monkeypatch.setattr(expansion, "PIECE", 3)
    house.move(HOUR)
    house.passes(70)
    early = {to for to, letters in house.told().items() if letters}
    assert 0 < len(early) < PEOPLE
    house.move(HOUR)
    house.passes(400)
    last = house.start().isoformat()
    for to, letters in house.told().items():
        starts = [one["facts"]["start"] for one in letters]
        assert starts[-1] == last
        assert len(starts) == (2 if to in early else 1)
    assert len(house.told()) == PEOPLE


def test_nothing_untrue_ever_left(house: House) -> None:
    """Each message told the start and the standing that held at the moment it was sent."""
    held: list[tuple[datetime, str, str]] = []

    def note() -> None:
        with house.sessions() as session:
            it = session.get_one(Livestream, house.livestream_id)
            held.append((house.clock.moment, it.starts_at.isoformat(), it.state))

    house.move(HOUR)
    note()
    house.passes(90)
    house.cancel()
    note()
    house.passes(90)
    house.restore()
    note()
    house.passes(30)
    house.move(HOUR)
    note()
    house.passes(200)
    for letters in house.told().values():
        for one in letters:
            at = datetime.fromisoformat(one["at"])
            _moment, start, state = [entry for entry in held if entry[0] < at][-1]
            coming = "coming" if state == "scheduled" else "cancelled"
            assert (one["facts"]["start"], one["facts"]["standing"]) == (start, coming)
    assert kinds(house) == {("changed", "cancelled", "changed")}
