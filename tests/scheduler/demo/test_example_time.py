"""The example time of the demo: everything is there once, and comes again when it is over."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.services import end
from catalog.credentials.models import Application, Credential, CredentialCheck
from catalog.models import Livestream
from scheduler import demo
from scheduler.demo.slots import example_slots
from scheduler.models import Duty, PersonTime, Room, Slot
from web.demo import clear_demo, load_demo

pytestmark = pytest.mark.integration


def counts(session: Session) -> list[int]:
    return [
        session.scalar(select(func.count()).select_from(table)) or 0
        for table in (PersonTime, Room, Slot, Duty)
    ]


def test_loading_twice_is_loading_once(session: Session, now: datetime) -> None:
    load_demo(session, now=now)
    first = counts(session)
    load_demo(session, now=now)
    assert counts(session) == first
    assert first[1:3] == [1, len(example_slots())]
    assert first[0] > 10
    assert first[3] > 5


def test_a_slot_that_is_over_is_offered_again_later(session: Session, now: datetime) -> None:
    load_demo(session, now=now)
    later = now + timedelta(days=4)
    demo.load(session, moderators=[], now=later)
    slots = session.scalars(select(Slot)).all()
    assert len(slots) == len(example_slots())
    assert all(slot.starts_at > later for slot in slots)


def test_clearing_leaves_nothing_of_it(session: Session, now: datetime) -> None:
    load_demo(session, now=now)
    clear_demo(session, now=now)
    assert counts(session) == [0, 0, 0, 0]


def test_the_viewer_is_reminded_of_three_until_they_call_it_off(
    session: Session, now: datetime
) -> None:
    load_demo(session, now=now)
    rows = session.execute(
        select(User.email, Livestream.starts_at >= now + timedelta(hours=1), Livestream.is_example)
        .join(Recipient, Recipient.user_id == User.id)
        .join(Registration, Registration.recipient_id == Recipient.id)
        .join(Livestream, Livestream.id == Registration.subject_id)
    )
    assert [tuple(row) for row in rows] == [("viewer@demo.example", True, True)] * 3
    for registration in session.scalars(select(Registration)):
        end(session, registration_id=registration.id, now=now)
    load_demo(session, now=now + timedelta(days=2))
    assert session.scalar(select(func.count(Registration.id))) == 3


def test_notices_of_the_demo_go_with_it(session: Session, now: datetime) -> None:
    load_demo(session, now=now, data_key="a data key for tests")
    kinds = set(session.scalars(select(Notice.kind)))
    assert {"registered", "duty_assigned", "staff_application"} <= kinds
    clear_demo(session, now=now)
    left = [
        session.scalar(select(func.count()).select_from(table))
        for table in (Recipient, Registration, Notice)
    ]
    assert left == [0, 0, 0]


def test_examples_wait_for_their_checks_and_go_with_the_demo(
    session: Session, now: datetime
) -> None:
    for _twice in range(2):
        load_demo(session, now=now, data_key="a data key for tests")
    rows = session.execute(
        select(Credential.state, CredentialCheck.step).outerjoin(CredentialCheck)
    )
    assert sorted((state, step or "") for state, step in rows) == [
        ("pending", ""),
        ("pending", "first"),
    ]
    clear_demo(session, now=now)
    assert session.scalars(select(Application)).all() == []
