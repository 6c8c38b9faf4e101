"""Looking a granted licence up again, at least every 90 days, and the notice before it lapses."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.rules import STRANGER, Actor
from catalog.credentials.enums import CheckStep, CredentialState
from catalog.credentials.errors import LicenceEnded, NoLicence
from catalog.credentials.models import Credential
from catalog.credentials.queries.verification import newly_due, open_credential
from catalog.credentials.rules.verification import (
    check_may_verify,
    end_faults,
    look_faults,
    valid_from_check,
)
from catalog.credentials.services.checks import add_check
from catalog.credentials.services.grants import stamp
from catalog.credentials.services.noting import note_act
from catalog.credentials.services.telling import tell_due
from catalog.models import Host
from core.errors import InvalidInput


def recheck(
    session: Session,
    *,
    actor: Actor,
    person_id: str,
    source: str,
    evidence: str,
    new_end: datetime | None,
    now: datetime,
) -> Credential:
    """Say that the primary source still confirms a granted licence: valid for 90 days more.

    ``new_end`` is the end that the register shows now; None leaves the end as it was. The licence
    is never valid beyond it.

    Raises:
        SignInNeeded, NotAllowed: As ``check_may_verify``.
        InvalidInput: Source or evidence is missing, or the end is over.
        NoLicence: It is not granted (any more).
        LicenceEnded: Its end has come, and no new one was entered.
    """
    check_may_verify(actor, holder_id=person_id)
    credential = open_credential(session, person_id=person_id, lock=True)
    if credential is None or credential.state != CredentialState.GRANTED:
        raise NoLicence
    if faults := [*look_faults(source, evidence), *end_faults(new_end, now)]:
        raise InvalidInput(*faults)
    ends = new_end or credential.valid_until
    if ends is not None and ends <= now:
        raise LicenceEnded
    add_check(session, actor, credential, CheckStep.RECHECK, source, evidence, now)
    until = valid_from_check(now, ends)
    credential.valid_until, credential.recheck_due_at = ends, until
    credential.lapse_told_at, credential.updated_at = None, now
    stamp(session.get_one(Host, person_id), credential, until=until, now=now)
    session.flush()
    note_act(
        session,
        actor=actor,
        act="recheck",
        person_id=person_id,
        now=now,
        source=source,
        until=until.isoformat(),
    )
    return credential


def announce_due(session: Session, now: datetime) -> Sequence[str]:
    """Tell holders, once per due date, that their licence is due soon; return their ids.

    The page of the licence and the editors' queue show it from then on.
    """
    told = []
    for credential in newly_due(session, now=now):
        marked = session.execute(
            update(Credential)
            .where(Credential.id == credential.id, Credential.lapse_told_at.is_(None))
            .values(lapse_told_at=now)
            .returning(Credential.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        if marked is not None:
            due = credential.recheck_due_at.isoformat() if credential.recheck_due_at else ""
            note_act(
                session, actor=STRANGER, act="due", person_id=credential.user_id, now=now, due=due
            )
            tell_due(session, credential=credential, now=now)
            told.append(credential.user_id)
    return told
