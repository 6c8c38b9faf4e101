"""Writes of an application: it is saved with its faults, and sent when it has none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.services import record_audit
from catalog.credentials.enums import ApplicationState, ConsentKind, CredentialState
from catalog.credentials.errors import AlreadyHost, ApplicationClosed
from catalog.credentials.models import Application, Credential
from catalog.credentials.queries.applications import (
    application_of,
    filled_of,
    has_checks,
    number_of,
    open_credential,
)
from catalog.credentials.rules.agreement import RECORDING_VERSION
from catalog.credentials.rules.application import (
    OPEN_STATES,
    all_faults,
    empty_answers,
    last_moment,
    normal_number,
    words_of,
)
from catalog.credentials.services.consents import give_consent
from catalog.credentials.services.documents import remove_all
from catalog.credentials.services.telling import tell_handed_in
from core.errors import InvalidInput
from core.ids import new_id
from core.sealing import keyed_fingerprint, seal
from core.words import in_language
from media.ports import ObjectStorage

FACTS = ("kind", "holder", "country", "authority", "number_fingerprint", "valid_until")
"""What is looked up at the primary source."""


def begin_application(
    session: Session, *, user_id: str, language: str, now: datetime
) -> Application:
    """Return the application of a person, locked for writing; it begins if there is none.

    Raises:
        AlreadyHost: The person's licence was granted, without an application.
    """
    held = application_of(session, user_id, to_write=True)
    if held is not None:
        return held
    licence = open_credential(session, user_id)
    if licence is not None and licence.state == CredentialState.GRANTED:
        raise AlreadyHost
    made = Application(
        id=new_id(),
        user_id=user_id,
        answers=empty_answers(language),
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # begun at this moment in another tab
        return begin_application(session, user_id=user_id, language=language, now=now)
    return made


def save_answers(
    session: Session,
    *,
    application: Application,
    answers: Mapping[str, Any],
    number: str,
    data_key: str,
    now: datetime,
) -> None:
    """Keep what was typed, faults and all.

    Args:
        session: Flushed, not committed.
        application: Locked for writing.
        answers: The fields that were sent; others stay as they are.
        number: The licence number; empty keeps the one there is.
        data_key: Seals the number at once.
        now: When.

    Raises:
        ApplicationClosed: It was sent or decided.
    """
    if application.state not in OPEN_STATES:
        raise ApplicationClosed
    application.answers = {**application.answers, **answers}
    if number.strip():
        application.number_sealed = seal(data_key, number.strip())
    application.updated_at = now
    session.flush()


def submit(
    session: Session, *, application: Application, data_key: str, now: datetime
) -> Credential:
    """Send an application to the editors; its licence waits to be checked from now on.

    Returns:
        The pending licence.

    Raises:
        InvalidInput: Something is missing or wrong; every fault of every step is named.
        ApplicationClosed: It was sent already, perhaps at this moment.
        AlreadyHost: The person has a licence that was granted.
    """
    filled = filled_of(session, application, answers={}, data_key=data_key)
    if faults := all_faults(filled, now.date()):
        raise InvalidInput(*(fault for found in faults.values() for fault in found))
    return hand_in(session, application=application, data_key=data_key, now=now)


def hand_in(
    session: Session, *, application: Application, data_key: str, now: datetime
) -> Credential:
    """Put an application without faults before the editors; raises as :func:`submit`."""
    _to_submitted(session, application, now)
    credential = _pending_credential(session, application, data_key, now)
    give_consent(
        session,
        user_id=application.user_id,
        kind=ConsentKind.RECORDING,
        version=RECORDING_VERSION,
        now=now,
    )
    tell_handed_in(session, application=application, now=now)
    _record(session, application, "application.submit", now)
    return credential


def erase_application(
    session: Session, storage: ObjectStorage, *, application: Application, now: datetime
) -> None:
    """Remove an application with its pages and the licence that still waited for its check.

    Raises:
        ApplicationClosed: It was granted: the licence is part of being a host.
        StorageUnavailable: The pages cannot be removed now; nothing was erased.
    """
    if application.state == ApplicationState.GRANTED:
        raise ApplicationClosed
    remove_all(session, storage, application_id=application.id, now=now)
    session.execute(
        delete(Credential).where(
            Credential.user_id == application.user_id, Credential.state == CredentialState.PENDING
        )
    )
    _record(session, application, "application.erase", now)
    session.delete(application)
    session.flush()


def number_fingerprint(data_key: str, *, country: str, number: str) -> str:
    """Return the keyed fingerprint by which two claims of one licence number are found."""
    return keyed_fingerprint(data_key, f"{country.upper()}:{normal_number(number)}")


def _to_submitted(session: Session, application: Application, now: datetime) -> None:
    moved = session.execute(
        update(Application)
        .where(Application.id == application.id, Application.state.in_(OPEN_STATES))
        .values(
            state=ApplicationState.SUBMITTED,
            submitted_at=now,
            decided_at=None,
            updated_at=now,
            version=Application.version + 1,
        )
        .returning(Application.id)
    ).all()
    if len(moved) != 1:
        raise ApplicationClosed
    session.refresh(application)


def _pending_credential(
    session: Session, application: Application, data_key: str, now: datetime
) -> Credential:
    """Return the licence to check: the one that waits if its facts are the same, else a new one."""
    facts = _facts(application, data_key)
    held = open_credential(session, application.user_id)
    if held is not None and held.state == CredentialState.GRANTED:
        raise AlreadyHost
    if held is not None and has_checks(session, held.id) and _differs(held, facts):
        held.state = CredentialState.REFUSED  # what was looked up is no longer what is claimed
        held.updated_at = now
        session.flush()
        held = None
    if held is None:
        held = Credential(id=new_id(), user_id=application.user_id, created_at=now)
        session.add(held)
    for name, value in facts.items():
        setattr(held, name, value)
    held.updated_at = now
    session.flush()
    return held


def _facts(application: Application, data_key: str) -> dict[str, Any]:
    answers = application.answers
    number = number_of(application, data_key)
    name = in_language(words_of(answers, "name"), "")
    return {
        "kind": answers["kind"],
        "holder": answers.get("holder", "").strip() or name,
        "country": answers["country"],
        "authority": answers["authority"].strip(),
        "number_sealed": application.number_sealed,
        "number_fingerprint": number_fingerprint(
            data_key, country=answers["country"], number=number
        ),
        "valid_until": last_moment(answers),
    }


def _differs(credential: Credential, facts: Mapping[str, Any]) -> bool:
    return any(getattr(credential, name) != facts[name] for name in FACTS)


def _record(session: Session, application: Application, act: str, now: datetime) -> None:
    record_audit(
        session,
        actor_id=application.user_id,
        act=act,
        subject_kind="application",
        subject_id=application.id,
        now=now,
    )
