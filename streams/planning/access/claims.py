"""Who may claim a slot and hand it back, with the line in the audit log."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_run
from catalog.models import Livestream
from scheduler.models import Reservation, Slot
from scheduler.slots import access as slots
from scheduler.slots import services as slot_services
from scheduler.slots.errors import NotOpen
from streams.planning.rules.claims import Claim
from streams.planning.services import claims
from streams.planning.services.claims import Site


def hold_slot(session: Session, *, actor: Actor, slot_id: str, now: datetime) -> Reservation:
    """Hold a slot for the host who asks; raises as ``slot_to_claim`` and ``hold_slot`` do."""
    slot, teacher = slots.slot_to_claim(session, actor=actor, slot_id=slot_id, now=now)
    return slot_services.hold_slot(session, slot=slot, teacher=teacher, now=now)


def give_up_hold(session: Session, *, actor: Actor, slot_id: str, now: datetime) -> Slot:
    """Give back the hold of the host who asks; without one nothing happens."""
    slot = slots.slot_for(session, actor=actor, slot_id=slot_id)
    teacher = slots.teacher_for(session, actor=actor)
    slot_services.give_up_hold(session, slot=slot, host_id=teacher.id, now=now)
    return slot


def claim_slot(
    session: Session, *, actor: Actor, slot_id: str, claim: Claim, site: Site, now: datetime
) -> Livestream:
    """Claim a slot for the host who asks; raises as ``slot_to_claim`` and ``claim_slot`` do."""
    slot, teacher = slots.slot_to_claim(session, actor=actor, slot_id=slot_id, now=now)
    livestream = claims.claim_slot(
        session, actor=actor, slot=slot, teacher=teacher, claim=claim, site=site, now=now
    )
    _record(session, actor, "claim", slot.id, livestream.id, now)
    return livestream


def hand_back(session: Session, *, actor: Actor, slot_id: str, now: datetime) -> Slot:
    """Hand a claimed slot back on behalf of its host or the staff.

    Raises:
        NotFound, SignInNeeded, NotAllowed: The actor does not run the livestream.
        TooLateToHandBack, NotOpen, NotInThisState: As ``claims.hand_back``.
    """
    slot = slots.slot_for(session, actor=actor, slot_id=slot_id)
    if slot.livestream_id is None:
        raise NotOpen
    livestream = livestream_to_run(session, livestream_id=slot.livestream_id, actor=actor)
    claims.hand_back(session, slot=slot, livestream=livestream, now=now)
    _record(session, actor, "hand_back", slot.id, livestream.id, now)
    return slot


def _record(
    session: Session, actor: Actor, act: str, slot_id: str, livestream_id: str, now: datetime
) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"slot.{act}",
        subject_kind="slot",
        subject_id=slot_id,
        now=now,
        details={"livestream": livestream_id},
    )
