from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.services import end
from accounts.rules import STRANGER
from catalog.models import Livestream
from core.errors import NotFound
from scheduler.models import CalendarFeed
from scheduler.registrations import access
from scheduler.registrations.errors import LinkTooOld
from scheduler.registrations.services import (
    Asked,
    ask_for_account,
    confirm_from_mail,
    erase,
    forget_old,
    renew_links,
)
from tests.fakes.programme import World
from tests.fakes.reminding import DATA_KEY, EMAIL, addresses, rows, waiting

pytestmark = pytest.mark.integration

DAY = timedelta(days=1)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@pytest.fixture
def talk(world: World, now: datetime) -> Livestream:
    starts_at = now + 5 * DAY
    return world.livestream(
        state="scheduled", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )


def asked(talk: Livestream) -> Asked:
    return Asked(talk.id, talk.starts_at)


def test_person_with_an_account_is_reminded_and_told_once(
    session: Session, talk: Livestream, now: datetime
) -> None:
    first = ask_for_account(session, asked=asked(talk), user_id="viewer", now=now)
    again = ask_for_account(session, asked=asked(talk), user_id="viewer", now=now)
    assert (again.id, first.confirmed_at, first.ended_at) == (first.id, now, None)
    assert rows(session) == [("registered", talk.id, 1)]
    row = session.scalars(select(Notice)).one()
    assert (row.registration_id, row.give_up_at) == (first.id, talk.starts_at)


def test_person_who_asks_anew_is_told_anew(
    session: Session, talk: Livestream, now: datetime
) -> None:
    first = ask_for_account(session, asked=asked(talk), user_id="viewer", now=now)
    end(session, registration_id=first.id, now=now)
    second = ask_for_account(session, asked=asked(talk), user_id="viewer", now=now + DAY)
    assert (second.id, second.ended_at) == (first.id, None)
    assert rows(session) == [("registered", talk.id, 1), ("registered", talk.id, 2)]


def test_address_is_asked_first_and_kept_sealed(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now, "Mei@Example.net")
    assert rows(session) == [("confirm_registration", one.registration.id, 1)]
    assert one.registration.confirmed_at is None
    row = session.scalars(select(Notice)).one()
    assert (row.registration_id, row.give_up_at) == (None, talk.starts_at)
    assert (addresses(session), "example" in one.recipient.address_sealed) == ([EMAIL], False)


def test_address_that_never_confirmed_has_language_and_zone_of_the_last_asking(
    session: Session, talk: Livestream, now: datetime
) -> None:
    waiting(session, talk, now, language="zh-Hans", timezone="Asia/Shanghai")
    one = waiting(session, talk, now, language="en", timezone="Europe/Berlin")
    assert (one.recipient.language, one.recipient.timezone) == ("en", "Europe/Berlin")


def test_stranger_changes_neither_language_nor_zone_of_somebody_who_confirmed(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now, language="zh-Hans", timezone="Asia/Shanghai")
    confirm_from_mail(session, registration=one.registration, asked=asked(talk), now=now)
    waiting(session, talk, now, language="en", timezone="Europe/Berlin")
    session.refresh(one.recipient)
    assert (one.recipient.language, one.recipient.timezone) == ("zh-Hans", "Asia/Shanghai")


def test_confirmed_registration_is_told_in_the_same_transaction_and_once(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    news = [
        confirm_from_mail(session, registration=one.registration, asked=asked(talk), now=now)
        for _press in range(2)
    ]
    assert (news, one.registration.confirmed_at) == ([True, False], now)
    assert rows(session)[1:] == [("registered", talk.id, 1)]


def test_link_is_useless_after_48_hours(session: Session, talk: Livestream, now: datetime) -> None:
    one = waiting(session, talk, now)
    with pytest.raises(LinkTooOld):
        confirm_from_mail(
            session,
            registration=one.registration,
            asked=asked(talk),
            now=now + timedelta(hours=48),
        )
    assert one.registration.confirmed_at is None


def test_stranger_never_opens_what_its_owner_ended(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    confirm_from_mail(session, registration=one.registration, asked=asked(talk), now=now)
    end(session, registration_id=one.registration.id, now=now)
    again = waiting(session, talk, now + DAY).registration
    assert (again.id, again.ended_at) == (one.registration.id, now)
    assert rows(session)[1] == ("confirm_registration", again.id, 2)


def test_who_presses_the_same_link_again_after_calling_off_is_told_again(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    confirm_from_mail(session, registration=one.registration, asked=asked(talk), now=now)
    end(session, registration_id=one.registration.id, now=now)
    later = now + timedelta(hours=1)
    assert confirm_from_mail(session, registration=one.registration, asked=asked(talk), now=later)
    assert (one.registration.confirmed_at, one.registration.ended_at) == (later, None)
    assert rows(session)[1:] == [("registered", talk.id, 1), ("registered", talk.id, 2)]


def test_address_that_is_reminded_already_is_told_so_again(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    confirm_from_mail(session, registration=one.registration, asked=asked(talk), now=now)
    waiting(session, talk, now)
    assert rows(session)[1:] == [("registered", talk.id, 1), ("registered", talk.id, 2)]


def test_address_gets_three_mails_a_day_whoever_asks(
    session: Session, talk: Livestream, now: datetime
) -> None:
    def ask(email: str, at: datetime) -> None:
        access.remind_by_mail(
            session,
            livestream_id=talk.id,
            email=email,
            language="en",
            timezone="UTC",
            data_key=DATA_KEY,
            now=at,
        )

    for _turn in range(5):
        ask(EMAIL, now)
    ask("other@example.net", now)
    ask(EMAIL, now + DAY)
    revisions = [(kind, revision) for kind, _occurrence, revision in rows(session)]
    assert revisions == [("confirm_registration", number) for number in (1, 1, 2, 3, 4)]


def test_private_livestream_is_known_to_no_free_address(
    session: Session, world: World, now: datetime
) -> None:
    private = world.private()
    with pytest.raises(NotFound):
        access.asked_for(session, actor=STRANGER, livestream_id=private.id, now=now)
    employee = world.actors["employee_a"]
    access.remind(session, actor=employee, livestream_id=private.id, now=now)
    with pytest.raises(NotFound):
        access.remind(session, actor=world.actors["employee_b"], livestream_id=private.id, now=now)
    assert rows(session) == [("registered", private.id, 1)]


def test_nobody_ends_or_reopens_what_is_not_theirs(
    session: Session, world: World, talk: Livestream, now: datetime
) -> None:
    one, other = waiting(session, talk, now), waiting(session, talk, now, "other@example.net")
    for registration_id in (one.registration.id, "none", "\x00"):
        with pytest.raises(NotFound):
            access.end(
                session,
                recipient_id=other.recipient.id,
                registration_id=registration_id,
                now=now,
            )
    with pytest.raises(NotFound):
        access.reopen(
            session,
            actor=world.actors["viewer"],
            recipient_id=other.recipient.id,
            registration_id=one.registration.id,
            now=now,
        )


def test_renewed_links_have_another_version(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    before = one.manage
    assert renew_links(session, recipient_id=one.recipient.id) == 2
    assert one.manage != before


def test_erasing_leaves_nothing_but_a_receipt(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one, other = waiting(session, talk, now), waiting(session, talk, now, "other@example.net")
    session.add(CalendarFeed(recipient_id=one.recipient.id, created_at=now))
    session.flush()
    receipt, counts = erase(session, recipient_id=one.recipient.id, now=now)
    assert counts == {"registrations": 1, "notices": 1, "calendars": 1}
    assert session.scalars(select(Recipient.id)).all() == [other.recipient.id]
    for table in (Registration, Notice):
        assert session.scalars(select(table.recipient_id)).all() == [other.recipient.id]
    assert session.scalars(select(CalendarFeed.id)).all() == []
    line = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == receipt)).one()
    assert (line.act, line.actor_id, line.details) == ("recipient.erase", None, counts)


def test_what_was_never_confirmed_is_forgotten_after_7_days(
    session: Session, talk: Livestream, now: datetime
) -> None:
    waiting(session, talk, now)
    forget_old(session, now + 7 * DAY)
    assert len(addresses(session)) == 1
    forget_old(session, now + 7 * DAY + timedelta(seconds=1))
    assert (addresses(session), session.scalars(select(Registration.id)).all()) == ([], [])


def test_everything_is_forgotten_90_days_after_the_livestream(
    session: Session, world: World, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    confirm_from_mail(session, registration=one.registration, asked=asked(talk), now=now)
    ask_for_account(session, asked=asked(talk), user_id="viewer", now=now)
    starts_at = now + 20 * DAY
    later = world.livestream(
        state="scheduled", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )
    kept = waiting(session, later, now, "other@example.net")
    confirm_from_mail(session, registration=kept.registration, asked=asked(later), now=now)
    forget_old(session, talk.ends_at + 90 * DAY)
    assert len(session.scalars(select(Registration.id)).all()) == 3
    forget_old(session, talk.ends_at + 90 * DAY + timedelta(seconds=1))
    assert session.scalars(select(Registration.id)).all() == [kept.registration.id]
    assert addresses(session) == ["other@example.net"]
    users = session.scalars(select(Recipient.user_id).where(Recipient.user_id.is_not(None))).all()
    assert users == ["viewer"]


def test_registration_of_a_livestream_that_is_gone_is_forgotten(
    session: Session, talk: Livestream, now: datetime
) -> None:
    one = waiting(session, talk, now)
    confirm_from_mail(session, registration=one.registration, asked=asked(talk), now=now)
    one.registration.subject_id = "gone"
    session.flush()
    forget_old(session, now)
    assert session.scalars(select(Registration.id)).all() == []
