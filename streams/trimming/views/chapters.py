"""Editing the chapters of a replay, beside its cuts."""

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.errors import FieldError, InvalidInput
from streams.marks.services import write_chapters
from streams.requests import SEE_OTHER, current_session, storage
from streams.trimming import access
from streams.trimming.rules import NOT_A_TIME, seconds_of
from streams.trimming.views.blueprint import pages
from streams.trimming.views.page import Typed, answer_page


@pages.post("/livestreams/<livestream_id>/trim/chapters")
def save_chapters(livestream_id: str) -> AnyResponse:
    """Write the chapters as they were typed; a row without a time and a title is left out."""
    session = current_session()
    livestream = access.recording_to_cut(session, actor=g.actor, livestream_id=livestream_id)
    typed = Typed()
    try:
        titles = _read(request.form.getlist("at"), request.form.getlist("title"))
        write_chapters(session, storage(), livestream=livestream, titles=titles, now=g.now)
    except InvalidInput as refusal:
        session.rollback()
        typed.faults = {"chapters": refusal.errors[0]}
        return answer_page(livestream, typed)
    access.record_chapters(
        session, actor=g.actor, livestream_id=livestream_id, count=len(titles), now=g.now
    )
    session.commit()
    place = url_for("trim_pages.trim", livestream_id=livestream_id, _anchor="chapters")
    return redirect(place, SEE_OTHER)


def _read(times: list[str], titles: list[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, title in zip(times, titles, strict=False):
        if not at.strip() and not title.strip():
            continue
        try:
            seconds = seconds_of(at)
        except ValueError:
            seconds = None
        if seconds is None:
            raise InvalidInput(FieldError("chapters", NOT_A_TIME))
        if not title.strip():
            continue  # its title was cleared: the chapter is removed
        found[round(seconds * 1000)] = title
    return found
