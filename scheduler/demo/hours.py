"""Weekly hours of the made-up people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from scheduler.hours.rules.hours import Hours
from scheduler.hours.rules.intervals import Interval
from scheduler.hours.services import save
from scheduler.models import PersonTime

ZONE: Final = "Asia/Shanghai"
LUNCH: Final = Interval(12 * 60, 14 * 60)
AFTERNOON: Final = Interval(14 * 60, 17 * 60 + 30)
EVENING: Final = Interval(18 * 60, 21 * 60 + 30)
MORNING: Final = Interval(9 * 60 + 30, 12 * 60)

WEEKS: Final = (
    ((), (EVENING,), (EVENING,), (LUNCH,), (), (MORNING, EVENING), ()),
    ((EVENING,), (LUNCH,), (), (EVENING,), (EVENING,), (), (AFTERNOON,)),
    ((LUNCH, EVENING), (), (AFTERNOON,), (), (LUNCH, EVENING), (AFTERNOON,), ()),
    ((), (MORNING,), (EVENING,), (EVENING,), (), (), (EVENING,)),
)
"""Weeks that people give, Monday first; the made-up hosts take turns with them."""
ALWAYS: Final = ((Interval(0, 24 * 60),),) * 7
"""The made-up moderators never sleep: the examples stand around the clock of whoever looks."""


def load_hours(session: Session, *, moderators: Sequence[str], now: datetime) -> None:
    """Give hours to made-up hosts and to moderators who have none yet."""
    for number, host_id in enumerate(_hosts(session)):
        _give(session, host_id, _zone_of(session, host_id), WEEKS[number % len(WEEKS)], now)
    for moderator_id in moderators:
        _give(session, moderator_id, ZONE, ALWAYS, now)


def _give(
    session: Session,
    person_id: str,
    timezone: str,
    weekly: tuple[tuple[Interval, ...], ...],
    now: datetime,
) -> None:
    if session.get(PersonTime, person_id) is None:
        save(session, person_id=person_id, hours=Hours(timezone, weekly=weekly), now=now)


def _hosts(session: Session) -> Sequence[str]:
    return session.scalars(select(Host.id).where(Host.is_example).order_by(Host.initials)).all()


def _zone_of(session: Session, host_id: str) -> str:
    """Return the zone of the host's examples: where the person is at home."""
    zones = select(Livestream.timezone).where(Livestream.host_id == host_id)
    return session.scalars(zones.order_by(Livestream.starts_at.desc())).first() or ZONE
