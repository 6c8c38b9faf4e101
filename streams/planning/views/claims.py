"""The form by which a host claims a slot; while it is open the slot is held."""

from collections.abc import Sequence

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from catalog.models import Host
from core.database import mark_reading
from core.errors import FieldError, InvalidInput, WrongState
from scheduler.errors import Taken
from scheduler.slots.access import slot_for, slot_to_claim
from scheduler.slots.errors import SlotSpan
from scheduler.slots.queries import SlotView, one_slot
from scheduler.spans import Span
from streams.planning.access import claims
from streams.planning.forms.claims import (
    ClaimForm,
    beside_fields,
    claim_of,
    first_values,
    unconfirmed,
)
from streams.planning.services.claims import Site
from streams.planning.views.blueprint import pages
from streams.requests import SEE_OTHER, current_session, settings, unkept


@pages.get("/hosting/slots/<slot_id>/claim")
def claim(slot_id: str) -> AnyResponse:
    """Hold the slot for ten minutes and show its form; opening it again keeps the hold."""
    if mine := _claimed_already(slot_id):
        return _to_desk(mine)
    current_session().rollback()
    mark_reading(only_reads=False)  # a hold is written, though the page is only looked at
    return _held_form(slot_id, None)


@pages.post("/hosting/slots/<slot_id>/claim")
def send_claim(slot_id: str) -> AnyResponse:
    """Claim the slot, or show the form again with what is in the way; what was typed stays."""
    session, form = current_session(), ClaimForm()
    if mine := _claimed_already(slot_id):  # the form was sent twice
        return _to_desk(mine)
    if request.form.get("look"):  # another slot was chosen in place of one that was lost
        return _held_form(slot_id, form)
    slot_to_claim(session, actor=g.actor, slot_id=slot_id, now=g.now)
    if faults := unconfirmed(form, has_declared=bool(_interests())):
        return _held_form(slot_id, form, faults)
    try:
        made = claims.claim_slot(
            session,
            actor=g.actor,
            slot_id=slot_id,
            claim=claim_of(form),
            site=Site(settings().interruption_window, settings().data_key),
            now=g.now,
        )
    except InvalidInput as error:
        session.rollback()
        return _held_form(slot_id, form, error.errors)
    except WrongState as refusal:
        session.rollback()
        return _form_page(slot_id, form, refusal=refusal)
    session.commit()
    return _to_desk(made.id)


@pages.post("/hosting/slots/<slot_id>/give-up")
def give_up(slot_id: str) -> AnyResponse:
    """Give up the hold: others may claim the slot at once."""
    session = current_session()
    claims.give_up_hold(session, actor=g.actor, slot_id=slot_id, now=g.now)
    session.commit()
    return redirect(url_for("planning_pages.slots", said="given-up"), SEE_OTHER)


def _claimed_already(slot_id: str) -> str | None:
    """Return the livestream that this very host has made of the slot."""
    slot = slot_for(current_session(), actor=g.actor, slot_id=slot_id)
    view = one_slot(current_session(), slot_id=slot.id, now=g.now)
    is_mine = view.host_id is not None and view.host_id == g.actor.user_id
    return view.livestream_id if is_mine else None


def _to_desk(livestream_id: str) -> AnyResponse:
    return redirect(url_for("hosting_pages.desk", livestream_id=livestream_id), SEE_OTHER)


def _held_form(
    slot_id: str, form: ClaimForm | None, faults: tuple[FieldError, ...] = ()
) -> Response:
    session = current_session()
    try:
        claims.hold_slot(session, actor=g.actor, slot_id=slot_id, now=g.now)
    except WrongState as refusal:
        session.rollback()
        return _form_page(slot_id, form, faults=faults, refusal=refusal)
    session.commit()
    return _form_page(slot_id, form, faults=faults)


def _form_page(
    slot_id: str,
    form: ClaimForm | None,
    *,
    faults: tuple[FieldError, ...] = (),
    refusal: WrongState | None = None,
) -> Response:
    slot = one_slot(current_session(), slot_id=slot_id, now=g.now)
    shown = form or ClaimForm(data=first_values(slot))
    mine = slot.hold is not None and slot.hold.holder_id == g.actor.user_id
    page = render_template(
        "streams/planning/claim.html",
        slot=slot,
        form=shown,
        typed=form is not None,
        locked=frozenset(),
        faults=beside_fields(shown, faults),
        held_until=slot.hold.until if mine and slot.hold else None,
        refusal=str(gettext(refusal.message, **refusal.params)) if refusal else None,
        instead=_slots_among(refusal.alternatives) if isinstance(refusal, Taken) else (),
        interests=_interests(),
    )
    status = refusal.status if refusal else InvalidInput.status if faults else 200
    return unkept(page, status)


def _slots_among(spans: Sequence[Span]) -> tuple[SlotView, ...]:
    """Return the open slots among the alternatives; other free time is for a proposal."""
    return tuple(
        one_slot(current_session(), slot_id=span.slot, now=g.now)
        for span in spans
        if isinstance(span, SlotSpan)
    )


def _interests() -> dict[str, str]:
    host = current_session().get(Host, g.actor.user_id)
    return host.interests if host else {}
