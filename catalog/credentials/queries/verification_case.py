"""All that an editor sees of one person's licence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.models import User
from catalog.credentials.enums import ApplicationState, ConsentKind, CredentialState
from catalog.credentials.models import Application, Credential
from catalog.credentials.queries.applications import PageView, consent_of, pages_of
from catalog.credentials.queries.verification import (
    application_of,
    first_approver,
    newest_credential,
)
from catalog.credentials.queries.verification_queue import Look, duplicates_of, looks_of
from catalog.credentials.rules.profiles import Profile, profile_of
from catalog.models import Host
from core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Case:
    """One person: what they handed in, their newest licence, and everything that was said of it."""

    person_id: str
    email: str
    name: str
    application: Application | None
    profile: Profile | None
    credential: Credential | None
    host: Host | None
    documents: Sequence[PageView]
    duplicates: Sequence[tuple[str, str, str]]
    looks: Sequence[Look]
    first_by: str | None
    has_consent: bool

    @property
    def is_waiting(self) -> bool:
        """Whether a check for the grant is open."""
        if self.credential is None or self.credential.state != CredentialState.PENDING:
            return False
        return self.application is None or self.application.state in {
            ApplicationState.SUBMITTED,
            ApplicationState.GRANTED,
        }

    @property
    def can_be_decided(self) -> bool:
        """Whether an application can be sent back or refused."""
        return self.application is not None and self.application.state == ApplicationState.SUBMITTED

    @property
    def is_granted(self) -> bool:
        """Whether the licence is granted, valid now or lapsed."""
        return self.credential is not None and self.credential.state == CredentialState.GRANTED

    @property
    def is_withdrawn(self) -> bool:
        """Whether the newest licence was withdrawn."""
        return self.credential is not None and self.credential.state == CredentialState.WITHDRAWN

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether there is a verification to take away; hosts made by hand have no licence row."""
        return self.is_granted or (self.host is not None and self.host.verified_until is not None)


def case_of(session: Session, *, person_id: str) -> Case:
    """Return the case of a person.

    Raises:
        NotFound: There is no such person, or they neither applied nor host.
    """
    user = session.get(User, person_id)
    application = application_of(session, person_id=person_id)
    credential = newest_credential(session, person_id=person_id)
    host = session.get(Host, person_id)
    handed_in = application is not None and application.state != ApplicationState.DRAFT
    if user is None or not (handed_in or credential is not None or host is not None):
        raise NotFound
    return Case(
        person_id=person_id,
        email=user.email,
        name=credential.holder if credential else user.display_name,
        application=application,
        profile=profile_of(application.answers) if application else None,
        credential=credential,
        host=host,
        documents=pages_of(session, application.id) if application else (),
        duplicates=duplicates_of(session, credential=credential) if credential else (),
        looks=looks_of(session, person_id=person_id),
        first_by=first_approver(session, credential_id=credential.id) if credential else None,
        has_consent=consent_of(session, person_id, ConsentKind.RECORDING) is not None,
    )


def waited_days(since: datetime, now: datetime) -> int:
    """Return for how many whole days something waits."""
    return max(0, (now - since).days)
