from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.notices.enums import Subject
from accounts.notices.models import Notice, Registration
from accounts.notices.services import Posting, ask, post, recipient_of_address


def test_what_was_asked_for_goes_with_the_registration(session: Session, now: datetime) -> None:
    """A row that lost its registration would be sent without anybody's wish."""
    person = recipient_of_address(
        session, email="a@example.org", language="en", timezone="UTC", data_key="k", now=now
    )
    asked = ask(
        session,
        recipient_id=person.id,
        subject=Subject.LIVESTREAM,
        subject_id="one",
        confirmed=True,
        now=now,
    )
    posting = Posting("day_before", "one")
    post(session, posting, recipient_id=person.id, registration_id=asked.id, now=now)
    session.execute(delete(Registration))
    assert session.scalars(select(Notice.id)).all() == []
