"""What a host agrees to: each yes and each end of it is a row that stays."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.services import record_audit
from catalog.credentials.enums import ConsentKind
from catalog.credentials.models import Consent
from catalog.credentials.queries.applications import consent_of
from core.ids import new_id


def give_consent(
    session: Session, *, user_id: str, kind: ConsentKind, version: int, now: datetime
) -> None:
    """Write down that a person agreed to a version; once more to the same one changes nothing."""
    held = consent_of(session, user_id, kind)
    if held is not None and held.version >= version:
        return
    session.add(Consent(id=new_id(), user_id=user_id, kind=kind, version=version, given_at=now))
    session.flush()
    _record(session, user_id, "consent.give", now, {"kind": kind.value, "version": version})


def withdraw_consent(session: Session, *, user_id: str, kind: ConsentKind, now: datetime) -> bool:
    """End what a person agreed to in every version; tell whether there was anything to end."""
    ended = session.execute(
        update(Consent)
        .where(Consent.user_id == user_id, Consent.kind == kind, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(Consent.version)
    ).scalars()
    versions = sorted(ended)
    if versions:
        details = {"kind": kind.value, "versions": versions}
        _record(session, user_id, "consent.withdraw", now, details)
    return bool(versions)


def _record(
    session: Session, user_id: str, act: str, now: datetime, details: Mapping[str, object]
) -> None:
    record_audit(
        session,
        actor_id=user_id,
        act=act,
        subject_kind="user",
        subject_id=user_id,
        now=now,
        details=details,
    )
