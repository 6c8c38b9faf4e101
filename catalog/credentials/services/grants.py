"""A licence that two people confirmed makes its holder a host."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from accounts.rules import Actor
from accounts.services import give_roles
from catalog.credentials.enums import ApplicationState, CredentialState
from catalog.credentials.errors import NothingToCheck
from catalog.credentials.models import Application, Credential, Document
from catalog.credentials.queries.verification import application_of, known_topics
from catalog.credentials.rules.profiles import Profile, initials_of, profile_of
from catalog.credentials.rules.verification import DOCUMENTS_KEPT, valid_from_check
from catalog.credentials.services.noting import note_act
from catalog.credentials.services.telling import tell_granted
from catalog.models import Host, HostLanguage, HostTopic


def grant(session: Session, *, credential: Credential, actor: Actor, now: datetime) -> Host:
    """Grant a pending licence that two people confirmed: role, public face, validity, clearing up.

    Raises:
        NothingToCheck: It was decided at the same moment.
    """
    until = valid_from_check(now, credential.valid_until)
    granted = session.execute(
        update(Credential)
        .where(Credential.id == credential.id, Credential.state == CredentialState.PENDING)
        .values(
            state=CredentialState.GRANTED,
            granted_at=now,
            recheck_due_at=until,
            lapse_told_at=None,
            updated_at=now,
        )
        .returning(Credential.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if granted is None:
        raise NothingToCheck
    session.refresh(credential)
    application = application_of(session, person_id=credential.user_id)
    profile = profile_of(application.answers) if application is not None else None
    host = make_host(session, credential=credential, profile=profile, until=until, now=now)
    if application is not None:
        _settle(session, application, now)
    tell_granted(session, credential=credential, now=now)
    note_act(
        session,
        actor=actor,
        act="grant",
        person_id=credential.user_id,
        now=now,
        until=until.isoformat(),
    )
    return host


def make_host(
    session: Session,
    *,
    credential: Credential,
    profile: Profile | None,
    until: datetime,
    now: datetime,
) -> Host:
    """Give the holder of a licence the role and the public face of a host.

    ``profile`` fills the face; None, or a host who has one already: the words on it stay.
    """
    user = session.get_one(User, credential.user_id)
    give_roles(session, user=user, roles=[Role.HOST], now=now)
    host = session.get(Host, credential.user_id)
    if host is None:
        host = Host(id=credential.user_id, names={"en": user.display_name})
        session.add(host)
        if profile is not None:
            _fill(host, profile)
            session.flush()
            _teach(session, host.id, profile)
    stamp(host, credential, until=until, now=now)
    session.flush()
    return host


def stamp(host: Host, credential: Credential, *, until: datetime, now: datetime) -> None:
    """Write what everybody may know of a check at ``now``: profession, where, and until when."""
    host.credential_kind = credential.kind
    host.verified_until = until
    host.checked_at = now
    host.checked_with = credential.authority
    host.licence_country = credential.country
    host.updated_at = now


def _fill(host: Host, profile: Profile) -> None:
    host.names = dict(profile.names) or host.names
    host.titles = dict(profile.titles)
    host.institutions = dict(profile.institutions)
    host.departments = dict(profile.departments)
    host.initials = initials_of(host.names)
    host.interests = dict(profile.interests)


def _teach(session: Session, host_id: str, profile: Profile) -> None:
    session.execute(delete(HostTopic).where(HostTopic.host_id == host_id))
    session.execute(delete(HostLanguage).where(HostLanguage.host_id == host_id))
    session.add_all(
        HostTopic(host_id=host_id, topic_slug=slug)
        for slug in known_topics(session, slugs=profile.topics)
    )
    session.add_all(HostLanguage(host_id=host_id, language=tag) for tag in profile.languages)


def _settle(session: Session, application: Application, now: datetime) -> None:
    """Close the application; its documents go after a month."""
    application.state, application.decided_at = ApplicationState.GRANTED, now
    application.note, application.updated_at = "", now
    application.version += 1
    session.execute(
        update(Document)
        .where(Document.application_id == application.id, Document.removed_at.is_(None))
        .values(remove_at=now + DOCUMENTS_KEPT)
        .execution_options(synchronize_session=False)
    )
