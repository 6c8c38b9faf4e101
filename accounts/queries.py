"""Reads of people, organisations and tokens."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import ApiToken, Membership, Organisation, User, user_roles
from accounts.rules import normal_email, token_is_valid
from core.sealing import fingerprint


def user_by_email(session: Session, email: str) -> User | None:
    """Return the person with this address, in whatever case it is written."""
    return session.scalar(select(User).where(User.email == normal_email(email)))


def organisation_by_slug(session: Session, slug: str) -> Organisation | None:
    """Return the organisation called ``slug``."""
    return session.scalar(select(Organisation).where(Organisation.slug == slug))


def token_by_secret(session: Session, secret: str) -> ApiToken | None:
    """Return the token that was issued as ``secret``, valid or not."""
    return session.scalar(select(ApiToken).where(ApiToken.fingerprint == fingerprint(secret)))


def user_of_token(session: Session, secret: str, now: datetime) -> User | None:
    """Return whom a bearer token speaks for; None when it is unknown, revoked or expired."""
    token = token_by_secret(session, secret)
    if token is None or not token_is_valid(
        revoked_at=token.revoked_at, expires_at=token.expires_at, now=now
    ):
        return None
    return session.scalar(select(User).where(User.id == token.user_id, User.active))


def roles_of(session: Session, user_id: str) -> frozenset[Role]:
    """Return the roles that the person holds everywhere."""
    names = session.scalars(select(user_roles.c.role_name).where(user_roles.c.user_id == user_id))
    return frozenset(Role(name) for name in names)


def memberships_of(session: Session, user_id: str) -> frozenset[tuple[str, Role]]:
    """Return the person's open memberships as (organisation id, role)."""
    rows = session.execute(
        select(Membership.organisation_id, Membership.role).where(
            Membership.user_id == user_id, Membership.ended_at.is_(None)
        )
    )
    return frozenset((organisation_id, Role(role)) for organisation_id, role in rows)


def has_demo_accounts(session: Session) -> bool:
    """Tell whether any account has a known password."""
    return bool(session.scalar(select(exists().where(User.is_demo))))
