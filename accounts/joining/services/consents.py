"""What is kept only with a yes: given in one version, taken back at any time."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.joining.enums import ConsentKind
from accounts.joining.models import PersonConsent
from core.database import insert_into
from core.ids import new_id


def give_consent(
    session: Session, *, user_id: str, kind: ConsentKind, version: int, now: datetime
) -> None:
    """Note a yes to a version; one that stands stays as it is."""
    row = insert_into(session, PersonConsent).values(
        id=new_id(), user_id=user_id, kind=kind, version=version, given_at=now
    )
    session.execute(row.on_conflict_do_nothing())


def withdraw_consent(session: Session, *, user_id: str, kind: ConsentKind, now: datetime) -> None:
    """Note that a yes was taken back; the caller deletes what was kept by it."""
    session.execute(
        update(PersonConsent)
        .where(
            PersonConsent.user_id == user_id,
            PersonConsent.kind == kind,
            PersonConsent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
        .execution_options(synchronize_session="fetch")
    )
