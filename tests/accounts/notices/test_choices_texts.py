"""Text messages beside mails: for who wants them, at the same number of questions for all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from accounts.notices.channels import TEXTED, Texts
from accounts.notices.models import Notice, Recipient
from accounts.notices.services import (
    Posting,
    Reader,
    choose_texts,
    post,
    post_many,
    post_to_user,
    post_to_users,
)
from accounts.notices.wording.texts import short_of
from core.words import LANGUAGES
from tests.fakes.recipients import person, stranger

KEY = "a data key of the tests"


def texted(
    session: Session, recipient: Recipient, *texts: Texts, phone: str = "+4915112345"
) -> None:
    choose_texts(session, recipient_id=recipient.id, phone=phone, texts=texts, data_key=KEY)


def rows(session: Session) -> list[tuple[str, str, str]]:
    found = session.execute(select(Notice.recipient_id, Notice.kind, Notice.channel))
    return sorted((row[0], row[1], row[2]) for row in found)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*about: Any) -> None:  # noqa: ANN401 -- as SQLAlchemy calls
        asked.append(about[2])

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)


def test_text_message_goes_with_the_mail_and_is_not_counted(
    session: Session, now: datetime
) -> None:
    mei = stranger(session, data_key=KEY, now=now)
    texted(session, mei, Texts.MINUTES)
    late = now + timedelta(hours=1)
    for kind in ("minutes_before", "changed", "day_before"):
        posting = Posting(kind, "one", due_at=now, give_up_at=late, facts={"a": 1})
        turns = [post(session, posting, recipient_id=mei.id, now=now) for _turn in range(2)]
        assert turns == [True, False]
    assert rows(session) == [
        (mei.id, "changed", "mail"),
        (mei.id, "day_before", "mail"),
        (mei.id, "minutes_before", "mail"),
        (mei.id, "minutes_before", "sms"),
    ]
    text = session.scalars(select(Notice).where(Notice.channel == "sms")).one()
    assert (text.due_at, text.give_up_at, text.facts) == (now, late, {"a": 1})


def test_each_way_of_posting_knows_text_messages(session: Session, now: datetime) -> None:
    user, ann = person(session, "ann", now)
    texted(session, ann, Texts.ASKED)
    post_to_user(session, Posting("host_asked", "one"), user_id=user.id, now=now)
    post_to_users(session, {user.id: Posting("host_asked", "two")}, now=now)
    assert rows(session) == [(ann.id, "host_asked", way) for way in ("mail", "mail", "sms", "sms")]


def test_number_that_was_taken_away_gets_nothing(session: Session, now: datetime) -> None:
    mei = stranger(session, data_key=KEY, now=now)
    texted(session, mei, Texts.MINUTES)
    texted(session, mei, Texts.MINUTES, phone="")
    post(session, Posting("minutes_before", "one"), recipient_id=mei.id, now=now)
    assert [channel for _, _, channel in rows(session)] == ["mail"]


@pytest.mark.parametrize(("kind", "more"), [("minutes_before", 2), ("day_before", 0)])
def test_questions_are_as_many_for_one_as_for_many(
    session: Session, now: datetime, kind: str, more: int
) -> None:
    people = [
        stranger(session, data_key=KEY, now=now, email=f"p{number}@mail.example")
        for number in range(60)
    ]
    for one in people[::2]:
        texted(session, one, Texts.MINUTES)
    with counted(session) as asked:
        readers = [Reader(one.id) for one in people]
        assert post_many(session, Posting(kind, "one"), people=readers, now=now) == 60
    assert len(asked) == 1 + more
    assert [channel for _, _, channel in rows(session)].count("sms") == (30 if more else 0)


def test_what_is_sent_as_a_text_message_has_words_for_it() -> None:
    for language in LANGUAGES:
        assert [kind for kind in TEXTED if not short_of(kind, language)] == []
