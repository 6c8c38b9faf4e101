"""What a host may claim, and what they have claimed."""

from typing import Final

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from accounts.enums import Role
from catalog.queries import list_topics
from catalog.rules import is_verified
from core.errors import WrongState
from core.words import storable
from scheduler.enums import SlotState
from scheduler.slots.access import check_may_see, teacher_for
from scheduler.slots.queries import SlotFilters, choices_for, list_slots
from scheduler.slots.rules import HAND_BACK_UNTIL
from streams.planning.access import claims
from streams.planning.views.blueprint import pages
from streams.requests import SEE_OTHER, current_session, unkept

FOUND: Final = 302


@pages.get("/hosting/slots")
def slots() -> AnyResponse:
    """Show the open slots that the host may claim, those without a clash first."""
    check_may_see(g.actor)
    if not g.actor.has(Role.HOST):
        return redirect(url_for("slots_pages.index"), FOUND)
    return slots_page()


@pages.post("/hosting/slots/<slot_id>/hand-back")
def hand_back(slot_id: str) -> AnyResponse:
    """Hand a claimed slot back: its livestream is cancelled and the slot is open again."""
    session = current_session()
    try:
        claims.hand_back(session, actor=g.actor, slot_id=slot_id, now=g.now)
    except WrongState as refusal:
        session.rollback()
        if not g.actor.has(Role.HOST):
            raise  # editors have no such page: they are told on one of its own
        return slots_page(refusal)
    session.commit()
    return redirect(url_for("planning_pages.slots", said="handed-back"), SEE_OTHER)


def slots_page(refusal: WrongState | None = None) -> Response:
    """Return the page, with what was refused on top."""
    session = current_session()
    teacher = teacher_for(session, actor=g.actor)
    filters = {name: storable(request.args.get(name, "")) for name in ("topic", "language")}
    choices = choices_for(
        session,
        teacher=teacher,
        filters=SlotFilters(topic=filters["topic"], language=filters["language"]),
        now=g.now,
    )
    mine = SlotFilters(states=(SlotState.CLAIMED,), starts_from=g.now, host_id=teacher.id)
    page = render_template(
        "streams/planning/slots.html",
        choices=choices,
        mine=list_slots(session, filters=mine, now=g.now).items,
        filters=filters,
        topics=list_topics(session),
        is_verified=is_verified(teacher.verified_until, g.now),
        hand_back_until=g.now + HAND_BACK_UNTIL,
        said=request.args.get("said", ""),
        refusal=str(gettext(refusal.message, **refusal.params)) if refusal else None,
    )
    return unkept(page, refusal.status if refusal else 200)
