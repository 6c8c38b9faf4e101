"""Acts of editors in the audit log."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.editing.rules.contents import Subject


def note_act(
    session: Session,
    *,
    actor: Actor,
    subject: Subject,
    act: str,
    number: int,
    now: datetime,
    **details: object,
) -> None:
    """Add a line like ``topic.publish`` with the number of the revision."""
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"{subject.kind}.{act}",
        subject_kind=subject.kind,
        subject_id=subject.id,
        now=now,
        details={"number": number, **details},
    )
