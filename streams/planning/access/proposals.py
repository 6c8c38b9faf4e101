"""Who decides on proposals: editors and administrators, with the line in the audit log."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_schedule
from catalog.models import Livestream
from core.errors import NotAllowed, SignInNeeded
from streams.planning.services import proposals


def check_may_decide(actor: Actor) -> None:
    """Let the staff see the queue of proposals; raises SignInNeeded or NotAllowed."""
    if actor.user_id is None:
        raise SignInNeeded
    if not actor.is_staff:
        raise NotAllowed


def send_back(
    session: Session, *, actor: Actor, livestream_id: str, reason: str, now: datetime
) -> Livestream:
    """Send a proposal back with a reason.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_schedule``.
        InvalidInput, NotInThisState: As ``proposals.send_back``.
    """
    livestream = livestream_to_schedule(session, livestream_id=livestream_id, actor=actor)
    proposals.send_back(session, livestream=livestream, reason=reason, by=actor.user_id, now=now)
    record_audit(
        session,
        actor_id=actor.user_id,
        act="livestream.return",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
    )
    return livestream
