"""Me too: one row per person and question, and a number that is counted with it.

The row and the number are written in one transaction: the primary key says whether somebody was
counted already, and only then the number moves. Whoever races waits for the row.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, true, update
from sqlalchemy.orm import Session

from core.database import insert_into
from streams.questions.errors import NoSuchQuestion
from streams.questions.models import Question, QuestionVote
from streams.questions.rules import SHOWN
from streams.room.models import Room
from streams.room.services import limit_in_room, say_changed

MINUTE: Final = 60
VOTES_OF_ADDRESS: Final = 1500
"""Within a minute: 300 people behind one address who press five times."""
VOTES_OF_ROOM: Final = 20_000


def limit_votes(session: Session, *, room: Room, visitor: str, now: datetime) -> None:
    """Count a vote of an address and of the room.

    Raises:
        TooMany: Of either, within a minute.
    """
    for act, by, most in (("votes", "", VOTES_OF_ROOM), ("vote", visitor, VOTES_OF_ADDRESS)):
        limit_in_room(session, room=room, act=act, by=by, limit=most, seconds=MINUTE, now=now)


def vote(session: Session, *, question: Question, participant: str) -> int:
    """Count that somebody wants to know it as well; return how many do. Twice counts once.

    Nobody adds to their own question.

    Raises:
        NoSuchQuestion: It is not shown (any more).
    """
    if question.state not in SHOWN:
        raise NoSuchQuestion
    if question.participant == participant:
        return question.votes
    values = {"question_id": question.id, "participant": participant}
    row = insert_into(session, QuestionVote).values(values).on_conflict_do_nothing()
    return _counted(session, question, row, by=1)


def take_vote_back(session: Session, *, question: Question, participant: str) -> int:
    """Take somebody's vote back; return how many are left. There was none: nothing happens."""
    mine = (QuestionVote.question_id == question.id, QuestionVote.participant == participant)
    return _counted(session, question, delete(QuestionVote).where(*mine), by=-1)


def _counted(session: Session, question: Question, change: Any, *, by: int) -> int:  # noqa: ANN401 -- an insert or a delete
    """Move the number when a row came or went; drivers do not all count rows that were inserted."""
    changed = session.execute(change.returning(QuestionVote.participant)).one_or_none()
    if changed is None:
        session.refresh(question, ["votes"])
        return question.votes
    moved = session.execute(
        update(Question)
        .where(Question.id == question.id, Question.state.in_(SHOWN) if by > 0 else true())
        .values(votes=Question.votes + by)
        .returning(Question.votes)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if moved is None:
        raise NoSuchQuestion  # taken from view, or merged, at this moment
    say_changed(session, livestream_id=question.livestream_id)
    return int(moved)
