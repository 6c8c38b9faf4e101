"""The trim page: what is shown plays, two positions are chosen, what would go is said, it goes."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_view_for
from catalog.models import Livestream
from core.errors import FieldError, InvalidInput, Refusal, WrongState
from media.cuts.rules import KEPT
from streams.phases import Phase
from streams.playback.access import issue_grant_cookie
from streams.recordings.access import playing
from streams.recordings.rules import clock_of
from streams.requests import SEE_OTHER, current_session, storage, unkept
from streams.trimming import access, services
from streams.trimming.queries import Trimming
from streams.trimming.rules import END, NOT_A_TIME, START, seconds_of
from streams.trimming.views.blueprint import pages


@dataclass(frozen=True, slots=True)
class Preview:
    """What a cut would do, for the sentence before it: clocks, and seconds for the player."""

    start: float
    end: float
    goes_start: str
    goes_end: str
    left: str
    undo_until: datetime


@dataclass(slots=True)
class Typed:
    """The form as it was sent, and what is wrong with it."""

    start: str = ""
    end: str = ""
    faults: dict[str, FieldError] = field(default_factory=dict)
    refusal: Refusal | None = None

    def seconds(self) -> tuple[float | None, float | None]:
        """Return both positions; what is no time becomes a fault."""
        found: list[float | None] = []
        for name, text in ((START, self.start), (END, self.end)):
            try:
                found.append(seconds_of(text))
            except ValueError:
                self.faults[name] = FieldError(name, NOT_A_TIME)
                found.append(None)
        return found[0], found[1]

    def take(self, refusal: Refusal) -> None:
        """Keep why it was refused, beside its fields where there are any."""
        if isinstance(refusal, InvalidInput):
            self.faults |= {one.field: one for one in refusal.errors}
        else:
            self.refusal = refusal


@pages.get("/livestreams/<livestream_id>/trim")
def trim(livestream_id: str) -> Response:
    """Show the replay with its two ends; with positions in the address also what would go."""
    livestream = _livestream(livestream_id)
    typed = Typed(request.args.get(START, ""), request.args.get(END, ""))
    preview = _preview(livestream, typed) if typed.start or typed.end else None
    return answer_page(livestream, typed, preview=preview)


@pages.post("/livestreams/<livestream_id>/trim")
def cut(livestream_id: str) -> AnyResponse:
    """Cut it, or show the page again with the reason why not."""
    livestream = _livestream(livestream_id)
    typed = Typed(request.form.get(START, ""), request.form.get(END, ""))
    start, end = typed.seconds()
    revision = request.form.get("revision", "")
    if not typed.faults:
        try:
            access.trim_for(
                current_session(),
                storage(),
                actor=g.actor,
                livestream_id=livestream_id,
                start=start,
                end=end,
                revision=int(revision) if revision.isdecimal() else None,
                now=g.now,
            )
        except (InvalidInput, WrongState) as refusal:
            current_session().rollback()
            typed.take(refusal)
        else:
            return _done(livestream_id)
    return answer_page(livestream, typed)


@pages.post("/livestreams/<livestream_id>/trim/undo")
def undo(livestream_id: str) -> AnyResponse:
    """Bring back what was cut off, or show the page with the reason why not."""
    livestream, typed = _livestream(livestream_id), Typed()
    try:
        access.undo_for(
            current_session(),
            storage(),
            actor=g.actor,
            livestream_id=livestream_id,
            revision=None,
            now=g.now,
        )
    except WrongState as refusal:
        current_session().rollback()
        typed.take(refusal)
        return answer_page(livestream, typed)
    return _done(livestream_id)


def answer_page(
    livestream: Livestream, typed: Typed, *, preview: Preview | None = None
) -> Response:
    """Return the page; 422 or 409 when something typed was refused."""
    session = current_session()
    view = livestream_view_for(session, livestream_id=livestream.id, actor=g.actor)
    trimming = access.trimming_for(session, actor=g.actor, livestream_id=livestream.id, now=g.now)
    page = render_template(
        "streams/trimming/trim.html",
        livestream=view,
        trimming=trimming,
        clocks=_clocks(trimming),
        typed=typed,
        preview=preview,
        **playing(
            session,
            view=view,
            actor=g.actor,
            language=livestream.language,
            now=g.now,
            phase=Phase.REVIEW,
        ),
    )
    status = 409 if typed.refusal else 422 if typed.faults else 200
    answer = unkept(page, status)
    broadcast_id = livestream.broadcast_id
    issue_grant_cookie(answer, session=session, actor=g.actor, broadcast_id=broadcast_id, now=g.now)
    return answer


def _livestream(livestream_id: str) -> Livestream:
    return access.recording_to_cut(current_session(), actor=g.actor, livestream_id=livestream_id)


def _preview(livestream: Livestream, typed: Typed) -> Preview | None:
    """Return what would go; None when the positions make no sense, which ``typed`` then says."""
    start, end = typed.seconds()
    if typed.faults:
        return None
    try:
        choice = services.choice_for(current_session(), livestream=livestream, start=start, end=end)
    except (InvalidInput, WrongState) as refusal:
        typed.take(refusal)
        return None
    begins, left = choice.start_us / 1_000_000, choice.left_us / 1_000_000
    return Preview(
        start=begins,
        end=begins + left,
        goes_start=_clock(choice.start_us / 1_000_000),
        goes_end=_clock(choice.end_us / 1_000_000),
        left=_clock(left),
        undo_until=g.now + KEPT,
    )


def _clocks(trimming: Trimming) -> dict[str, str]:
    return {
        "shown": _clock(trimming.shown_seconds),
        "start": _clock(trimming.cut_start_seconds),
        "end": _clock(trimming.cut_end_seconds),
    }


def _clock(seconds: float) -> str:
    """Return a length as a clock; empty for none."""
    return clock_of(round(seconds)) if seconds >= 0.5 else ""  # noqa: PLR2004 -- half a second


def _done(livestream_id: str) -> AnyResponse:
    current_session().commit()
    return redirect(url_for("trim_pages.trim", livestream_id=livestream_id), SEE_OTHER)
