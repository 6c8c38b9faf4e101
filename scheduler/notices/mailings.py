"""Occasions on which everybody who waits for a livestream is told, and reminders among them.

A mailing is one row per livestream, kind and revision; who is to get it is written down later, in
pieces (:mod:`scheduler.notices.expansion`).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.database import insert_into
from core.ids import new_id
from scheduler.models.notices import Bulletin, Mailing
from scheduler.notices.crew import remind_crew

DAY_BEFORE: Final = "day_before"
MINUTES_BEFORE: Final = "minutes_before"
AHEAD: Final[Mapping[str, timedelta]] = {
    DAY_BEFORE: timedelta(hours=24),
    MINUTES_BEFORE: timedelta(minutes=10),
}
LATEST: Final[Mapping[str, timedelta]] = {
    DAY_BEFORE: timedelta(hours=1),
    MINUTES_BEFORE: timedelta(0),
}
"""So long before the start it is too late for the kind: the other one is near."""


class Coming(NamedTuple):
    """A livestream that begins within a day, and since when people know when."""

    id: str
    starts_at: datetime
    known_since: datetime


class Occasion(NamedTuple):
    """A reminder that is due."""

    livestream: Coming
    kind: str

    @property
    def revision(self) -> int:
        """Return the number of the start: another start is another reminder."""
        return start_number(self.livestream.starts_at)

    @property
    def due_at(self) -> datetime:
        """Return the moment at which it was due."""
        return self.livestream.starts_at - AHEAD[self.kind]


def start_number(start: datetime) -> int:
    """Return a start as the revision of its reminders: minutes since 1970."""
    return int(start.timestamp()) // 60


def make_mailing(
    session: Session,
    livestream_id: str,
    kind: str,
    *,
    revision: int,
    facts: Mapping[str, Any],
    due_at: datetime,
    now: datetime,
) -> bool:
    """Write down that people are to be told; return whether no other clock had."""
    row = insert_into(session, Mailing).values(
        id=new_id(),
        livestream_id=livestream_id,
        kind=kind,
        revision=revision,
        facts=dict(facts),
        cursor="",
        due_at=due_at,
        created_at=now,
    )
    made = session.scalar(row.on_conflict_do_nothing().returning(Mailing.id))
    return made is not None


def make_reminders(session: Session, now: datetime) -> None:
    """Write down the reminders that are due, for the start that each livestream has now."""
    due = [one for coming in _coming(session, now) for one in _due(coming, now)]
    made = _made_before(session, [one.livestream.id for one in due])
    for one in due:
        if (one.livestream.id, one.kind, one.revision) not in made:
            _make_reminder(session, one, now)


def _make_reminder(session: Session, one: Occasion, now: datetime) -> None:
    coming = one.livestream
    is_new = make_mailing(
        session,
        coming.id,
        one.kind,
        revision=one.revision,
        facts={"start": coming.starts_at.isoformat()},
        due_at=one.due_at,
        now=now,
    )
    if is_new:
        remind_crew(
            session,
            livestream_id=coming.id,
            kind=one.kind,
            revision=one.revision,
            due_at=one.due_at,
            give_up_at=coming.starts_at,
            now=now,
        )


def _due(coming: Coming, now: datetime) -> Iterator[Occasion]:
    """Yield what is due; a start that was set after that moment was told when it was set."""
    for kind, ahead in AHEAD.items():
        due_at = coming.starts_at - ahead
        if coming.known_since <= due_at <= now < coming.starts_at - LATEST[kind]:
            yield Occasion(coming, kind)


def _coming(session: Session, now: datetime) -> Iterator[Coming]:
    """Yield what begins within a day; an index on the start answers it."""
    rows = session.execute(
        select(Livestream.id, Livestream.starts_at, Bulletin.seen)
        .join(Bulletin, Bulletin.livestream_id == Livestream.id)
        .where(Livestream.starts_at > now, Livestream.starts_at <= now + AHEAD[DAY_BEFORE])
        .where(Livestream.state.in_((L.SCHEDULED, L.LIVE)))
        .order_by(Livestream.starts_at, Livestream.id)
    )
    for livestream_id, starts_at, seen in rows:
        if seen["start"] == starts_at.isoformat():  # else it is looked at in a moment
            yield Coming(livestream_id, starts_at, datetime.fromisoformat(seen["since"]))


def _made_before(session: Session, livestreams: list[str]) -> set[tuple[str, str, int]]:
    if not livestreams:
        return set()
    rows = session.execute(
        select(Mailing.livestream_id, Mailing.kind, Mailing.revision).where(
            Mailing.livestream_id.in_(livestreams), Mailing.kind.in_(tuple(AHEAD))
        )
    )
    return {(livestream_id, kind, revision) for livestream_id, kind, revision in rows}
