"""People who wait for a few livestreams, and the occasions on which all of them are reminded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from accounts.notices.models import Recipient, Registration
from catalog.models import Livestream
from core.database import make_engine, make_sessions
from core.sealing import seal
from scheduler.models.notices import Mailing
from scheduler.notices import bulletins
from scheduler.notices.mailings import start_number

DATA_KEY = "a data key for a benchmark"
LIVESTREAMS, ROWS = 20, 60
"""How many are waited for, and how many there are."""
REPLAY = f"l{ROWS - 1:015}"
AHEAD = timedelta(hours=20)
BATCH = 5_000
ASLEEP, AWAKE = 1, 12
"""The hour of the day in the two zones of those who wait for a replay."""


@dataclass(frozen=True)
class Waiting:
    """Who waits for what."""

    livestreams: tuple[str, ...]
    count: int

    def livestream_of(self, number: int) -> str:
        """Return what a person waits for."""
        return self.livestreams[number % len(self.livestreams)]

    def waits_for_replay(self, number: int) -> bool:
        """Tell whether a person also waits for the replay."""
        return number % 10 == 0

    def is_asleep(self, number: int) -> bool:
        """Tell whether it is night where a person is."""
        return number % 20 == 0

    def of(self, livestream: str) -> set[str]:
        """Return who waits for a livestream, by recipient."""
        numbers = range(self.count)
        return {person(one) for one in numbers if self.livestream_of(one) == livestream}

    def of_replay(self, *, asleep: bool) -> set[str]:
        """Return who waits for the replay, by recipient."""
        numbers = filter(self.waits_for_replay, range(self.count))
        return {person(one) for one in numbers if self.is_asleep(one) == asleep}


def person(number: int) -> str:
    """Return the id of a recipient."""
    return f"r{number:015}"


def fill_waiting(url: str, count: int, now: datetime, *, replay: bool = True) -> Waiting:
    """Let ``count`` people wait for livestreams that begin tomorrow; the reminders are due."""
    waiting = Waiting(tuple(f"l{number:015}" for number in range(3, 3 + LIVESTREAMS)), count)
    engine = make_engine(url)
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        _schedule(session, waiting, now)
        bulletins.look_at_everything(session, now)
    for table, rows in _rows(waiting, now, replay=replay):
        for some in _some(rows):
            with engine.begin() as connection:
                connection.execute(insert(table), some)
    engine.dispose()
    return waiting


def _some(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some


def _schedule(session: Session, waiting: Waiting, now: datetime) -> None:
    start = _start(now)
    coming: dict[str, Any] = {"state": "scheduled", "visibility": "public"}
    coming |= {"starts_at": start, "ends_at": start + timedelta(hours=1), "organisation_id": None}
    known = {"announced_at": now - timedelta(days=3)}
    session.execute(update(Livestream).values(known))
    ids = waiting.livestreams
    session.execute(update(Livestream).where(Livestream.id.in_(ids)).values(coming))
    past = {"starts_at": now - timedelta(days=1), "ends_at": now - timedelta(hours=23)}
    over = {**coming, **past, "state": "published"}
    session.execute(update(Livestream).where(Livestream.id == REPLAY).values(over))


def _start(now: datetime) -> datetime:
    return (now + AHEAD).replace(minute=0, second=0, microsecond=0)


def _rows(
    waiting: Waiting, now: datetime, *, replay: bool
) -> Iterator[tuple[Any, Iterable[dict[str, Any]]]]:
    numbers = range(waiting.count)
    yield Recipient, (_recipient(number, waiting, now) for number in numbers)
    yield Registration, (_registration(one, waiting.livestream_of(one), now) for one in numbers)
    yield Mailing, (_mailing(one, "day_before", now) for one in waiting.livestreams)
    if replay:
        both = filter(waiting.waits_for_replay, numbers)
        yield Registration, (_registration(number, REPLAY, now) for number in both)
        yield Mailing, [_mailing(REPLAY, "replay_ready", now)]


def _recipient(number: int, waiting: Waiting, now: datetime) -> dict[str, Any]:
    return {
        "id": person(number),
        "fingerprint": f"{number:064}",
        "address_sealed": seal(DATA_KEY, f"person{number}@people.internal"),
        "language": "zh-Hans" if number % 3 else "en",
        "timezone": _zone(ASLEEP if waiting.is_asleep(number) else AWAKE, now),
        "created_at": now,
    }


def _zone(hour: int, now: datetime) -> str:
    """Return a zone in which it is that hour of the day now."""
    east = (hour - now.hour + 11) % 24 - 11  # -11 to 12
    return f"Etc/GMT{-east:+d}"  # their signs are those of POSIX


def _registration(number: int, livestream: str, now: datetime) -> dict[str, Any]:
    asked_at = now - timedelta(days=3)
    return {
        "id": f"{'p' if livestream == REPLAY else 'g'}{number:015}",
        "recipient_id": person(number),
        "subject_kind": "livestream",
        "subject_id": livestream,
        "asked_at": asked_at,
        "confirmed_at": asked_at,
        "updated_at": asked_at,
    }


def _mailing(livestream: str, kind: str, now: datetime) -> dict[str, Any]:
    start = _start(now)
    revision = start_number(start) if kind == "day_before" else 1
    return {
        "livestream_id": livestream,
        "kind": kind,
        "revision": revision,
        "facts": {"start": start.isoformat()},
        "due_at": now - timedelta(minutes=5),
        "created_at": now,
    }
