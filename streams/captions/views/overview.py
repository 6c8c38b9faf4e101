"""The page of a livestream's captions: what there is, bringing a file, and what was before."""

from dataclasses import dataclass
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_view_for
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.errors import InvalidInput, Refusal
from core.words import LANGUAGES
from core.work.enums import WorkState
from core.work.models import Work
from core.work.queries import find_work
from media.captions.decoding import MOST_BYTES
from media.captions.errors import CaptionsInvalid, Remark
from media.captions.recognising import SPEECH
from media.captions.whisper import is_installed
from streams.captions import access, queries
from streams.captions.services.tracks import Taken, earlier
from streams.captions.views.blueprint import pages
from streams.requests import SEE_OTHER, current_session, storage, unkept

SHOWN = 20
"""Remarks and earlier captions that are listed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the last act: a file that was taken, or a refusal with its reasons."""

    taken: Taken | None = None
    refusal: Refusal | None = None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is said about lines of the file."""
        if self.taken is not None:
            return self.taken.remarks
        return self.refusal.remarks if isinstance(self.refusal, CaptionsInvalid) else ()

    @property
    def status(self) -> int:
        """The status of the answer."""
        return 200 if self.refusal is None else self.refusal.status


@pages.get("/livestreams/<livestream_id>/captions")
def overview(livestream_id: str) -> Response:
    """Show the captions of a livestream, and how to get some."""
    livestream = access.livestream_to_caption(
        current_session(), actor=g.actor, livestream_id=livestream_id
    )
    return _answer(livestream, Outcome())


@pages.post("/livestreams/<livestream_id>/captions")
def bring(livestream_id: str) -> Response:
    """Take a file, or words that were pasted, and say what was put right."""
    session = current_session()
    livestream = access.livestream_to_caption(session, actor=g.actor, livestream_id=livestream_id)
    sent = request.files.get("file")
    data = sent.stream.read(MOST_BYTES + 1) if sent is not None else b""
    try:
        taken = access.take_file_for(
            session,
            storage(),
            actor=g.actor,
            livestream_id=livestream_id,
            language=request.form.get("language", ""),
            data=data,
            now=g.now,
        )
    except Refusal as refusal:
        session.rollback()
        return _answer(livestream, Outcome(refusal=refusal))
    session.commit()
    return _answer(livestream, Outcome(taken))


@pages.post("/livestreams/<livestream_id>/captions/restore")
def restore(livestream_id: str) -> AnyResponse:
    """Bring earlier captions back."""

    def act(session: Session) -> None:
        access.restore_for(
            session,
            storage(),
            actor=g.actor,
            livestream_id=livestream_id,
            version_id=request.form.get("version", ""),
            now=g.now,
        )

    return _done(livestream_id, act)


@pages.post("/livestreams/<livestream_id>/captions/remove")
def remove(livestream_id: str) -> AnyResponse:
    """Take the captions of a language away; they stay among the earlier ones."""

    def act(session: Session) -> None:
        access.remove_for(
            session,
            actor=g.actor,
            livestream_id=livestream_id,
            language=request.form.get("language", ""),
            now=g.now,
        )

    return _done(livestream_id, act)


@pages.post("/livestreams/<livestream_id>/captions/automatic")
def automatic(livestream_id: str) -> AnyResponse:
    """Ask for captions made by a program."""

    def act(session: Session) -> None:
        access.ask_for_automatic_for(session, actor=g.actor, livestream_id=livestream_id, now=g.now)

    return _done(livestream_id, act)


def _done(livestream_id: str, act: Any) -> AnyResponse:  # noqa: ANN401 -- a function of a session
    session = current_session()
    livestream = access.livestream_to_caption(session, actor=g.actor, livestream_id=livestream_id)
    try:
        act(session)
    except Refusal as refusal:
        session.rollback()
        return _answer(livestream, Outcome(refusal=refusal))
    session.commit()
    return redirect(url_for("caption_pages.overview", livestream_id=livestream_id), SEE_OTHER)


def _answer(livestream: Livestream, outcome: Outcome) -> Response:
    session = current_session()
    page = render_template(
        "streams/captions/overview.html",
        livestream=livestream_view_for(session, livestream_id=livestream.id, actor=g.actor),
        tracks=queries.tracks_for(session, livestream),
        earlier=earlier(session, livestream)[:SHOWN],
        outcome=outcome,
        remarks=outcome.remarks[:SHOWN],
        more_remarks=max(len(outcome.remarks) - SHOWN, 0),
        faults=outcome.refusal.errors if isinstance(outcome.refusal, InvalidInput) else (),
        has_replay=access.has_replay(session, livestream),
        is_live=livestream.state == LivestreamState.LIVE,
        hearing=_hearing(session, livestream),
        has_engine=is_installed(),
        languages=LANGUAGES,
    )
    return unkept(page, outcome.status)


def _hearing(session: Session, livestream: Livestream) -> Work | None:
    """Return the work of the speech engine while there is something to say about it."""
    work = find_work(session, kind=SPEECH, subject=livestream.broadcast_id, revision=1)
    is_over = work is None or work.state in {WorkState.DONE, WorkState.CANCELLED}
    return None if is_over else work
