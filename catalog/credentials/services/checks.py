"""Looking a licence up at its primary source: twice by two people, and what else an editor says."""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.credentials.enums import ApplicationState, CheckStep, CredentialState, Outcome
from catalog.credentials.errors import CheckedAlready, NothingToCheck, SecondPersonNeeded
from catalog.credentials.models import Application, Credential, CredentialCheck
from catalog.credentials.queries.verification import (
    application_of,
    first_approver,
    has_first_look,
    open_credential,
)
from catalog.credentials.rules.verification import (
    check_may_verify,
    end_faults,
    look_faults,
    reason_faults,
)
from catalog.credentials.services.grants import grant
from catalog.credentials.services.noting import note_act
from catalog.credentials.services.telling import tell_decided
from core.errors import InvalidInput, NotFound
from core.sealing import unseal

CHECKED_STATES: Final = (ApplicationState.SUBMITTED, ApplicationState.GRANTED)
"""A licence is looked up when it was handed in, or again after it was granted once."""


def confirm(
    session: Session,
    *,
    actor: Actor,
    person_id: str,
    source: str,
    evidence: str,
    now: datetime,
) -> Credential:
    """Say that the primary source confirms a licence; the second of two people grants it.

    Args:
        session: Only flushed.
        actor: An editor or administrator who is not the holder, nor the first approver.
        person_id: Whose licence.
        source: The register, by name or address.
        evidence: What stood there.
        now: When it was looked up.

    Raises:
        SignInNeeded, NotAllowed: As ``check_may_verify``.
        InvalidInput: Source or evidence is missing, or the licence has ended.
        NothingToCheck: Nothing of this person waits.
        SecondPersonNeeded: The actor confirmed it before; another person must.
        CheckedAlready: Somebody else confirmed this step at the same moment.
    """
    check_may_verify(actor, holder_id=person_id)
    credential = credential_to_check(session, person_id=person_id)
    faults = [*look_faults(source, evidence), *end_faults(credential.valid_until, now)]
    if faults:
        raise InvalidInput(*faults)
    if first_approver(session, credential_id=credential.id) == actor.user_id:
        raise SecondPersonNeeded
    is_first = not has_first_look(session, credential_id=credential.id)
    step = CheckStep.FIRST if is_first else CheckStep.SECOND
    add_check(session, actor, credential, step, source, evidence, now)
    note_act(
        session, actor=actor, act="confirm", person_id=person_id, now=now, step=step, source=source
    )
    if step is CheckStep.SECOND:
        grant(session, credential=credential, actor=actor, now=now)
    return credential


def credential_to_check(session: Session, *, person_id: str) -> Credential:
    """Return the licence of a person that waits for a check.

    Raises:
        NothingToCheck: None waits, or the person is asked to write more first.
    """
    credential = open_credential(session, person_id=person_id)
    if credential is None or credential.state != CredentialState.PENDING:
        raise NothingToCheck
    application = application_of(session, person_id=person_id)
    if application is not None and application.state not in CHECKED_STATES:
        raise NothingToCheck
    return credential


def send_back(
    session: Session, *, actor: Actor, person_id: str, missing: str, now: datetime
) -> Application:
    """Give an application back to its person, who reads what is missing.

    A first look stays good unless the facts that were looked up are changed.

    Raises:
        SignInNeeded, NotAllowed, InvalidInput, NothingToCheck: As :func:`confirm`.
    """
    return _decide(session, actor, person_id, missing, ApplicationState.RETURNED, now)


def refuse(
    session: Session, *, actor: Actor, person_id: str, reason: str, now: datetime
) -> Application:
    """Refuse an application for good; the person reads the reason. Raises as :func:`confirm`."""
    return _decide(session, actor, person_id, reason, ApplicationState.REFUSED, now)


def reveal_number(
    session: Session, *, actor: Actor, person_id: str, data_key: str, now: datetime
) -> str:
    """Return the licence number in plain text, and write down who has seen it.

    Raises:
        SignInNeeded, NotAllowed: As ``check_may_verify``.
        NotFound: There is none.
    """
    check_may_verify(actor, holder_id=person_id)
    credential = open_credential(session, person_id=person_id)
    application = application_of(session, person_id=person_id)
    sealed = credential.number_sealed if credential else ""
    sealed = sealed or (application.number_sealed if application else "")
    if not sealed:
        raise NotFound
    note_act(session, actor=actor, act="reveal_number", person_id=person_id, now=now)
    return unseal(data_key, sealed)


def add_check(
    session: Session,
    actor: Actor,
    credential: Credential,
    step: CheckStep,
    source: str,
    evidence: str,
    now: datetime,
) -> None:
    """Write down one look at the primary source.

    Raises:
        CheckedAlready: The database has one of this step, or by this person.
    """
    row = CredentialCheck(
        credential_id=credential.id,
        step=step,
        outcome=Outcome.CONFIRMED,
        checked_by=actor.user_id or "",
        source=source.strip(),
        evidence=evidence.strip(),
        checked_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise CheckedAlready from None


def _decide(
    session: Session,
    actor: Actor,
    person_id: str,
    note: str,
    state: ApplicationState,
    now: datetime,
) -> Application:
    check_may_verify(actor, holder_id=person_id)
    if faults := reason_faults(note, "note"):
        raise InvalidInput(*faults)
    moved = session.execute(
        update(Application)
        .where(Application.user_id == person_id, Application.state == ApplicationState.SUBMITTED)
        .values(
            state=state,
            note=note.strip(),
            decided_at=now,
            updated_at=now,
            version=Application.version + 1,
        )
        .returning(Application.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if moved is None:
        raise NothingToCheck
    if state is ApplicationState.REFUSED:
        _close_pending(session, person_id, now)
    act = "send_back" if state is ApplicationState.RETURNED else "refuse"
    note_act(session, actor=actor, act=act, person_id=person_id, now=now, note=note)
    application = session.get_one(Application, moved, populate_existing=True)
    tell_decided(session, application=application, now=now)
    return application


def _close_pending(session: Session, person_id: str, now: datetime) -> None:
    session.execute(
        update(Credential)
        .where(Credential.user_id == person_id, Credential.state == CredentialState.PENDING)
        .values(state=CredentialState.REFUSED, updated_at=now)
        .execution_options(synchronize_session=False)
    )
