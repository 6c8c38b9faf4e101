"""Reads of links, passkeys and consents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.joining.enums import ConsentKind, LinkPurpose
from accounts.joining.errors import LinkUseless
from accounts.joining.models import MailLink, Passkey, PersonConsent
from accounts.joining.rules import is_genuine, read_secret
from accounts.models import User, user_roles
from accounts.notices.models import Recipient
from accounts.rules import has_mailbox
from core.sealing import unseal


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that works, and the address that it was sent to."""

    link: MailLink
    recipient: Recipient
    address: str


def open_link(
    session: Session, *, secret: str, purpose: LinkPurpose, data_key: str, now: datetime
) -> Opened:
    """Return the link that somebody holds, as long as it works.

    Raises:
        LinkUseless: It is broken, for something else, too old, or was used.
    """
    said = read_secret(secret)
    if said is None or not is_genuine(data_key, said):
        raise LinkUseless
    row = session.execute(
        select(MailLink, Recipient)
        .join(Recipient, Recipient.id == MailLink.recipient_id)
        .where(
            MailLink.id == said.link_id,
            MailLink.purpose == purpose,
            MailLink.used_at.is_(None),
            MailLink.expires_at > now,
        )
    ).one_or_none()
    if row is None:
        raise LinkUseless
    return Opened(row.MailLink, row.Recipient, address_of(session, row.Recipient, data_key))


def address_of(session: Session, recipient: Recipient, data_key: str) -> str:
    """Return the address of somebody with or without an account."""
    if recipient.user_id is not None:
        return session.get_one(User, recipient.user_id).email
    return unseal(data_key, recipient.address_sealed)


def passkeys_of(session: Session, *, user_id: str) -> Sequence[Passkey]:
    """Return the passkeys of a person, oldest first."""
    mine = select(Passkey).where(Passkey.user_id == user_id)
    return session.scalars(mine.order_by(Passkey.created_at, Passkey.id)).all()


def consent_to(
    session: Session, *, user_id: str, kind: ConsentKind, hold: bool = False
) -> PersonConsent | None:
    """Return the consent that stands, if there is one.

    Whoever writes something by it asks to ``hold`` it: a no then waits for what is being written,
    and finds it when it deletes.
    """
    wanted = select(PersonConsent).where(
        PersonConsent.user_id == user_id,
        PersonConsent.kind == kind,
        PersonConsent.withdrawn_at.is_(None),
    )
    return session.scalar(wanted.with_for_update(read=True) if hold else wanted)


def has_other_way_in(session: Session, *, user: User, without_passkey: str) -> bool:
    """Tell whether somebody could sign in if one passkey were gone."""
    if is_let_in_by_mail(session, user=user) or (user.password and has_mailbox(user.email)):
        return True
    others = select(func.count()).where(Passkey.user_id == user.id, Passkey.id != without_passkey)
    return session.scalars(others).one() > 0


def is_let_in_by_mail(session: Session, *, user: User) -> bool:
    """Tell whether links by mail sign somebody in: administrators are sent none."""
    return has_mailbox(user.email) and not is_administrator(session, user_id=user.id)


def is_administrator(session: Session, *, user_id: str) -> bool:
    """Tell whether somebody looks after the installation."""
    held = select(user_roles.c.user_id).where(
        user_roles.c.user_id == user_id, user_roles.c.role_name == Role.ADMINISTRATOR
    )
    return session.execute(held).first() is not None
