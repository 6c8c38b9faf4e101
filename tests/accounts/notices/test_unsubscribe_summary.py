"""Stopping the daily summary: it holds for what waits in it already."""

from datetime import datetime, timedelta

import pytest

from accounts.notices.enums import Category, DropReason, NoticeState
from accounts.notices.services import switch_off
from core.database import Sessions
from tests.fakes.notices import FixedClock, Post, make_person, put, says

FULL = ("one", "two", "three")


@pytest.mark.parametrize("is_stopped", [True, False])
def test_what_was_held_after_the_third_mail_of_a_day_is_not_told_without_a_summary(
    sessions: Sessions, now: datetime, *, is_stopped: bool
) -> None:
    sources = {kind: says() for kind in ("changed", "replay_ready")}
    post = Post(sessions, FixedClock(now), sources=sources)
    ada = make_person(sessions, now)
    put(sessions, "changed", ada, *FULL, now=now)
    post.deliver()
    put(sessions, "replay_ready", ada, "late", now=now)
    post.deliver()
    assert post.row("late").state == NoticeState.HELD
    if is_stopped:
        with sessions.begin() as session:
            switch_off(session, recipient_id=ada, category=Category.ACCOUNT)
    post.clock.moment = now.replace(hour=8) + timedelta(days=1)
    post.deliver()
    late = post.row("late")
    assert len(post.mail.sent) == (3 if is_stopped else 4)
    assert (late.state, late.reason) == (
        (NoticeState.DROPPED, DropReason.OFF) if is_stopped else (NoticeState.SENT, "in_digest")
    )
