from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.notices.enums import Subject
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.services import Posting, ask, confirm, end, post, recipient_of_address
from core.sealing import unseal

KEY = "a data key of the tests"


def _recipient(session: Session, now: datetime, email: str = "Ada@Example.org ") -> Recipient:
    return recipient_of_address(
        session, email=email, language="en", timezone="Europe/Berlin", data_key=KEY, now=now
    )


def test_recipient_is_one_however_the_address_is_written(session: Session, now: datetime) -> None:
    first = _recipient(session, now)
    again = _recipient(session, now, "ada@example.org")
    assert first.id == again.id
    assert "ada" not in first.address_sealed
    assert unseal(KEY, first.address_sealed) == "ada@example.org"


def test_post_twice_is_one_row(session: Session, now: datetime) -> None:
    person = _recipient(session, now)
    posting = Posting("day_before", "a-livestream", revision=7)
    assert post(session, posting, recipient_id=person.id, now=now)
    assert not post(session, posting, recipient_id=person.id, now=now)
    assert session.scalar(select(func.count(Notice.id))) == 1


def test_registration_waits_for_its_confirmation(session: Session, now: datetime) -> None:
    person = _recipient(session, now)
    asked = ask(
        session,
        recipient_id=person.id,
        subject=Subject.LIVESTREAM,
        subject_id="one",
        confirmed=False,
        now=now,
    )
    assert asked.confirmed_at is None
    assert confirm(session, registration_id=asked.id, now=now)
    assert not confirm(session, registration_id=asked.id, now=now)
    assert end(session, registration_id=asked.id, now=now)
    again = ask(
        session,
        recipient_id=person.id,
        subject=Subject.LIVESTREAM,
        subject_id="one",
        confirmed=False,
        now=now,
    )
    assert (again.id, again.asks) == (asked.id, 2)
    assert again.ended_at is not None  # another's wish opens nothing that its owner has ended
    assert session.scalar(select(func.count(Registration.id))) == 1
