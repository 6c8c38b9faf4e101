from datetime import datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from accounts.notices.channels import Texts
from accounts.notices.enums import Category, NoticeState, Pace
from accounts.notices.models import Notice, Recipient
from accounts.notices.queries.people import settled, settled_of_user, told_to
from accounts.notices.services import choose, choose_texts, place_recipient, switch_off
from core.sealing import unseal
from tests.fakes.recipients import person, stranger

KEY = "a data key of the tests"


def test_choices_that_are_not_named_stay(session: Session, now: datetime) -> None:
    mei = stranger(session, data_key=KEY, now=now)
    for category, pace in ((Category.REPLAYS, Pace.DAILY), (Category.CHANGES, Pace.OFF)):
        choose(session, recipient_id=mei.id, choices={category: pace}, shows_titles=True)
    session.expire_all()
    assert session.get_one(Recipient, mei.id).choices == {"replays": "daily", "changes": "off"}
    assert mei.shows_titles


def test_switching_off_twice_is_off(session: Session, now: datetime) -> None:
    mei = stranger(session, data_key=KEY, now=now)
    for _turn in range(2):
        switch_off(session, recipient_id=mei.id, category=Category.REMINDERS)
    session.expire_all()
    assert session.get_one(Recipient, mei.id).choices == {"reminders": "off"}


def test_place_is_that_of_the_account_where_there_is_one(session: Session, now: datetime) -> None:
    mei = stranger(session, data_key=KEY, now=now)
    user, ann = person(session, "ann", now)
    for one in (mei, ann):
        place_recipient(session, recipient_id=one.id, language="zh-Hans", timezone="Asia/Hong_Kong")
    session.expire_all()
    assert (mei.language, mei.timezone) == ("zh-Hans", "Asia/Hong_Kong")
    assert (user.language, user.timezone) == ("zh-Hans", "Asia/Hong_Kong")
    found = settled_of_user(session, user_id=user.id)
    assert found == settled(session, recipient_id=ann.id)
    assert (found.language, found.timezone) == ("zh-Hans", "Asia/Hong_Kong")


def test_number_is_sealed_and_goes_with_what_was_wanted_there(
    session: Session, now: datetime
) -> None:
    mei = stranger(session, data_key=KEY, now=now)

    def keep(phone: str, *texts: Texts) -> None:
        choose_texts(session, recipient_id=mei.id, phone=phone, texts=texts, data_key=KEY)
        session.expire_all()

    keep("+8613800138000", Texts.MINUTES)
    assert "138" not in mei.phone_sealed or "+86" not in mei.phone_sealed
    assert unseal(KEY, mei.phone_sealed) == "+8613800138000"
    assert mei.choices == {"sms_minutes": "at_once", "sms_changes": "off", "sms_asked": "off"}
    keep("", Texts.MINUTES)
    assert mei.phone_sealed == ""
    assert set(mei.choices.values()) == {"off"}


def test_somebody_who_was_never_told_anything_has_usual_choices(
    session: Session, now: datetime
) -> None:
    user, ann = person(session, "ann", now)
    session.delete(ann)
    session.flush()
    found = settled_of_user(session, user_id=user.id)
    assert (found.recipient_id, found.choices, found.timezone) == ("", {}, "UTC")


def test_last_twenty_are_shown_without_what_is_still_to_come(
    session: Session, now: datetime
) -> None:
    mei = stranger(session, data_key=KEY, now=now)
    other = stranger(session, data_key=KEY, now=now, email="other@mail.example")
    states = [NoticeState.SENT, NoticeState.DROPPED, NoticeState.HELD, NoticeState.WAITING]
    for number in range(32):
        session.add(_row(mei, number, states[number % 4], now))
    session.add(_row(other, 1, NoticeState.SENT, now))
    session.flush()
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: asked.append(a[2]))
    told = told_to(session, recipient_id=mei.id)
    assert len(asked) == 1
    assert len(told) == 20
    assert told == sorted(told, key=lambda one: one.at, reverse=True)
    assert {one.state for one in told} == {"sent", "dropped", "held"}


def _row(recipient: Recipient, number: int, state: NoticeState, now: datetime) -> Notice:
    at = now.replace(minute=number)
    return Notice(
        recipient_id=recipient.id,
        occurrence=f"livestream-{number}",
        kind="day_before",
        channel="mail",
        state=state,
        due_at=at,
        sent_at=at if state is NoticeState.SENT else None,
        created_at=now,
    )
