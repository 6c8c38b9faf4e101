"""Reads of the answer library."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState, Visibility
from catalog.models import Host, Livestream, LivestreamTopic
from core.words import Words
from media.hls import SegmentRow
from media.models import Broadcast
from media.recording import replay_rows
from media.showing import premiere_shift
from streams.answers.models import Answer
from streams.answers.rules import SHORTEST_MS, Clip
from streams.marks.rules import replay_ms
from streams.questions.enums import QuestionState
from streams.questions.models import Question
from streams.questions.rules import SHOWN

MOST: Final = 500
"""Answers that a question is compared with: the newest."""
A_PAGE: Final = 50
Found: TypeAlias = tuple[Answer, Words | None]
"""An answer, and the names of who vouches for it."""
TAKEN_UP: Final = (QuestionState.ON_AIR, QuestionState.ANSWERED)
"""States in which a host has begun to answer, and everybody may read the question."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as pages show it; ``reviewer`` is a host, or None while nobody vouched for it."""

    id: str
    livestream_id: str
    titles: Words
    texts: Words
    clip: Clip
    version: int
    question_id: str | None
    reviewer_id: str | None
    reviewer: Words | None
    reviewed_at: datetime | None
    published_at: datetime | None

    @property
    def is_public(self) -> bool:
        """Whether everybody who may watch the replay may read it."""
        return self.published_at is not None


@dataclass(frozen=True, slots=True)
class Open:
    """A question that was answered and stands in no answer yet; where its answer may lie."""

    id: str
    text: str
    clip: Clip | None


def clip_on(rows: Sequence[SegmentRow], starts_at: datetime, ends_at: datetime) -> Clip | None:
    """Return where a part lies on the replay that ``rows`` make; None when it was cut away."""
    clip = Clip(replay_ms(rows, starts_at), replay_ms(rows, ends_at))
    return clip if clip.end_ms - clip.start_ms >= SHORTEST_MS else None


def answers_of(session: Session, *, livestream: Livestream) -> list[AnswerView]:
    """Return every answer of a livestream that its replay still has, in the order they are said."""
    rows = replay_rows(session, broadcast_id=livestream.broadcast_id)
    query = _views().where(Answer.livestream_id == livestream.id).order_by(Answer.starts_at)
    return list(_placed(session, query, rows))


def shown_answers(session: Session, *, livestream_id: str) -> list[AnswerView]:
    """Return the answers of a replay that whoever may play it may read."""
    public = Answer.published_at.is_not(None)
    query = _views().where(Answer.livestream_id == livestream_id, public)
    rows = session.execute(query.order_by(Answer.starts_at))
    found = [(answer, names) for answer, names in rows]
    return list(on_their_replays(session, found)) if found else []


def answer_of(session: Session, *, answer_id: str, livestream: Livestream) -> AnswerView | None:
    """Return one answer of a livestream; None when its replay has it no more."""
    rows = replay_rows(session, broadcast_id=livestream.broadcast_id)
    query = _views().where(Answer.id == answer_id, Answer.livestream_id == livestream.id)
    return next(_placed(session, query, rows), None)


def public_rows(session: Session, *, topic: str | None = None, most: int = MOST) -> list[Found]:
    """Return what everybody may read, the newest first, of one topic or of all.

    Only of public replays that are released and not withheld; where each lies is not looked up.
    """
    query = (
        _views()
        .join(Livestream, Livestream.id == Answer.livestream_id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(
            Answer.published_at.is_not(None),
            Livestream.state == LivestreamState.PUBLISHED,
            Livestream.visibility == Visibility.PUBLIC,
            Livestream.recorded,
            Livestream.withheld_at.is_(None),
            Broadcast.emptied_at.is_(None),
        )
        .order_by(Answer.published_at.desc(), Answer.id)
        .limit(most)
    )
    if topic is not None:
        of_topic = select(LivestreamTopic.livestream_id).where(LivestreamTopic.topic_slug == topic)
        query = query.where(Answer.livestream_id.in_(of_topic))
    return [(answer, names) for answer, names in session.execute(query)]


def public_answers(session: Session, *, topic: str | None = None) -> list[AnswerView]:
    """Return the newest of what everybody may read, each where it lies on its replay."""
    return list(on_their_replays(session, public_rows(session, topic=topic, most=A_PAGE)))


def open_questions(session: Session, *, livestream: Livestream) -> list[Open]:
    """Return what was answered and stands in no answer, in the order it was answered."""
    taken = select(Answer.question_id).where(Answer.question_id.is_not(None))
    query = (
        select(Question)
        .where(
            Question.livestream_id == livestream.id,
            Question.state.in_(TAKEN_UP),
            Question.on_air_at.is_not(None),
            Question.id.not_in(taken),
        )
        .order_by(Question.on_air_at, Question.id)
    )
    rows = replay_rows(session, broadcast_id=livestream.broadcast_id)
    shift = premiere_shift(session.get_one(Broadcast, livestream.broadcast_id))
    return [Open(one.id, one.text, _likely(rows, one, shift)) for one in session.scalars(query)]


def is_asked_no_more() -> ColumnElement[bool]:
    """Return the condition that the question of an answer was taken back, or from everybody's view.

    Its answer goes with it: the words of an answer may be those of the asker.
    """
    shown = select(Question.id).where(Question.state.in_(tuple(SHOWN)))
    return Answer.question_id.is_not(None) & Answer.question_id.not_in(shown)


def _views() -> Select[*tuple[Any, ...]]:
    """Select answers, all of them, with the names of who vouches."""
    views = select(Answer, Host.names).outerjoin(Host, Host.id == Answer.reviewer_id)
    return views.where(~is_asked_no_more())


def _placed(
    session: Session, query: Select[*tuple[Any, ...]], rows: Sequence[SegmentRow]
) -> Iterator[AnswerView]:
    for answer, names in session.execute(query):
        clip = clip_on(rows, answer.starts_at, answer.ends_at)
        if clip is not None:
            yield _view(answer, names, clip)


def on_their_replays(session: Session, found: Sequence[Found]) -> Iterator[AnswerView]:
    """Place each on its own replay, whose rows are read once; what was cut away is left out."""
    ids = {answer.livestream_id for answer, _names in found}
    broadcasts = select(Livestream.id, Livestream.broadcast_id).where(Livestream.id.in_(ids))
    rows = {
        livestream_id: replay_rows(session, broadcast_id=broadcast_id)
        for livestream_id, broadcast_id in session.execute(broadcasts)
    }
    for answer, names in found:
        clip = clip_on(rows[answer.livestream_id], answer.starts_at, answer.ends_at)
        if clip is not None:
            yield _view(answer, names, clip)


def _view(answer: Answer, names: Words | None, clip: Clip) -> AnswerView:
    return AnswerView(
        id=answer.id,
        livestream_id=answer.livestream_id,
        titles=answer.titles,
        texts=answer.texts,
        clip=clip,
        version=answer.version,
        question_id=answer.question_id,
        reviewer_id=answer.reviewer_id,
        reviewer=names,
        reviewed_at=answer.reviewed_at,
        published_at=answer.published_at,
    )


def _likely(rows: Sequence[SegmentRow], question: Question, shift: timedelta) -> Clip | None:
    """Return where the host took it up and was done with it, as far as that is known."""
    if question.on_air_at is None or question.answered_at is None:
        return None
    return clip_on(rows, question.on_air_at - shift, question.answered_at - shift)
