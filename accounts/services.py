"""Writes of people, organisations, tokens and the audit log. The caller commits."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.low_level import Type
from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.enums import ORGANISATION_ROLES, Role
from accounts.errors import EmailTaken
from accounts.models import (
    ApiToken,
    AuditEntry,
    Membership,
    Organisation,
    RoleRow,
    User,
)
from accounts.queries import user_by_email
from accounts.rules import check_roles, normal_email, normal_password
from core.ids import new_id, new_secret
from core.sealing import fingerprint

TOKEN_USE_NOTED = timedelta(hours=1)  # finer would be a write with every request

_hasher = PasswordHasher(type=Type.ID)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, in the form that sign-in checks."""
    return _hasher.hash(normal_password(password))


def create_user(
    session: Session,
    *,
    email: str,
    password: str,
    roles: Iterable[Role],
    now: datetime,
    organisation_id: str | None = None,
    display_name: str = "",
    is_demo: bool = False,
) -> User:
    """Create a confirmed account with its roles, some of them within ``organisation_id``.

    Raises:
        EmailTaken: The address has an account.
        BadEmail, WeakPassword, RoleNeedsOrganisation: The input cannot be used.
    """
    roles = frozenset(roles)
    check_roles(roles, organisation_id)
    if user_by_email(session, email) is not None:
        raise EmailTaken
    address = normal_email(email)
    user = User(
        email=address,
        password=hash_password(password),
        display_name=display_name or address.partition("@")[0],
        confirmed_at=now,
        created_at=now,
        is_demo=is_demo,
    )
    _add_user(session, user)
    give_roles(session, user=user, roles=roles, organisation_id=organisation_id, now=now)
    return user


def sign_up(
    session: Session,
    *,
    email: str,
    password: str,
    language: str,
    timezone: str,
    now: datetime,
) -> User:
    """Create the account of somebody who signs up: a viewer, whose address nobody confirmed yet.

    Raises:
        EmailTaken: The address has an account.
        BadEmail, WeakPassword: The input cannot be used.
    """
    user = create_user(session, email=email, password=password, roles=[Role.VIEWER], now=now)
    user.confirmed_at = None
    user.language, user.timezone = language, timezone
    session.flush()
    return user


def open_account(
    session: Session,
    *,
    email: str,
    language: str,
    timezone: str,
    now: datetime,
    user_id: str | None = None,
) -> User:
    """Create the account of a viewer who needs no password; the address is one somebody proved.

    Raises:
        EmailTaken: The address has got an account meanwhile.
    """
    user = User(
        id=user_id or new_id(),
        email=email,
        password=None,
        language=language,
        timezone=timezone,
        confirmed_at=now,
        created_at=now,
    )
    _add_user(session, user)
    give_roles(session, user=user, roles=[Role.VIEWER], now=now)
    return user


def _add_user(session: Session, user: User) -> None:
    """Insert the account; the same address may have been taken at the same moment."""
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise EmailTaken from error


def give_roles(
    session: Session,
    *,
    user: User,
    roles: Iterable[Role],
    now: datetime,
    organisation_id: str | None = None,
) -> None:
    """Give roles that are not held yet: within the organisation if they belong there."""
    for role in roles:
        if role in ORGANISATION_ROLES:
            check_roles((role,), organisation_id)
            add_member(
                session,
                user_id=user.id,
                organisation_id=str(organisation_id),
                role=role,
                now=now,
            )
        elif role not in user.roles:
            user.roles.append(_role_row(session, role))
    session.flush()


def _role_row(session: Session, role: Role) -> RoleRow:
    row = session.get(RoleRow, role.value)
    if row is None:
        row = RoleRow(name=role.value)
        session.add(row)
    return row


def create_organisation(
    session: Session,
    *,
    slug: str,
    names: Mapping[str, str],
    kind: str,
    now: datetime,
    is_example: bool = False,
) -> Organisation:
    """Create a company or a hospital; ``names`` holds a name per language."""
    organisation = Organisation(
        slug=slug, names=dict(names), kind=kind, created_at=now, is_example=is_example
    )
    session.add(organisation)
    session.flush()
    return organisation


def add_member(
    session: Session, *, user_id: str, organisation_id: str, role: Role, now: datetime
) -> Membership:
    """Open a membership, or return the one that is open."""
    open_one = session.scalar(_open_memberships(user_id, organisation_id, role))
    if open_one is not None:
        return open_one
    membership = Membership(
        user_id=user_id, organisation_id=organisation_id, role=role, started_at=now
    )
    session.add(membership)
    session.flush()
    return membership


def end_membership(
    session: Session, *, user_id: str, organisation_id: str, role: Role, now: datetime
) -> None:
    """End the open membership, if there is one; from now on the person is no member."""
    membership = session.scalar(_open_memberships(user_id, organisation_id, role))
    if membership is not None:
        membership.ended_at = now
        session.flush()


def _open_memberships(user_id: str, organisation_id: str, role: Role) -> Select[Membership]:
    return select(Membership).where(
        Membership.user_id == user_id,
        Membership.organisation_id == organisation_id,
        Membership.role == role,
        Membership.ended_at.is_(None),
    )


def issue_token(
    session: Session,
    *,
    user: User,
    name: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """Make a bearer token and return its secret: the only time it can be read."""
    secret = new_secret()
    session.add(
        ApiToken(
            fingerprint=fingerprint(secret),
            user_id=user.id,
            name=name,
            created_at=now,
            expires_at=expires_at,
        )
    )
    session.flush()
    return secret


def revoke_token(session: Session, *, token_id: str, now: datetime) -> None:
    """End a token at once; one that has ended keeps its first end."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def note_token_use(session: Session, *, secret: str, now: datetime) -> None:
    """Remember, to the hour, that the token was used."""
    before = now - TOKEN_USE_NOTED
    session.execute(
        update(ApiToken)
        .where(
            ApiToken.fingerprint == fingerprint(secret),
            ApiToken.last_used_at.is_(None) | (ApiToken.last_used_at < before),
        )
        .values(last_used_at=now)
    )


def end_sessions(session: Session, *, user: User) -> None:
    """Sign the person out everywhere: sessions name a value that is now another."""
    user.fs_uniquifier = new_secret()
    session.flush()


def record_audit(
    session: Session,
    *,
    actor_id: str | None,
    act: str,
    subject_kind: str,
    subject_id: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add a line to the audit log; it is never changed or removed.

    Args:
        session: Of the same transaction as the act: both happen or neither.
        actor_id: Who did it; None for the system and the command line.
        act: A dotted verb, for example ``livestream.schedule``.
        subject_kind: What it was done to, for example ``livestream``.
        subject_id: Its id.
        now: When.
        details: What else a reviewer needs; no secrets.
    """
    entry = AuditEntry(
        at=now,
        actor_id=actor_id,
        act=act,
        subject_kind=subject_kind,
        subject_id=subject_id,
        details=dict(details or {}),
    )
    session.add(entry)
    session.flush()
    return entry
