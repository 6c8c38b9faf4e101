"""What the crew makes of questions: compare and set, what is never shown, one on air, merging."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from streams.questions.enums import QuestionState as S
from streams.questions.enums import RiskTier
from streams.questions.errors import ChangedMeanwhile, NeverShown, NotNow
from streams.questions.models import Question
from streams.questions.queries import shown_questions
from streams.questions.services import decide, merge, reply, vote
from tests.fakes.rooms import Asking, open_asking


@pytest.fixture
def asking(session: Session, now: datetime) -> Asking:
    return open_asking(session, now)


def test_a_question_walks_from_its_asker_to_the_air(asking: Asking, now: datetime) -> None:
    session, question = asking.session, asking.ask("How do I sleep on a night shift?")
    assert shown_questions(session, asking.livestream.id) == []
    before = asking.version
    decide(session, question_id=question.id, to=S.APPROVED, now=now)
    later = now + timedelta(minutes=2)
    decide(session, question_id=question.id, to=S.ON_AIR, now=later)
    shown = shown_questions(session, asking.livestream.id)
    assert [(one.id, one.state, one.shown_at, one.on_air_at) for one in shown] == [
        (question.id, "on_air", now, later)
    ]
    assert asking.version == before + 2


def test_the_second_of_two_moderators_is_told(asking: Asking, now: datetime) -> None:
    question = asking.ask()
    seen = question.version
    decide(asking.session, question_id=question.id, to=S.HELD, version=seen, now=now)
    with pytest.raises(ChangedMeanwhile):
        decide(asking.session, question_id=question.id, to=S.APPROVED, version=seen, now=now)
    assert question.state == S.HELD


def test_words_of_somebody_in_danger_are_never_shown(asking: Asking, now: datetime) -> None:
    session, question, other = asking.session, asking.ask("I want to kill myself"), asking.ask()
    assert question.tier == RiskTier.HIGH
    for state in (S.APPROVED, S.ANSWERED):
        with pytest.raises(NeverShown):
            decide(session, question_id=question.id, to=state, now=now)
    with pytest.raises(NeverShown):
        merge(session, question_id=question.id, into_id=other.id, now=now)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(Question).where(Question.id == question.id).values(state=S.APPROVED))
    private = reply(
        session, question_id=question.id, text="Call 12356.", private=True, data_key="k", now=now
    )
    assert (private.state, private.reply) == (S.PRIVATE, "")
    assert "12356" not in private.reply_sealed


def test_one_question_is_on_air_at_a_time(asking: Asking, now: datetime) -> None:
    session, (first, second) = asking.session, asking.approved(2)
    decide(session, question_id=first.id, to=S.ON_AIR, now=now)
    decide(session, question_id=second.id, to=S.ON_AIR, now=now)
    session.refresh(first)
    assert (first.state, first.answered_at, second.state) == (S.ANSWERED, now, S.ON_AIR)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(Question).where(Question.id == first.id).values(state=S.ON_AIR))


def test_merging_counts_everybody_once(asking: Asking, now: datetime) -> None:
    session, (kept, same) = asking.session, asking.approved(2)
    for question, people in ((kept, ("a", "b")), (same, ("b", "c"))):
        for one in people:
            vote(session, question=question, participant=one)
    merge(session, question_id=same.id, into_id=kept.id, now=now)
    session.refresh(kept)
    assert kept.votes == len({"a", "b", "c", same.participant})
    assert [one.id for one in shown_questions(session, asking.livestream.id)] == [kept.id]
    with pytest.raises(NotNow):
        merge(session, question_id=kept.id, into_id=same.id, now=now)


def test_a_public_reply_shows_and_answers(asking: Asking, now: datetime) -> None:
    question = asking.ask()
    reply(
        asking.session,
        question_id=question.id,
        text="  Dim the light. ",
        private=False,
        data_key="k",
        now=now,
    )
    (shown,) = shown_questions(asking.session, asking.livestream.id)
    assert (shown.state, shown.reply, shown.answered_at) == ("answered", "Dim the light.", now)
