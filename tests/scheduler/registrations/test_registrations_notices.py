from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.kinds import KINDS
from accounts.notices.ports import Drop, Say
from accounts.notices.services import confirm, end
from accounts.notices.times import written
from catalog.models import Livestream
from scheduler.registrations.notices import confirm_registration
from tests.fakes.programme import World
from tests.fakes.reminding import SITE, due_of, waiting

pytestmark = pytest.mark.integration

HOURS = timedelta(hours=1)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@pytest.fixture
def talk(world: World, now: datetime) -> Livestream:
    starts_at = now + 120 * HOURS
    return world.livestream(state="scheduled", starts_at=starts_at, ends_at=starts_at + HOURS)


def test_mail_asks_in_the_language_of_the_page_and_leads_to_the_page_that_confirms(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now, language="zh-Hans")
    said = confirm_registration(session, due_of(session, one), now)
    assert isinstance(said, Say)
    assert said == Say(
        values={
            "title": "凌晨三点",
            "starts": written(talk.starts_at, "Asia/Shanghai", "zh-Hans"),
            "host": "host 医生",
            "minutes": "60",
            "until": written(now + 48 * HOURS, "Asia/Shanghai", "zh-Hans"),
        },
        link=f"{SITE.address}/zh{one.confirm}",
        title="凌晨三点",
    )
    assert set(said.values) == KINDS["confirm_registration"].variables


def test_mail_is_not_sent_for_what_was_asked_again_since(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    first = due_of(session, one)
    waiting(session, talk, now)
    assert confirm_registration(session, first, now) == Drop(DropReason.SUPERSEDED)


def test_mail_is_not_sent_once_it_is_confirmed_and_is_after_an_end(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    due = due_of(session, one)
    confirm(session, registration_id=one.registration.id, now=now)
    assert confirm_registration(session, due, now) == Drop(DropReason.NOTHING_NEW)
    end(session, registration_id=one.registration.id, now=now)
    assert isinstance(confirm_registration(session, due, now), Say)


def test_mail_is_not_sent_when_its_link_would_be_too_old(
    session: Session, talk: Livestream, now: datetime
) -> None:
    due = due_of(session, waiting(session, talk, now))
    assert confirm_registration(session, due, now + 48 * HOURS) == Drop(DropReason.TOO_LATE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": "cancelled"}, DropReason.NOT_TRUE),
        ({"visibility": "organisation", "organisation_id": "companya"}, DropReason.NOT_TRUE),
    ],
)
def test_mail_is_not_sent_for_what_nobody_can_wait_for(
    session: Session,
    talk: Livestream,
    now: datetime,
    changes: dict[str, str],
    reason: DropReason,
) -> None:
    due = due_of(session, waiting(session, talk, now))
    for name, value in changes.items():
        setattr(talk, name, value)
    session.flush()
    assert confirm_registration(session, due, now) == Drop(reason)


def test_mail_is_not_sent_when_the_registration_is_gone(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    due = due_of(session, one)
    session.delete(one.registration)
    session.flush()
    assert confirm_registration(session, due, now) == Drop(DropReason.GONE)
