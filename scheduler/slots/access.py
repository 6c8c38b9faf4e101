"""Who may see, offer and claim slots; every page and API operation asks here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from accounts.services import record_audit
from catalog.rules import is_id
from core.errors import NotAllowed, NotFound, SignInNeeded, _
from scheduler.models import Slot
from scheduler.slots import services
from scheduler.slots.queries import teacher_of, topics_of
from scheduler.slots.rules import Asked, SlotDraft, Teacher, refusal_of

HOSTS_ONLY = _("Only hosts claim a time. Sign in as a host.")


def check_may_see(actor: Actor) -> None:
    """Let hosts and the staff see what is offered; raises SignInNeeded or NotAllowed."""
    if actor.user_id is None:
        raise SignInNeeded
    if not (actor.is_staff or actor.has(Role.HOST)):
        raise NotAllowed


def check_may_offer(actor: Actor) -> None:
    """Let the staff offer slots; raises SignInNeeded or NotAllowed."""
    if actor.user_id is None:
        raise SignInNeeded
    if not actor.is_staff:
        raise NotAllowed


def slot_for(session: Session, *, actor: Actor, slot_id: str) -> Slot:
    """Return a slot that the actor may see; raises NotFound beside the refusals above."""
    check_may_see(actor)
    slot = session.get(Slot, slot_id) if is_id(slot_id) else None
    if slot is None:
        raise NotFound
    return slot


def slot_to_offer(session: Session, *, actor: Actor, slot_id: str) -> Slot:
    """Return a slot for the staff to change; raises as above."""
    check_may_offer(actor)
    return slot_for(session, actor=actor, slot_id=slot_id)


def teacher_for(session: Session, *, actor: Actor) -> Teacher:
    """Return the host that the actor is; raises NotAllowed for everybody else."""
    check_may_see(actor)
    is_host = actor.user_id is not None and actor.has(Role.HOST)
    teacher = teacher_of(session, host_id=actor.user_id or "") if is_host else None
    if teacher is None:
        raise NotAllowed(HOSTS_ONLY)
    return teacher


def slot_to_claim(
    session: Session, *, actor: Actor, slot_id: str, now: datetime
) -> tuple[Slot, Teacher]:
    """Return a slot and the host who may teach it.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As above.
        NotVerified, BeyondScope, NotYourTopic, NotYourLanguage: The host may not teach it.
    """
    slot = slot_for(session, actor=actor, slot_id=slot_id)
    teacher = teacher_for(session, actor=actor)
    asked = Asked(frozenset(topics_of(session, slot_id=slot_id)), slot.language, slot.scope)
    refusal = refusal_of(teacher, asked, now)
    if refusal is not None:
        raise refusal
    return slot, teacher


def offer(
    session: Session, *, actor: Actor, drafts: Sequence[SlotDraft], now: datetime
) -> list[Slot]:
    """Offer slots on behalf of an editor, and write that down."""
    check_may_offer(actor)
    made = services.publish_slots(session, drafts=drafts, published_by=actor.user_id, now=now)
    for slot in made:
        _record(session, actor, "offer", slot, now)
    return made


def edit(session: Session, *, actor: Actor, slot_id: str, draft: SlotDraft, now: datetime) -> Slot:
    """Change an open slot on behalf of an editor."""
    slot = slot_to_offer(session, actor=actor, slot_id=slot_id)
    services.edit_slot(session, slot=slot, draft=draft, now=now)
    return _record(session, actor, "edit", slot, now)


def withdraw(session: Session, *, actor: Actor, slot_id: str, now: datetime) -> Slot:
    """Take an open slot back on behalf of an editor."""
    slot = slot_to_offer(session, actor=actor, slot_id=slot_id)
    services.withdraw(session, slot=slot, now=now)
    return _record(session, actor, "withdraw", slot, now)


def offer_again(session: Session, *, actor: Actor, slot_id: str, now: datetime) -> Slot:
    """Undo a withdrawal on behalf of an editor."""
    slot = slot_to_offer(session, actor=actor, slot_id=slot_id)
    services.offer_again(session, slot=slot, now=now)
    return _record(session, actor, "offer_again", slot, now)


def _record(session: Session, actor: Actor, act: str, slot: Slot, now: datetime) -> Slot:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"slot.{act}",
        subject_kind="slot",
        subject_id=slot.id,
        now=now,
    )
    return slot
