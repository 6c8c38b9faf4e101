"""The answer library: questions that were answered in talks, in words that somebody checked."""

from typing import Any

from core.clock import utc_now
from streams.answers.access import answer_for
from streams.answers.finding import answers_like
from streams.answers.queries import AnswerView, public_answers
from web.addresses import site_url
from web.api import presenting
from web.api.blueprint import api
from web.api.schemas.answers import AnswerItem, AnswerList, AnswerQuery, QuestionToCome
from web.database import db
from web.security import current_actor


@api.get("/answers")
@api.input(AnswerQuery, location="query", arg_name="query")
@api.output(AnswerList)
def list_answers(query: AnswerQuery) -> dict[str, Any]:
    """List answers that everybody may read: those that fit a question, or the newest.

    A question is looked at and not kept.
    """
    topic = query.topic or None
    found = (
        answers_like(db.session, text=query.q, topic=topic)
        if query.q
        else public_answers(db.session, topic=topic)
    )
    return {"items": [_item(one) for one in found], "next_cursor": None}


@api.post("/answers/like")
@api.input(QuestionToCome, arg_name="written")
@api.output(AnswerList)
def find_answers(written: QuestionToCome) -> dict[str, Any]:
    """Find up to three answers that fit what somebody is about to ask.

    The question comes in the body because addresses are written down; it is not kept, and nobody
    is counted who asks: that would say who wrote a question a moment later.
    """
    found = answers_like(db.session, text=written.q)
    return {"items": [_item(one) for one in found], "next_cursor": None}


@api.get("/answers/<answer_id>")
@api.output(AnswerItem)
def read_answer(answer_id: str) -> dict[str, Any]:
    """Read one answer. What nobody has checked yet is for the crew of its livestream."""
    _livestream, found = answer_for(
        db.session, actor=current_actor(), answer_id=answer_id, now=utc_now()
    )
    return _item(found)


def _item(one: AnswerView) -> dict[str, Any]:
    return {
        "id": one.id,
        "livestream": one.livestream_id,
        "question": dict(one.titles),
        "answer": dict(one.texts),
        "start_seconds": one.clip.start_ms / 1000,
        "end_seconds": one.clip.end_ms / 1000,
        "reviewed_at": presenting.moment(one.reviewed_at),
        "page_url": f"{site_url()}/answers/{one.id}",
    }
