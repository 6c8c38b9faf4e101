from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database import Sessions
from core.errors import TooMany
from core.limits import LimitCount, count_up, forget_counts, take_back

pytestmark = pytest.mark.integration


def count(session: Session, now: datetime, key: str = "a") -> int:
    """Return 0 when granted, else the seconds to wait."""
    try:
        count_up(session, key=key, limit=2, seconds=60, now=now)
    except TooMany as refusal:
        return refusal.retry_after
    return 0


def test_limit_reached_names_the_seconds_left(session: Session, now: datetime) -> None:
    moment = now + timedelta(seconds=15)
    assert [count(session, moment) for _ in range(4)] == [0, 0, 45, 45]


def test_limit_of_one_key_leaves_another_alone(session: Session, now: datetime) -> None:
    assert [count(session, now, key) for key in "aaabb"] == [0, 0, 60, 0, 0]


def test_limit_in_the_next_window_is_fresh(session: Session, now: datetime) -> None:
    moments = [now] * 3 + [now + timedelta(seconds=60)]
    assert [count(session, moment) for moment in moments] == [0, 0, 60, 0]


def test_limit_gives_what_was_taken_back_again(session: Session, now: datetime) -> None:
    take_back(session, key="a", seconds=60, now=now)
    granted = [count(session, now) for _ in range(2)]
    take_back(session, key="a", seconds=60, now=now)
    assert [*granted, count(session, now), count(session, now)] == [0, 0, 0, 60]


def test_forget_counts_keeps_the_window_that_runs(session: Session, now: datetime) -> None:
    count(session, now)
    count(session, now + timedelta(minutes=5))
    forget_counts(session, before=now + timedelta(minutes=1))
    assert session.scalars(select(LimitCount.starts_at)).all() == [now + timedelta(minutes=5)]


def test_limit_raced_counts_everybody(sessions: Sessions, now: datetime) -> None:
    def once(_: int) -> int:
        with sessions() as session:
            waited = count(session, now)
            session.commit()
            return waited

    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(once, range(8))).count(0)
    with sessions() as session:
        assert (granted, session.scalar(select(func.sum(LimitCount.count)))) == (2, 8)
