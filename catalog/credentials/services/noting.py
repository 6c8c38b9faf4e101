"""Acts about licences and rosters in the audit log."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit


def note_act(
    session: Session, *, actor: Actor, act: str, person_id: str, now: datetime, **details: object
) -> None:
    """Add a line like ``credential.confirm`` about a person; ``details`` hold no licence number."""
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"credential.{act}",
        subject_kind="user",
        subject_id=person_id,
        now=now,
        details=details,
    )


def note_roster(
    session: Session,
    actor: Actor,
    act: str,
    subject_id: str,
    now: datetime,
    **details: object,
) -> None:
    """Add a line like ``roster.approve``; the first word names the kind of the subject."""
    record_audit(
        session,
        actor_id=actor.user_id,
        act=act,
        subject_kind=act.partition(".")[0],
        subject_id=subject_id,
        now=now,
        details=details,
    )
