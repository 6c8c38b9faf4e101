"""Taking a licence's validity away, the same minute, and opening the way back."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.credentials.enums import CredentialState
from catalog.credentials.errors import NoLicence, OpenAlready
from catalog.credentials.models import Credential
from catalog.credentials.queries.verification import newest_credential, open_credential
from catalog.credentials.rules.verification import check_may_verify, reason_faults
from catalog.credentials.services.noting import note_act
from catalog.credentials.services.telling import tell_withdrawn
from catalog.models import Host
from core.errors import InvalidInput
from core.ids import new_id


def withdraw(
    session: Session, *, actor: Actor, person_id: str, reason: str, now: datetime
) -> Credential | None:
    """End a host's verification at this moment; hosts without a licence row lose it as well.

    From the commit on nothing can be claimed, scheduled, started or sent; the clock ends what is
    live (see ``end_withdrawn`` in :mod:`web.clock`).

    Raises:
        SignInNeeded, NotAllowed: As ``check_may_verify``.
        InvalidInput: There is no reason.
        NoLicence: The person is no verified host.
    """
    check_may_verify(actor, holder_id=person_id)
    if faults := reason_faults(reason):
        raise InvalidInput(*faults)
    host = session.get(Host, person_id, populate_existing=True)
    credential = open_credential(session, person_id=person_id)
    granted = credential is not None and credential.state == CredentialState.GRANTED
    if host is None or not (granted or host.verified_until is not None):
        raise NoLicence
    host.verified_until, host.updated_at = None, now
    if credential is not None and granted:
        _close(session, credential, reason.strip(), now)
    session.flush()
    tell_withdrawn(
        session,
        person_id=person_id,
        credential=credential if granted else None,
        reason=reason.strip(),
        now=now,
    )
    note_act(session, actor=actor, act="withdraw", person_id=person_id, now=now, reason=reason)
    return credential


def reopen(session: Session, *, actor: Actor, person_id: str, now: datetime) -> Credential:
    """Open a new check of a licence that was withdrawn; two people make it, as the first time.

    Raises:
        SignInNeeded, NotAllowed: As ``check_may_verify``.
        NoLicence: None was withdrawn.
        OpenAlready: A check is open, or the licence is granted.
    """
    check_may_verify(actor, holder_id=person_id)
    if open_credential(session, person_id=person_id) is not None:
        raise OpenAlready
    old = newest_credential(session, person_id=person_id)
    if old is None or old.state != CredentialState.WITHDRAWN:
        raise NoLicence
    new = _again(old, now)
    session.add(new)
    session.flush()
    note_act(session, actor=actor, act="reopen", person_id=person_id, now=now)
    return new


def _close(session: Session, credential: Credential, reason: str, now: datetime) -> None:
    session.execute(
        update(Credential)
        .where(Credential.id == credential.id, Credential.state == CredentialState.GRANTED)
        .values(
            state=CredentialState.WITHDRAWN,
            withdrawn_at=now,
            withdrawn_reason=reason,
            recheck_due_at=None,
            updated_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(credential)


def _again(old: Credential, now: datetime) -> Credential:
    return Credential(
        id=new_id(),
        user_id=old.user_id,
        kind=old.kind,
        holder=old.holder,
        country=old.country,
        authority=old.authority,
        number_sealed=old.number_sealed,
        number_fingerprint=old.number_fingerprint,
        valid_until=old.valid_until,
        state=CredentialState.PENDING,
        created_at=now,
        updated_at=now,
    )
