"""The links by which people of an approved roster take their accounts."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.rules import Actor
from accounts.services import end_sessions, hash_password, record_audit
from catalog.credentials.enums import ConsentKind, RosterState
from catalog.credentials.errors import LinkOver, NothingToCheck
from catalog.credentials.models import Roster, RosterEntry
from catalog.credentials.queries.verification_rosters import entry_of_link
from catalog.credentials.rules.agreement import RECORDING_VERSION
from catalog.credentials.rules.verification import check_may_verify
from catalog.credentials.services.consents import give_consent
from core.errors import NotFound
from core.ids import new_secret
from core.sealing import fingerprint


def make_links(
    session: Session, *, actor: Actor, roster_id: str, now: datetime
) -> list[tuple[RosterEntry, str]]:
    """Return a new secret for everybody of an approved roster who has no password yet.

    Links that were made before and not used open nothing from now on.

    Raises:
        SignInNeeded, NotAllowed: The actor is none of the staff.
        NotFound: There is no such roster.
        NothingToCheck: It is not approved.
    """
    check_may_verify(actor)
    roster = session.get(Roster, roster_id, populate_existing=True)
    if roster is None:
        raise NotFound
    if roster.state != RosterState.APPROVED:
        raise NothingToCheck
    invited = session.scalars(
        select(RosterEntry)
        .join(User, User.id == RosterEntry.user_id)
        .where(RosterEntry.roster_id == roster_id, RosterEntry.joined_at.is_(None))
        .where(User.password.is_(None))
        .order_by(RosterEntry.position)
    ).all()
    links = [(entry, new_secret()) for entry in invited]
    for entry, secret in links:
        entry.join_fingerprint = fingerprint(secret)
    session.flush()
    record_audit(
        session,
        actor_id=actor.user_id,
        act="roster.make_links",
        subject_kind="roster",
        subject_id=roster_id,
        now=now,
        details={"links": len(links)},
    )
    return links


def invited_by(session: Session, *, secret: str) -> RosterEntry:
    """Return whom a link invites.

    Raises:
        LinkOver: It was used, replaced or never made.
    """
    entry = entry_of_link(session, fingerprint=fingerprint(secret))
    if entry is None or entry.user_id is None:
        raise LinkOver
    return entry


def join(session: Session, *, secret: str, password: str, now: datetime) -> User:
    """Take the account that a link names: a password, and the consent to recording.

    Raises:
        LinkOver: It was used, perhaps at this moment, replaced or never made.
        WeakPassword: The password is too short or too long.
    """
    entry = entry_of_link(session, fingerprint=fingerprint(secret), lock=True)
    user = session.get(User, entry.user_id) if entry is not None else None
    if entry is None or user is None or user.password is not None:
        raise LinkOver
    user.password = hash_password(password)
    user.confirmed_at = now
    end_sessions(session, user=user)
    entry.joined_at, entry.join_fingerprint = now, None
    give_consent(
        session,
        user_id=user.id,
        kind=ConsentKind.RECORDING,
        version=RECORDING_VERSION,
        now=now,
    )
    record_audit(
        session,
        actor_id=user.id,
        act="roster.join",
        subject_kind="roster",
        subject_id=entry.roster_id,
        now=now,
    )
    return user
