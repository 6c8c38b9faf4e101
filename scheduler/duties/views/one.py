"""The moderators and the room of one livestream: chosen, replaced, released."""

from collections.abc import Callable

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_to_schedule
from core.errors import WrongState
from scheduler.duties import access
from scheduler.duties.errors import SamePerson
from scheduler.duties.queries import (
    candidates_for,
    duties_of_livestream,
    room_of_livestream,
    rooms_at,
    rota_row,
)
from scheduler.duties.rules import STAFFED, STANDING
from scheduler.duties.views.blueprint import (
    SEE_OTHER,
    current_session,
    pages,
    reason_of,
    unkept,
)
from scheduler.enums import ReservationKind
from scheduler.grid.queries import reservation_of
from scheduler.spans import Span


@pages.get("/administration/rota/<livestream_id>")
def one(livestream_id: str) -> Response:
    """Show who moderates a livestream, who could, and its room."""
    access.check_staff(g.actor)
    return _page(livestream_id)


@pages.post("/administration/rota/<livestream_id>")
def assign(livestream_id: str) -> AnyResponse:
    """Assign the chosen moderator, in place of another one if the form says so."""
    access.check_staff(g.actor)
    chosen, instead_of = request.form.get("moderator", ""), request.form.get("instead_of", "")

    def act() -> None:
        if instead_of:
            access.replace(
                current_session(),
                actor=g.actor,
                duty_id=instead_of,
                moderator_id=chosen,
                now=g.now,
            )
        else:
            access.assign(
                current_session(),
                actor=g.actor,
                livestream_id=livestream_id,
                moderator_id=chosen,
                now=g.now,
            )

    return _done(livestream_id, act, "assigned")


@pages.post("/administration/rota/<livestream_id>/release/<duty_id>")
def release(livestream_id: str, duty_id: str) -> AnyResponse:
    """Take a moderator off."""
    access.check_staff(g.actor)
    return _done(
        livestream_id,
        lambda: access.release(current_session(), actor=g.actor, duty_id=duty_id, now=g.now),
        "released",
    )


@pages.post("/administration/rota/<livestream_id>/room")
def give_room(livestream_id: str) -> AnyResponse:
    """Give the livestream another room, or none."""
    access.check_staff(g.actor)
    room_id = request.form.get("room", "") or None
    return _done(
        livestream_id,
        lambda: access.give_room(
            current_session(),
            actor=g.actor,
            livestream_id=livestream_id,
            room_id=room_id,
            now=g.now,
        ),
        "room",
    )


def _done(livestream_id: str, act: Callable[[], object], word: str) -> AnyResponse:
    """Act and show the page again; a refusal is told on it, beside who else could come."""
    session = current_session()
    try:
        act()
    except (WrongState, SamePerson) as refusal:
        session.rollback()
        return _page(livestream_id, refusal=refusal)
    session.commit()
    return redirect(url_for("duties_pages.one", livestream_id=livestream_id, done=word), SEE_OTHER)


def _page(livestream_id: str, refusal: WrongState | SamePerson | None = None) -> Response:
    session = current_session()
    livestream = livestream_to_schedule(session, livestream_id=livestream_id, actor=g.actor)
    span = Span(livestream.starts_at, livestream.ends_at)
    reserved = reservation_of(session, kind=ReservationKind.LIVESTREAM, subject_id=livestream_id)
    people = candidates_for(session, livestream=livestream, now=g.now)
    instead_of = request.values.get("instead_of", "")
    duties = duties_of_livestream(session, livestream_id=livestream_id)
    page = render_template(
        "scheduler/duties/one.html",
        row=rota_row(session, livestream_id=livestream_id),
        is_open=livestream.state in STAFFED and livestream.ends_at > g.now,
        standing=[duty for duty in duties if duty.state in STANDING],
        past=[duty for duty in duties if duty.state not in STANDING],
        instead_of=next((duty for duty in duties if duty.id == instead_of), None),
        free=[person for person in people if person.is_free],
        others=[person for person in people if not person.is_free],
        rooms=rooms_at(session, span=span, now=g.now, but=reserved.id if reserved else None),
        room=room_of_livestream(session, livestream_id=livestream_id),
        reserved=reserved,
        first_day=livestream.starts_at.astimezone(g.zone).date(),
        refusal=reason_of(refusal) if refusal else None,
        done=request.args.get("done", ""),
    )
    return unkept(page, refusal.status if refusal else 200)
