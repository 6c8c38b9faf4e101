"""What moderators and staff are told of a question that cannot wait; never what it says."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from accounts.notices.ports import Answer, Due, Source
from scheduler.notices.about import about
from scheduler.notices.saying import GONE, NOT_TRUE, say
from streams.moderation.rules import is_open_case
from streams.questions.models import Question
from streams.readiness.queries import is_on_duty


def duty_question(session: Session, due: Due, now: datetime) -> Answer:
    """Ask a moderator on duty to the desk, while nobody has decided."""
    question = session.get(Question, due.occurrence, populate_existing=True)
    if question is None:
        return GONE
    me = due.person.user_id or ""
    if not is_on_duty(session, livestream_id=question.livestream_id, user_id=me):
        return NOT_TRUE
    return staff_question(session, due, now)


def staff_question(session: Session, due: Due, now: datetime) -> Answer:
    """Ask an editor or administrator to the desk, while nobody has decided."""
    del now
    question = session.get(Question, due.occurrence, populate_existing=True)
    found = about(session, question.livestream_id) if question is not None else None
    if question is None or found is None:
        return GONE
    if not is_open_case(question.state):
        return NOT_TRUE
    return say(found, due, f"/livestreams/{found.id}/questions/desk?question={question.id}")


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {"duty_question": duty_question, "staff_question": staff_question}
)
