"""Who is asking, and what a password, an address and a listener must be. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

from email_validator import EmailNotValidError, validate_email

from accounts.enums import ORGANISATION_ROLES, Role
from accounts.errors import BadEmail, DemoOnOpenListener, RoleNeedsOrganisation, WeakPassword

PASSWORD_LEAST = 10
EMAIL_MOST = 254  # RFC 5321; whoever sends more does not make us read it through
NO_MAILBOX = "passkey.invalid"
"""Nobody can have an address there (RFC 2606, section 2), and nobody can type one in here."""
PASSWORD_MOST = 128  # argon2 hashes anything; this bounds the work a stranger can ask for


@dataclass(frozen=True, slots=True)
class Actor:
    """A stranger (``user_id is None``) or a person with roles and memberships."""

    user_id: str | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    memberships: frozenset[tuple[str, Role]] = field(default_factory=frozenset)
    """Pairs of (organisation id, role) that are active now."""

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds any of these roles, in whatever organisation."""
        held = self.roles | {role for _, role in self.memberships}
        return not held.isdisjoint(roles)

    def belongs_to(self, organisation_id: str | None) -> bool:
        """Tell whether the actor is a member of the organisation now, in any role."""
        return any(member_of == organisation_id for member_of, _ in self.memberships)

    @property
    def is_staff(self) -> bool:
        """Editors and administrators run the programme."""
        return self.has(Role.EDITOR, Role.ADMINISTRATOR)


STRANGER = Actor()


def normal_email(text: str) -> str:
    """Return the address in the one form under which it is stored: trimmed and in lower case."""
    typed = text.strip()
    if len(typed) > EMAIL_MOST:
        raise BadEmail
    try:
        return validate_email(typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise BadEmail from error


def no_mailbox(user_id: str) -> str:
    """Return what stands in place of an address in an account that is only a passkey."""
    return f"{user_id}@{NO_MAILBOX}"


def has_mailbox(email: str) -> bool:
    """Tell whether mails to the address of an account can reach anybody."""
    return not email.endswith(f"@{NO_MAILBOX}")


def normal_password(text: str) -> str:
    """Return the password in the form that is hashed (NFKD), or refuse its length."""
    if not PASSWORD_LEAST <= len(text) <= PASSWORD_MOST:
        raise WeakPassword(least=PASSWORD_LEAST, most=PASSWORD_MOST)
    return unicodedata.normalize("NFKD", text)


def check_roles(roles: Iterable[Role], organisation_id: str | None) -> None:
    """Refuse a role within an organisation when no organisation is named."""
    for role in roles:
        if role in ORGANISATION_ROLES and organisation_id is None:
            raise RoleNeedsOrganisation(role=role.value)


def token_is_valid(
    *, revoked_at: datetime | None, expires_at: datetime | None, now: datetime
) -> bool:
    """Tell whether a token may be used: the moment it expires is outside."""
    return revoked_at is None and (expires_at is None or now < expires_at)


def is_loopback(bind: str) -> bool:
    """Tell whether only this machine reaches a listener on ``bind``."""
    if bind == "localhost":
        return True
    try:
        return ip_address(bind.strip("[]")).is_loopback
    except ValueError:
        return False


def check_demo_listener(bind: str, *, has_demo_accounts: bool) -> None:
    """Refuse to serve accounts with known passwords on a listener that others reach."""
    if has_demo_accounts and not is_loopback(bind):
        raise DemoOnOpenListener(bind=bind)
