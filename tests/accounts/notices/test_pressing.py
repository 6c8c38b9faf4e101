"""What staff must see to before the next morning is not kept for the next morning."""

from datetime import datetime, timedelta

import pytest

from core.database import Sessions
from tests.fakes.notices import FixedClock, Post, make_person, put, says

KIND = "staff_moderators_missing"


@pytest.fixture
def post(sessions: Sessions, now: datetime) -> Post:
    sources = {kind: says() for kind in (KIND, "changed", "replay_ready")}
    return Post(sessions, FixedClock(now), sources=sources)


@pytest.mark.parametrize(("hours", "state"), [(3, "sent"), (20, "held")])
def test_gap_of_today_is_told_whatever_was_sent_before(
    post: Post, sessions: Sessions, now: datetime, hours: int, state: str
) -> None:
    ada = make_person(sessions, now)
    put(sessions, "changed", ada, "1", "2", "3", now=now, due_at=now - timedelta(hours=1))
    put(sessions, KIND, ada, "gap", now=now, give_up_at=now + timedelta(hours=hours))
    post.deliver()
    assert post.states()["gap"][0] == state


@pytest.mark.parametrize(("hours", "state"), [(3, "sent"), (20, "waiting")])
def test_gap_before_the_morning_is_told_at_night(
    post: Post, sessions: Sessions, now: datetime, hours: int, state: str
) -> None:
    mei = make_person(sessions, now, timezone="Asia/Shanghai")  # 02:00 in the night
    put(sessions, KIND, mei, "gap", now=now, give_up_at=now + timedelta(hours=hours))
    post.deliver()
    assert post.states()["gap"][0] == state


def test_night_of_a_viewer_stays_quiet(post: Post, sessions: Sessions, now: datetime) -> None:
    mei = make_person(sessions, now, timezone="Asia/Shanghai")
    put(sessions, "replay_ready", mei, "replay", now=now, give_up_at=now + timedelta(hours=8))
    post.deliver()
    assert post.states()["replay"] == ("waiting", "")
