from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from accounts.notices.services import Posting, post, recipient_of_address
from accounts.notices.services.forgetting import forget_told


def test_what_was_told_is_forgotten_after_90_days_and_what_waits_is_kept(
    session: Session, now: datetime
) -> None:
    person = recipient_of_address(
        session, email="a@example.org", language="en", timezone="UTC", data_key="k", now=now
    )
    days = {"fresh": 89, "old": 91, "held": 91, "waits": 200}
    for name, age in days.items():
        posting = Posting("day_before", name, due_at=now - timedelta(days=age))
        post(session, posting, recipient_id=person.id, now=now)
    session.execute(
        update(Notice).where(Notice.occurrence != "waits").values(state=NoticeState.SENT)
    )
    held = update(Notice).where(Notice.occurrence == "held")
    session.execute(held.values(state=NoticeState.HELD))
    assert forget_told(session, now=now) == 2
    assert set(session.scalars(select(Notice.occurrence))) == {"fresh", "waits"}
