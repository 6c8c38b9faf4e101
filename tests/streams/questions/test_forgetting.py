"""What goes when: people of a room after its end, words that were never shown a month later."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.limits import LimitCount
from media.models import Broadcast
from streams.audience import access as counting
from streams.polls.models import Poll, PollVote
from streams.questions.enums import QuestionState as S
from streams.questions.models import Question, QuestionVote
from streams.questions.services import (
    decide,
    forget_people,
    forget_rejected,
    vote,
    withdraw_question,
)
from streams.questions.services.asking import limit_asking
from streams.room.models import Room, RoomName
from streams.room.queries import participant_of
from streams.room.rules import SECRET_KEPT
from streams.room.services import enter_room
from tests.fakes.rooms import Asking, open_asking

PROMISED = timedelta(hours=12)
TRACES: tuple[Any, ...] = (QuestionVote, PollVote, RoomName)


@pytest.fixture
def asking(session: Session, now: datetime) -> Asking:
    return open_asking(session, now)


def traces(session: Session) -> dict[str, int]:
    limits = select(func.count()).where(LimitCount.key.startswith("room:"))
    counts = {
        table.__name__: session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in TRACES
    }
    return {**counts, "limits": session.execute(limits).scalar_one()}


def fill(asking: Asking, now: datetime) -> Question:
    """Leave everything behind that a room knows of people."""
    session, (question,) = asking.session, asking.approved(1)
    person = asking.person()
    vote(session, question=question, participant=person)
    limit_asking(session, room=asking.room, participant=person, visitor="192.0.2.1", now=now)
    poll = Poll(livestream_id=asking.livestream.id, texts={}, choices=[], created_at=now)
    session.add(poll)
    session.flush()
    session.add(PollVote(poll_id=poll.id, participant=person, choice=0))
    session.flush()
    return question


@pytest.mark.parametrize("end", ["ended", "cancelled", "missed"])
def test_nobody_is_known_half_a_day_after_the_end(asking: Asking, now: datetime, end: str) -> None:
    session, question = asking.session, fill(asking, now)
    assert timedelta(minutes=30) <= PROMISED - SECRET_KEPT  # for a clock that was away
    livestream = asking.livestream
    livestream.state, over = end, livestream.starts_at
    if end == "ended":
        livestream.ended_at = over
    if end == "cancelled":
        session.get_one(Broadcast, livestream.broadcast_id).end_requested_at = over
    session.flush()
    forget_people(session, over + SECRET_KEPT - timedelta(seconds=1))
    assert all(traces(session).values())
    forget_people(session, over + SECRET_KEPT)
    session.expire_all()
    assert traces(session) == {"QuestionVote": 0, "PollVote": 0, "RoomName": 0, "limits": 0}
    room = session.get_one(Room, livestream.id)
    assert (room.secret, room.created_at) == ("", livestream.starts_at)
    assert (question.participant, question.asked_at) == (None, livestream.starts_at)
    assert (question.text, question.votes) == ("Question number 0?", 1)  # what everybody saw stays


def test_a_livestream_that_takes_place_after_all_knows_nobody_of_before(
    asking: Asking, now: datetime
) -> None:
    session, livestream = asking.session, asking.livestream

    def enter(token: str) -> str:
        return enter_room(
            session, livestream_id=livestream.id, token=token, visitor="192.0.2.1", now=now
        ).token

    before = enter("")
    assert enter(before) == before
    livestream.state = "cancelled"
    session.get_one(Broadcast, livestream.broadcast_id).end_requested_at = now
    session.flush()
    forget_people(session, now + SECRET_KEPT)
    session.expire_all()
    livestream.state = "scheduled"
    after = enter(before)
    assert after != before
    assert participant_of(session, livestream_id=livestream.id, token=before) is None
    assert participant_of(session, livestream_id=livestream.id, token=after)


def test_words_that_were_refused_are_gone_after_a_month(asking: Asking, now: datetime) -> None:
    session, month = asking.session, timedelta(days=30)
    refused, waiting, taken, (shown,) = asking.ask(), asking.ask(), asking.ask(), asking.approved(1)
    decide(session, question_id=refused.id, to=S.REFUSED, now=now)
    withdraw_question(session, question=taken, now=now)

    def left() -> set[str]:
        return set(session.scalars(select(Question.id)))

    forget_rejected(session, now + month - timedelta(seconds=1))
    assert left() == {refused.id, waiting.id, taken.id, shown.id}
    forget_rejected(session, now + month)
    assert left() == {waiting.id, shown.id}  # its livestream may still be to come
    asking.livestream.state, asking.livestream.ended_at = "ended", now
    session.flush()
    forget_rejected(session, now + month)
    assert left() == {shown.id}


def test_words_that_are_taken_back_are_gone_at_once(asking: Asking, now: datetime) -> None:
    session, question = asking.session, asking.approved(1)[0]
    vote(session, question=question, participant="a")
    before = asking.version
    withdraw_question(session, question=question, now=now)
    assert (question.state, question.text, question.votes) == (S.WITHDRAWN, "", 0)
    assert question.participant is None
    assert asking.version == before + 1
    assert session.get(QuestionVote, (question.id, "a")) is None


def test_beats_are_counted_under_a_key_of_the_room(asking: Asking, now: datetime) -> None:
    session, livestream = asking.session, asking.livestream
    livestream.state = "live"
    session.flush()

    def beat() -> str:
        counting.beat(
            session,
            actor=asking.stranger,
            livestream_id=livestream.id,
            visitor="192.0.2.9",
            now=now,
        )
        keys = set(
            session.scalars(select(LimitCount.key).where(LimitCount.key.startswith("beat:")))
        )
        return (keys - seen).pop() if keys - seen else ""

    seen: set[str] = set()
    seen.add(beat())
    assert beat() == ""  # the same address of the same room
    session.get_one(Room, livestream.id).secret = "another"
    session.flush()
    assert beat() != ""
