"""Acts about licences in the audit log; the subject is always the person."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit


def note_act(
    session: Session, *, actor: Actor, act: str, person_id: str, now: datetime, **details: object
) -> None:
    """Add a line like ``credential.confirm``; ``details`` hold no licence number."""
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"credential.{act}",
        subject_kind="user",
        subject_id=person_id,
        now=now,
        details=details,
    )
