"""Slots: offered by the staff, held and claimed by hosts; and proposals that go back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from catalog.rules import is_id
from core.clock import rfc3339, utc_now
from core.errors import FieldError, InvalidInput, NotFound, _
from scheduler.slots import access as slots
from scheduler.slots.queries import SlotFilters, SlotView, draft_of, list_slots, one_slot
from scheduler.slots.rules import SlotDraft
from streams.planning.access import claims, proposals
from streams.planning.rules.claims import Claim
from streams.planning.services.claims import Site
from web.addresses import site_url
from web.api import presenting
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.livestreams import shown as shown_livestream
from web.api.schemas import IN_ANY_LANGUAGE, LivestreamView
from web.api.schemas.slots import (
    ClaimWrite,
    HoldItem,
    ReturnWrite,
    SlotItem,
    SlotList,
    SlotPatch,
    SlotQuery,
    SlotWrite,
)
from web.api.signing_in import signed_in
from web.database import db
from web.security import current_actor

FIELDS: Final = {"title": "titles", "description": "descriptions", "room": "room_id"}
"""Where the API's names differ from those of the draft."""
EMPTY: Final = _("This cannot be empty.")


@api.get("/slots")
@signed_in
@api.input(SlotQuery, location="query", arg_name="query")
@api.output(SlotList)
@api.doc(security="bearer")
def list_all_slots(query: SlotQuery) -> dict[str, Any]:
    """List offered times by start. For hosts, editors and administrators."""
    slots.check_may_see(current_actor())
    page = list_slots(
        db.session,
        filters=SlotFilters(
            states=tuple(state.strip() for state in query.state.split(",") if state.strip()),
            topic=query.topic,
            language=query.language,
            starts_from=query.starts_from,
            starts_to=query.starts_to,
        ),
        cursor=query.cursor,
        limit=query.limit,
        now=utc_now(),
    )
    return {"items": [_item(view) for view in page.items], "next_cursor": page.next_cursor}


@api.get("/slots/<slot_id>")
@signed_in
@api.output(SlotItem)
@api.doc(security="bearer")
def read_slot(slot_id: str) -> dict[str, Any]:
    """Read one offered time. For hosts, editors and administrators."""
    slots.check_may_see(current_actor())
    return _shown(slot_id)


@api.post("/slots")
@signed_in
@api.input(SlotWrite, arg_name="written")
@api.output(SlotItem, status_code=201)
@api.doc(security="bearer")
@writes
def offer_slot(written: SlotWrite) -> Answer:
    """Offer a time to hosts. For editors and administrators."""
    values = {FIELDS.get(name, name): value for name, value in written}
    values["topics"] = tuple(written.topics)
    values["titles"] = _words(written.title, written.language)
    values["descriptions"] = _words(written.description, written.language)
    made = slots.offer(
        db.session, actor=current_actor(), drafts=[SlotDraft(**values)], now=utc_now()
    )
    slot_id = made[0].id
    return _shown(slot_id), 201, {"Location": f"{site_url()}/api/v1/slots/{slot_id}"}


@api.patch("/slots/<slot_id>")
@signed_in
@api.input(SlotPatch, arg_name="written")
@api.output(SlotItem)
@api.doc(security="bearer")
@writes
def edit_slot(slot_id: str, written: SlotPatch) -> Answer:
    """Change an open slot. For editors and administrators."""
    slot = slots.slot_to_offer(db.session, actor=current_actor(), slot_id=slot_id)
    draft = replace(draft_of(db.session, slot), **_changes(written, slot.language))
    slots.edit(db.session, actor=current_actor(), slot_id=slot_id, draft=draft, now=utc_now())
    return _shown(slot_id), 200, {}


@api.post("/slots/<slot_id>/withdraw")
@api.output(SlotItem)
@api.doc(security="bearer")
@writes
def withdraw_slot(slot_id: str) -> Answer:
    """Take an open slot back. For editors and administrators."""
    slots.withdraw(db.session, actor=current_actor(), slot_id=slot_id, now=utc_now())
    return _shown(slot_id), 200, {}


@api.post("/slots/<slot_id>/hold")
@api.output(HoldItem)
@api.doc(security="bearer")
@writes
def hold_slot(slot_id: str) -> Answer:
    """Hold a slot for ten minutes while its form is filled in. For hosts who may teach it."""
    held = claims.hold_slot(db.session, actor=current_actor(), slot_id=slot_id, now=utc_now())
    return {"expires_at": presenting.moment(held.expires_at)}, 200, {}


@api.delete("/slots/<slot_id>/hold")
@api.output(HoldItem)
@api.doc(security="bearer")
@writes
def give_up_hold(slot_id: str) -> Answer:
    """Give a hold back; without one nothing happens. For hosts."""
    claims.give_up_hold(db.session, actor=current_actor(), slot_id=slot_id, now=utc_now())
    return {"expires_at": None}, 200, {}


@api.post("/slots/<slot_id>/claim")
@signed_in
@api.input(ClaimWrite, arg_name="written")
@api.output(LivestreamView, status_code=201)
@api.doc(security="bearer")
@writes
def claim_slot(slot_id: str, written: ClaimWrite) -> Answer:
    """Make a scheduled livestream of an open slot, with or without a hold. For its host to be."""
    actor = current_actor()
    slot = slots.slot_for(db.session, actor=actor, slot_id=slot_id)
    settings = presenting.settings()
    livestream = claims.claim_slot(
        db.session,
        actor=actor,
        slot_id=slot_id,
        claim=Claim(
            titles=_words(written.title, slot.language),
            descriptions=_words(written.description, slot.language),
            replay_policy=written.replay_policy,
        ),
        site=Site(settings.interruption_window, settings.data_key),
        now=utc_now(),
    )
    place = f"{site_url()}/api/v1/livestreams/{livestream.id}"
    return shown_livestream(livestream.id), 201, {"Location": place}


@api.post("/slots/<slot_id>/return")
@api.output(SlotItem)
@api.doc(security="bearer")
@writes
def hand_back(slot_id: str) -> Answer:
    """Cancel the livestream of a claimed slot and offer it again, until 24 h before its start."""
    claims.hand_back(db.session, actor=current_actor(), slot_id=slot_id, now=utc_now())
    return _shown(slot_id), 200, {}


@api.post("/livestreams/<livestream_id>/return")
@signed_in
@api.input(ReturnWrite, arg_name="written")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def return_livestream(livestream_id: str, written: ReturnWrite) -> Answer:
    """Send a proposal back to its host with a reason. For editors and administrators."""
    proposals.send_back(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        reason=written.reason,
        now=utc_now(),
    )
    return shown_livestream(livestream_id), 200, {}


def _shown(slot_id: str) -> dict[str, Any]:
    if not is_id(slot_id):
        raise NotFound
    return _item(one_slot(db.session, slot_id=slot_id, now=utc_now()))


def _item(view: SlotView) -> dict[str, Any]:
    actor = current_actor()
    mine = view.hold is not None and view.hold.holder_id == actor.user_id
    page = "administration/slots" if actor.is_staff else f"hosting/slots/{view.id}/claim"
    return {
        "id": view.id,
        "topics": [topic.slug for topic in view.topics],
        "language": view.language,
        "scope": view.scope,
        "title": view.titles,
        "description": view.descriptions,
        "starts_at": rfc3339(view.starts_at),
        "ends_at": rfc3339(view.ends_at),
        "timezone": view.timezone,
        "state": view.state,
        "livestream": view.livestream_id,
        "held_until": presenting.moment(view.hold.until if mine and view.hold else None),
        "page_url": f"{site_url()}/{page}",
    }


def _changes(written: SlotPatch, language: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in written.model_fields_set:
        value = getattr(written, name)
        if value is None and name != "room":
            raise InvalidInput(FieldError(name, EMPTY))
        if name in {"title", "description"}:
            value = _words(value, written.language or language)
        changes[FIELDS.get(name, name)] = tuple(value) if name == "topics" else value
    return changes


def _words(words: Mapping[str, str], language: str) -> dict[str, str]:
    return {(language if tag == IN_ANY_LANGUAGE else tag): text for tag, text in words.items()}
