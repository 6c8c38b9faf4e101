"""The page on which captions are corrected: a page of lines, each with its times and its words.

Without scripts it is one form. With them each line is saved as soon as it is left, through the API,
and the player plays the line that is being edited.
"""

import json
from dataclasses import dataclass
from typing import Final

from flask import Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_view_for
from catalog.models import Livestream
from core.errors import FieldError, InvalidInput, Refusal, _
from media.captions.editing import near, plain
from media.captions.errors import LineChanged
from media.webvtt import Cue
from streams.captions import access, queries
from streams.captions.queries import Line, Track
from streams.captions.rules import clock_ms, read_clock_ms
from streams.captions.views.blueprint import pages
from streams.playback.access import issue_grant_cookie
from streams.recordings.access import playing
from streams.requests import SEE_OTHER, current_session, storage, unkept

PAGE: Final = 100
NOT_A_TIME: Final = _("Write the time like 1:02.500.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines that are shown: a page of all, or of those with a word in them."""

    lines: tuple[Line, ...]
    page: int
    pages: int
    found: int
    query: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it came back from the form, with what kept it from being saved."""

    was: Cue | None
    start: str
    end: str
    text: str
    refusal: Refusal
    theirs: tuple[Cue, ...] = ()


@pages.get("/livestreams/<livestream_id>/captions/<language>")
def correct(livestream_id: str, language: str) -> Response:
    """Show a page of lines; ``at`` leads to the one at that time, ``q`` to those with a word."""
    livestream, track = _track(livestream_id, language)
    return _answer(livestream, track, _sheet(track))


@pages.post("/livestreams/<livestream_id>/captions/<language>")
def save(livestream_id: str, language: str) -> AnyResponse:
    """Save the lines of the form that were changed, each for itself; say which could not be."""
    _track(livestream_id, language)  # who may not, is told so before anything is read
    rows = []
    for was, start, end, text in _typed():
        row = _save_one(livestream_id, language, was, (start, end, text))
        if row is not None:
            rows.append(row)
    if not rows:
        place = url_for(
            "caption_pages.correct",
            livestream_id=livestream_id,
            language=language,
            page=request.form.get("page") or None,
            q=request.form.get("q") or None,
        )
        return redirect(place, SEE_OTHER)
    livestream, track = _track(livestream_id, language)
    return _answer(livestream, track, _sheet(track), rows)


def _save_one(
    livestream_id: str, language: str, was: Cue | None, typed: tuple[str, str, str]
) -> Row | None:
    """Save one line in a transaction of its own; return it when it could not be."""
    session = current_session()
    try:
        by = _wanted(was, *typed)
        if by is None:
            return None
        access.correct_for(
            session,
            storage(),
            actor=g.actor,
            livestream_id=livestream_id,
            language=language,
            was=[was] if was else [],
            by=by,
            now=g.now,
        )
    except (InvalidInput, LineChanged) as refusal:
        session.rollback()
        theirs = _theirs(livestream_id, language, was) if isinstance(refusal, LineChanged) else ()
        return Row(was, *typed, refusal, theirs)
    session.commit()
    return None


def _theirs(livestream_id: str, language: str, was: Cue | None) -> tuple[Cue, ...]:
    _livestream, track = _track(livestream_id, language)
    return tuple(near([line.cue for line in track.lines], [was] if was else []))


def _wanted(was: Cue | None, start: str, end: str, text: str) -> list[Cue] | None:
    """Return what a row of the form asks for; None for nothing.

    A line whose words were cleared goes, a row without words and times was left empty.
    """
    words = plain(text)
    if not words:
        return [] if was is not None else None
    times = read_clock_ms(start), read_clock_ms(end)
    if times[0] is None or times[1] is None:
        raise InvalidInput(FieldError("start_ms", NOT_A_TIME))
    cue = Cue(times[0], times[1], words)
    is_same = was is not None and cue == was._replace(text=plain(was.text))
    return None if is_same else [cue]


def _typed() -> list[tuple[Cue | None, str, str, str]]:
    form = request.form
    columns = (form.getlist(name) for name in ("was", "start", "end", "text"))
    try:
        return [
            (_read_cue(was), start, end, text)
            for was, start, end, text in zip(*columns, strict=True)
        ]
    except (ValueError, TypeError):
        abort(400)


def _read_cue(text: str) -> Cue | None:
    if not text:
        return None
    start, end, words = json.loads(text)
    return Cue(int(start), int(end), str(words))


def _track(livestream_id: str, language: str) -> tuple[Livestream, Track]:
    return access.track_to_correct(
        current_session(), actor=g.actor, livestream_id=livestream_id, language=language
    )


def _sheet(track: Track) -> Sheet:
    query = request.values.get("q", "").strip()
    wanted = query.casefold()
    found = tuple(line for line in track.lines if wanted in line.cue.text.casefold())
    pages_of = max(-(-len(found) // PAGE), 1)
    page = min(max(_page_asked(found), 1), pages_of)
    return Sheet(found[(page - 1) * PAGE : page * PAGE], page, pages_of, len(found), query)


def _page_asked(lines: tuple[Line, ...]) -> int:
    at = read_clock_ms(request.args.get("at", ""))
    if at is not None:
        before = sum(line.cue.start_ms <= at for line in lines)
        return max(before - 1, 0) // PAGE + 1
    asked = request.values.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else 1  # noqa: PLR2004 -- digits


def _answer(
    livestream: Livestream, track: Track, sheet: Sheet, rows: list[Row] | None = None
) -> Response:
    session = current_session()
    view = livestream_view_for(session, livestream_id=livestream.id, actor=g.actor)
    page = render_template(
        "streams/captions/correct.html",
        livestream=view,
        track=track,
        sheet=sheet,
        rows=rows or [],
        at=request.args.get("at", ""),
        clock_ms=clock_ms,
        length_ms=queries.length_ms(session, livestream.broadcast_id),
        **playing(session, view=view, actor=g.actor, language=track.language, now=g.now),
    )
    answer = unkept(page, 409 if rows else 200)
    issue_grant_cookie(
        answer,
        session=session,
        actor=g.actor,
        broadcast_id=livestream.broadcast_id,
        now=g.now,
    )
    return answer
