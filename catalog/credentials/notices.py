"""What applicants, hosts and the staff are told about applications and licences."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, Drop, Due, Say, Source
from accounts.notices.times import written
from catalog.credentials.enums import ApplicationState, CredentialState
from catalog.credentials.models import Application, Credential
from catalog.credentials.queries.verification import newest_credential
from catalog.credentials.rules.profiles import profile_of
from catalog.models import Host
from core.words import in_language

GONE: Final = Drop(DropReason.GONE)
NOT_TRUE: Final = Drop(DropReason.NOT_TRUE)
LICENCE: Final = "/hosting/licence"


def staff_application(session: Session, due: Due, now: datetime) -> Answer:
    """Tell the staff that an application waits; the applicant may be one of them."""
    del now
    application = session.get(Application, due.occurrence, populate_existing=True)
    if application is None:
        return GONE
    own = application.user_id == due.person.user_id
    if own or not _stands(application, due, ApplicationState.SUBMITTED):
        return NOT_TRUE
    profile = profile_of(application.answers)
    name = in_language(profile.names, due.person.language) or profile.holder
    path = f"/administration/verification/people/{application.user_id}"
    return _say(due, path, name=name)


def application_returned(session: Session, due: Due, now: datetime) -> Answer:
    """Tell an applicant what is missing."""
    del now
    return _decided(session, due, ApplicationState.RETURNED)


def application_refused(session: Session, due: Due, now: datetime) -> Answer:
    """Tell an applicant why it was refused."""
    del now
    return _decided(session, due, ApplicationState.REFUSED)


def application_granted(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host that they can begin, and until when the check holds."""
    credential = session.get(Credential, due.occurrence, populate_existing=True)
    if credential is None:
        return GONE
    until = credential.recheck_due_at
    if credential.state != CredentialState.GRANTED or until is None or until <= now:
        return NOT_TRUE
    return _say(due, "/hosting", until=_written(until, due))


def licence_due(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host until when their licence has to be looked up again."""
    del now
    credential = session.get(Credential, due.occurrence, populate_existing=True)
    if credential is None:
        return GONE
    until = credential.recheck_due_at
    if credential.state != CredentialState.GRANTED or until is None:
        return NOT_TRUE
    if int(until.timestamp()) != due.revision:  # it was looked up since
        return NOT_TRUE
    return _say(due, LICENCE, until=_written(until, due))


def licence_withdrawn(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host why they cannot host, unless they can again."""
    del now
    person_id = due.person.user_id or ""
    host = session.get(Host, person_id, populate_existing=True)
    if host is None:
        return GONE
    newest = newest_credential(session, person_id=person_id)
    may_host = host.verified_until is not None
    if may_host or (newest is not None and newest.state == CredentialState.GRANTED):
        return NOT_TRUE
    withdrawn = session.get(Credential, due.occurrence, populate_existing=True)
    reason = due.facts.get("reason", "") if withdrawn is None else withdrawn.withdrawn_reason
    return _say(due, LICENCE, reason=reason)


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {
        "staff_application": staff_application,
        "application_returned": application_returned,
        "application_refused": application_refused,
        "application_granted": application_granted,
        "licence_due": licence_due,
        "licence_withdrawn": licence_withdrawn,
    }
)


def _decided(session: Session, due: Due, state: ApplicationState) -> Answer:
    application = session.get(Application, due.occurrence, populate_existing=True)
    if application is None:
        return GONE
    if not _stands(application, due, state):
        return NOT_TRUE
    return _say(due, "/apply/status", reason=application.note)


def _stands(application: Application, due: Due, state: ApplicationState) -> bool:
    """Tell whether nothing was decided or sent since the notice was written."""
    return application.state == state and application.version == due.revision


def _say(due: Due, path: str, **values: str) -> Say:
    return Say(values=values, link=due.site.page(path, due.person.language))


def _written(moment: datetime, due: Due) -> str:
    return written(moment, due.person.timezone, due.person.language)
