"""Writing the library: the host and the moderators choose where answers lie, and word them."""

from flask import g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalog.access import livestream_view_for
from catalog.models import Livestream
from core.errors import InvalidInput, WrongState
from streams.answers import access
from streams.answers.forms import AnswerForm, form_for, form_of
from streams.answers.queries import Open, open_questions
from streams.answers.views.blueprint import pages
from streams.recordings.access import playing
from streams.recordings.queries import recording_of
from streams.requests import SEE_OTHER, current_session, unkept


@pages.get("/livestreams/<livestream_id>/answers")
def index(livestream_id: str) -> Response:
    """Show its crew the answers of a replay, and what was answered and stands in none."""
    session = current_session()
    livestream, found = access.library_of(session, actor=g.actor, livestream_id=livestream_id)
    page = render_template(
        "streams/answers/index.html",
        livestream=livestream_view_for(session, livestream_id=livestream_id, actor=g.actor),
        answers=found,
        open_questions=open_questions(session, livestream=livestream),
    )
    return unkept(page)


@pages.get("/livestreams/<livestream_id>/answers/new")
def new(livestream_id: str) -> Response:
    """Show the form of a new answer, filled with what is known of the question it is to."""
    session = current_session()
    livestream, _found = access.library_of(session, actor=g.actor, livestream_id=livestream_id)
    question_id = request.args.get("question")
    waiting = open_questions(session, livestream=livestream)
    question = next((one for one in waiting if one.id == question_id), None)
    return _form_page(livestream_id, _filled(session, livestream, question))


@pages.post("/livestreams/<livestream_id>/answers/new")
def add(livestream_id: str) -> Response:
    """Keep a new answer, or show the form again with what is wrong."""
    session, form = current_session(), AnswerForm(request.form)
    access.library_of(session, actor=g.actor, livestream_id=livestream_id)
    if written := form.written():
        try:
            made = access.add_for(
                session,
                actor=g.actor,
                livestream_id=livestream_id,
                written=written,
                question_id=form.question_id,
                now=g.now,
            )
        except (InvalidInput, WrongState) as refusal:
            session.rollback()
            form.take(refusal)
        else:
            session.commit()
            return _to_answer(made.id)
    return _form_page(livestream_id, form)


@pages.get("/answers/<answer_id>/edit")
def edit(answer_id: str) -> Response:
    """Show the form of an answer."""
    session = current_session()
    livestream, found = access.answer_to_edit(session, actor=g.actor, answer_id=answer_id)
    return _form_page(livestream.id, form_of(found), answer_id=answer_id)


@pages.post("/answers/<answer_id>/edit")
def save(answer_id: str) -> Response:
    """Keep what was written, or show the form again with what is wrong."""
    session, form = current_session(), AnswerForm(request.form)
    livestream, _found = access.answer_to_edit(session, actor=g.actor, answer_id=answer_id)
    livestream_id = livestream.id
    if written := form.written():
        try:
            access.change_for(
                session,
                actor=g.actor,
                answer_id=answer_id,
                version=form.version,
                written=written,
                now=g.now,
            )
        except (InvalidInput, WrongState) as refusal:
            session.rollback()
            form.take(refusal)
        else:
            session.commit()
            return _to_answer(answer_id)
    return _form_page(livestream_id, form, answer_id=answer_id)


@pages.post("/answers/<answer_id>/review")
def review(answer_id: str) -> Response:
    """Vouch for an answer as it was read; everybody may read it from now on."""
    session = current_session()
    version = AnswerForm(request.form).version
    access.review_for(session, actor=g.actor, answer_id=answer_id, version=version, now=g.now)
    session.commit()
    return _to_answer(answer_id)


@pages.post("/answers/<answer_id>/show")
def show(answer_id: str) -> Response:
    """Show a reviewed answer to everybody, or with ``shown=0`` to nobody any more."""
    session = current_session()
    access.show_for(
        session,
        actor=g.actor,
        answer_id=answer_id,
        version=AnswerForm(request.form).version,
        shown=request.form.get("shown") == "1",
        now=g.now,
    )
    session.commit()
    return _to_answer(answer_id)


@pages.post("/answers/<answer_id>/remove")
def remove(answer_id: str) -> Response:
    """Delete an answer."""
    session = current_session()
    livestream_id = access.remove_for(session, actor=g.actor, answer_id=answer_id, now=g.now)
    session.commit()
    return redirect(url_for("answer_pages.index", livestream_id=livestream_id), SEE_OTHER)


def _form_page(livestream_id: str, form: AnswerForm, *, answer_id: str | None = None) -> Response:
    view = livestream_view_for(current_session(), livestream_id=livestream_id, actor=g.actor)
    page = render_template(
        "streams/answers/form.html",
        livestream=view,
        form=form,
        answer_id=answer_id,
        **playing(current_session(), view=view, actor=g.actor, language=g.language, now=g.now),
    )
    return unkept(page, 409 if form.refusal else 422 if form.faults else 200)


def _filled(session: Session, livestream: Livestream, question: Open | None) -> AnswerForm:
    if question is None:
        return AnswerForm({})
    said = _said(session, livestream, question)
    return form_for(question, language=livestream.language, said=said)


def _said(session: Session, livestream: Livestream, question: Open) -> str:
    """Return what the transcript has where the question was answered: something to begin with."""
    if question.clip is None:
        return ""
    recording = recording_of(
        session,
        broadcast_id=livestream.broadcast_id,
        page_language=livestream.language,
        spoken=livestream.language,
    )
    spoken = (one for one in recording.captions if one.language == livestream.language)
    lines = next((one.lines for one in spoken), ())
    clip = question.clip
    return "\n".join(
        line.text for line in lines if line.end_ms > clip.start_ms and line.start_ms < clip.end_ms
    )


def _to_answer(answer_id: str) -> Response:
    return redirect(url_for("answer_pages.answer", answer_id=answer_id), SEE_OTHER)
