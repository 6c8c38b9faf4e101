"""Two presses of one button at the same moment, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from accounts.notices.models import Registration
from core.database import Sessions
from scheduler.registrations.services import Asked, confirm_from_mail
from tests.fakes.programme import World
from tests.fakes.reminding import rows, waiting

pytestmark = pytest.mark.integration

PRESSES = 8


def test_presses_at_once_confirm_once_and_tell_once(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        world = World(session, now).build()
        starts_at = now + timedelta(days=5)
        talk = world.livestream(
            state="scheduled", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        asked = Asked(talk.id, talk.starts_at)
        registration_id = waiting(session, talk, now).registration.id

    def press(_turn: int) -> bool:
        with sessions.begin() as session:
            registration = session.get_one(Registration, registration_id)
            return confirm_from_mail(session, registration=registration, asked=asked, now=now)

    with ThreadPoolExecutor(PRESSES) as pool:
        news = list(pool.map(press, range(PRESSES)))
    with sessions() as session:
        told = [row for row in rows(session) if row[0] == "registered"]
    assert (news.count(True), told) == (1, [("registered", asked.livestream_id, 1)])


def test_asking_at_once_asks_each_time_with_a_mail_of_its_own(
    sessions: Sessions, now: datetime
) -> None:
    with sessions.begin() as session:
        world = World(session, now).build()
        starts_at = now + timedelta(days=5)
        talk = world.livestream(
            state="scheduled", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        session.expunge(talk)

    def ask(_turn: int) -> None:
        with sessions.begin() as session:
            waiting(session, talk, now)

    with ThreadPoolExecutor(PRESSES) as pool:
        list(pool.map(ask, range(PRESSES)))
    with sessions() as session:
        revisions = [revision for _kind, _occurrence, revision in rows(session)]
    assert revisions == list(range(1, PRESSES + 1))
