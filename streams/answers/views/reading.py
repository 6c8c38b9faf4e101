"""Reading the library: one answer, those of a topic, those that fit some words."""

from flask import Response, g, render_template, request

from catalog.access import livestream_view_for
from catalog.queries import LivestreamView
from streams.answers.access import answer_for, is_crew, may_review
from streams.answers.finding import answers_like
from streams.answers.queries import AnswerView, public_answers
from streams.answers.views.blueprint import pages
from streams.playback.access import issue_grant_cookie
from streams.recordings.access import playing
from streams.requests import current_session, unkept

LONGEST_SEARCH = 200


@pages.get("/answers")
def library() -> str:
    """List the library: of a topic, or what fits the words that somebody looks for."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    topic = request.args.get("topic") or None
    session = current_session()
    found = (
        answers_like(session, text=words, topic=topic, most=20)
        if words
        else public_answers(session, topic=topic)
    )
    return render_template(
        "streams/answers/library.html", answers=found, words=words, topic_slug=topic
    )


@pages.get("/answers/<answer_id>")
def answer(answer_id: str) -> Response:
    """Show one answer: the question, the part of the replay, the words, who vouches for them."""
    session = current_session()
    livestream, found = answer_for(session, actor=g.actor, answer_id=answer_id, now=g.now)
    view = livestream_view_for(session, livestream_id=livestream.id, actor=g.actor)
    page = unkept(_page(view, found))
    issue_grant_cookie(
        page, session=session, actor=g.actor, broadcast_id=view.broadcast_id, now=g.now
    )
    return page


def _page(view: LivestreamView, found: AnswerView) -> str:
    session = current_session()
    return render_template(
        "streams/answers/answer.html",
        livestream=view,
        answer=found,
        answer_crew=is_crew(session, actor=g.actor, livestream_id=view.id),
        may_review=may_review(session, actor=g.actor, now=g.now),
        **playing(session, view=view, actor=g.actor, language=g.language, now=g.now),
    )
