"""The form that offers slots, one or a weekly row of them, and changes one that is open."""

from typing import Final

from flask import Response, g, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from catalog.queries import list_topics
from core.errors import FieldError, InvalidInput, WrongState
from core.walltime import suggested_zones
from core.words import in_language
from scheduler.enums import SlotState
from scheduler.models import Slot
from scheduler.slots import access
from scheduler.slots.errors import NotOpen
from scheduler.slots.forms import Reading, SlotForm, beside_fields, first_values, read, values_of
from scheduler.slots.queries import draft_of, open_rooms
from scheduler.slots.rules import MOST_WEEKS
from scheduler.slots.views.blueprint import SEE_OTHER, current_session, pages, unkept
from scheduler.slots.views.week import address_of

AREAS: Final = tuple(
    f"{area}/"
    for area in (
        *("Africa", "America", "Asia", "Atlantic"),
        *("Australia", "Europe", "Indian", "Pacific"),
    )
)


@pages.get("/administration/slots/new")
def new() -> Response:
    """Show an empty form."""
    values = first_values(timezone=g.zone.key, language=g.language, now=g.now)
    return _form_page(SlotForm(data=values))


@pages.post("/administration/slots/new")
def create() -> AnyResponse:
    """Offer the slots, or show the form again with what is wrong."""
    session, form = current_session(), SlotForm()
    try:
        made = access.offer(session, actor=g.actor, drafts=_read(form).drafts, now=g.now)
    except InvalidInput as error:
        session.rollback()
        return _form_page(form, faults=error.errors)
    session.commit()
    return redirect(address_of(made[0].starts_at, offered=len(made)), SEE_OTHER)


@pages.get("/administration/slots/<slot_id>/edit")
def edit(slot_id: str) -> Response:
    """Show an open slot in the form."""
    slot = _open_slot(slot_id)
    return _form_page(SlotForm(data=values_of(draft_of(current_session(), slot))), slot=slot)


@pages.post("/administration/slots/<slot_id>/edit")
def change(slot_id: str) -> AnyResponse:
    """Write what was changed, or show the form again with what is wrong."""
    session, slot, form = current_session(), _open_slot(slot_id), SlotForm()
    try:
        draft = _read(form).drafts[0]
        access.edit(session, actor=g.actor, slot_id=slot_id, draft=draft, now=g.now)
    except InvalidInput as error:
        session.rollback()
        return _form_page(form, slot=slot, faults=error.errors)
    except WrongState as refusal:
        session.rollback()
        return _form_page(form, slot=slot, refusal=refusal)
    session.commit()
    return redirect(address_of(slot.starts_at), SEE_OTHER)


def _open_slot(slot_id: str) -> Slot:
    slot = access.slot_to_offer(current_session(), actor=g.actor, slot_id=slot_id)
    if slot.state != SlotState.OPEN:
        raise NotOpen
    return slot


def _read(form: SlotForm) -> Reading:
    """Return what the form says; raises InvalidInput when something cannot be read."""
    reading = read(form, now=g.now)
    if reading.faults:
        raise InvalidInput(*reading.faults)
    return reading


def _form_page(
    form: SlotForm,
    *,
    slot: Slot | None = None,
    faults: tuple[FieldError, ...] = (),
    refusal: WrongState | None = None,
) -> Response:
    session = current_session()
    page = render_template(
        "scheduler/slots/form.html",
        form=form,
        slot=slot,
        faults=beside_fields(form, faults),
        locked=frozenset(),
        refusal=str(gettext(refusal.message, **refusal.params)) if refusal else None,
        topics=list_topics(session),
        rooms=[(one.id, in_language(one.names, g.language)) for one in open_rooms(session)],
        zones=suggested_zones(),
        most_weeks=MOST_WEEKS,
        back=address_of(slot.starts_at) if slot else url_for("slots_pages.index"),
    )
    status = InvalidInput.status if faults else refusal.status if refusal else 200
    return unkept(page, status)
