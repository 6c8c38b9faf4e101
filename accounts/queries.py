"""Reads of people, organisations and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, exists, null, select, union_all
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import ApiToken, Membership, Organisation, User, user_roles
from accounts.rules import normal_email, token_is_valid
from core.sealing import fingerprint

_OPEN: Final = (User.id == bindparam("user_id"), User.active)
_HELD: Final = union_all(
    select(null().label("organisation_id"), user_roles.c.role_name)
    .select_from(User)
    .outerjoin(user_roles, user_roles.c.user_id == User.id)
    .where(*_OPEN),
    select(Membership.organisation_id, Membership.role)
    .join(User, User.id == Membership.user_id)
    .where(*_OPEN, Membership.ended_at.is_(None)),
)
"""At least one row per open account: one that holds nothing has an empty one."""


@dataclass(frozen=True, slots=True)
class Held:
    """The roles that somebody holds everywhere, and open memberships: (organisation id, role)."""

    roles: frozenset[Role]
    memberships: frozenset[tuple[str, Role]]


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


def held_by(session: Session, user_id: str) -> Held | None:
    """Return what an open account holds, in one query; None when there is no such account."""
    rows = session.connection().execute(_HELD, {"user_id": user_id}).all()
    if not rows:
        return None
    pairs = [(organisation_id, Role(role)) for organisation_id, role in rows if role is not None]
    return Held(
        frozenset(role for organisation_id, role in pairs if organisation_id is None),
        frozenset((one, role) for one, role in pairs if one is not None),
    )


def staff_ids(session: Session) -> Sequence[str]:
    """Return the ids of all open accounts of editors and administrators."""
    staff = [Role.EDITOR.value, Role.ADMINISTRATOR.value]
    held = select(user_roles.c.user_id).where(user_roles.c.role_name.in_(staff))
    return session.scalars(select(User.id).where(User.active, User.id.in_(held))).all()


def has_demo_accounts(session: Session) -> bool:
    """Tell whether any account has a known password."""
    return bool(session.scalar(select(exists().where(User.is_demo))))
