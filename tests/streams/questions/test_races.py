"""Many at once, in real transactions: no question and no vote is lost or counted twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from core.database import Sessions
from core.errors import WrongState
from streams.questions.access import Visitor, ask_for, vote_for
from streams.questions.enums import QuestionState as S
from streams.questions.models import Question, QuestionVote
from streams.questions.services import decide
from streams.room.models import RoomName
from tests.fakes.rooms import open_asking

pytestmark = pytest.mark.integration

PEOPLE = 12
T = TypeVar("T")


def at_once(act: Callable[[int], T], times: int) -> list[T]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(act, range(times)))


def test_many_ask_and_vote_at_once(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        asking = open_asking(session, now)
        livestream_id, (wanted,) = asking.livestream.id, asking.approved(1)
        wanted_id, stranger = wanted.id, asking.stranger

    def take_part(number: int) -> str:
        visitor = Visitor(stranger, "", f"192.0.2.{number}")
        with sessions.begin() as session:
            taken = ask_for(
                session,
                livestream_id=livestream_id,
                visitor=visitor,
                text=f"Question {number}?",
                page_language="en",
                name=7,  # everybody is offered the same name
                now=now,
            )
            token = taken.entered.token
        for wanted in (True, True, False, True):
            with sessions.begin() as session:
                vote_for(
                    session,
                    livestream_id=livestream_id,
                    question_id=wanted_id,
                    visitor=Visitor(stranger, token, visitor.address),
                    wanted=wanted,
                    now=now,
                )
        return taken.asked.question.id

    asked = at_once(take_part, PEOPLE)
    with sessions() as session:
        found = set(session.scalars(select(Question.id))) - {wanted_id}
        votes = select(func.count()).select_from(QuestionVote)
        names = list(session.scalars(select(RoomName.code)))
        assert found == set(asked)
        assert session.execute(votes).scalar_one() == PEOPLE
        assert session.get_one(Question, wanted_id).votes == PEOPLE
        assert len(names) == len(set(names)) == PEOPLE + 1


def test_the_same_vote_sent_many_times_at_once_counts_once(
    sessions: Sessions, now: datetime
) -> None:
    with sessions.begin() as session:
        asking = open_asking(session, now)
        livestream_id, (wanted,) = asking.livestream.id, asking.approved(1)
        wanted_id, stranger = wanted.id, asking.stranger

    def press(token: str) -> str:
        with sessions.begin() as session:
            _, entered = vote_for(
                session,
                livestream_id=livestream_id,
                question_id=wanted_id,
                visitor=Visitor(stranger, token, "192.0.2.1"),
                wanted=True,
                now=now,
            )
            return entered.token

    token = press("")
    at_once(lambda _: press(token), PEOPLE)
    with sessions() as session:
        assert session.get_one(Question, wanted_id).votes == 1


def test_of_many_decisions_on_one_version_one_is_made(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        question = open_asking(session, now).ask()
        question_id, version = question.id, question.version

    def approve(number: int) -> bool:
        to = (S.APPROVED, S.HELD, S.REFUSED)[number % 3]
        try:
            with sessions.begin() as session:
                decide(session, question_id=question_id, to=to, version=version, now=now)
        except WrongState:
            return False
        return True

    assert sum(at_once(approve, 6)) == 1
