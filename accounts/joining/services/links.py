"""Links by mail: asked for with the same answer for everybody, used once."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from accounts.errors import EmailTaken
from accounts.joining.enums import LinkPurpose
from accounts.joining.errors import LinkUseless
from accounts.joining.models import Challenge, MailLink, Passkey, PersonConsent
from accounts.joining.queries import Opened
from accounts.joining.rules import LINK_HOLDS, LINK_KEPT, LONGEST_BACK
from accounts.joining.services.uniting import unite
from accounts.models import ApiToken, User
from accounts.notices.models import Recipient
from accounts.notices.services import (
    Posting,
    post,
    post_to_user,
    recipient_of_address,
    recipient_of_user,
)
from accounts.queries import user_by_email
from accounts.rules import has_mailbox, normal_email
from accounts.services import end_sessions, open_account
from core.ids import new_id


def ask_to_sign_in(
    session: Session,
    *,
    email: str,
    back_to: str,
    language: str,
    timezone: str,
    data_key: str,
    now: datetime,
) -> None:
    """Send a link that signs in the owner of an address, who gets an account if there is none.

    Raises:
        BadEmail: It is no address.
    """
    user = user_by_email(session, email)
    recipient = (
        recipient_of_user(session, user_id=user.id, now=now)
        if user
        else recipient_of_address(
            session, email=email, language=language, timezone=timezone, data_key=data_key, now=now
        )
    )
    kind = "sign_in_link" if user else "sign_up_link"
    _send(session, recipient, LinkPurpose.SIGN_IN, kind, now, back_to=back_to[:LONGEST_BACK])


def ask_for_address(
    session: Session, *, user: User, email: str, data_key: str, now: datetime
) -> None:
    """Send a link to the address that an account is to have; its present one stays until then.

    Nobody is told whether somebody else has it: its owner finds that out from the link.
    """
    recipient = recipient_of_address(
        session,
        email=email,
        language=user.language,
        timezone=user.timezone,
        data_key=data_key,
        now=now,
    )
    _send(session, recipient, LinkPurpose.ADDRESS, "address_link", now, user_id=user.id)


def sign_in(session: Session, *, opened: Opened, now: datetime) -> User:
    """Use a link: return whose account it is, a new one if the address had none.

    An account whose address nobody had confirmed loses its password, its passkeys, its sessions,
    its consents and its telephone: whoever made it may have been somebody else.

    Raises:
        LinkUseless: It was used at the same moment, or the account is closed.
    """
    _use(session, opened.link, now)
    user = user_by_email(session, opened.address)
    if user is None:
        place = opened.recipient
        user = open_account(
            session,
            email=opened.address,
            language=place.language,
            timezone=place.timezone,
            now=now,
        )
    if not user.active:
        raise LinkUseless
    if user.confirmed_at is None:
        _confirm(session, user, now)
    unite(session, recipient=opened.recipient, user_id=user.id)
    return user


def change_address(session: Session, *, opened: Opened, user: User, now: datetime) -> None:
    """Use a link: the account has the address from now on, and its old one is told.

    Raises:
        LinkUseless: It was used, or somebody else asked for it.
        EmailTaken: Another account has the address.
    """
    if opened.link.user_id != user.id:
        raise LinkUseless
    _use(session, opened.link, now)
    other = user_by_email(session, opened.address)
    if other is not None and other.id != user.id:
        raise EmailTaken
    user.email, user.confirmed_at = normal_email(opened.address), now
    _end_links(session, user)
    end_sessions(session, user=user)
    session.flush()
    unite(session, recipient=opened.recipient, user_id=user.id)


def tell_old_address(
    session: Session, *, user: User, email: str, data_key: str, now: datetime
) -> None:
    """Tell the address that an account had until now, if it could have been read."""
    if not has_mailbox(email):
        return
    old = recipient_of_address(
        session,
        email=email,
        language=user.language,
        timezone=user.timezone,
        data_key=data_key,
        now=now,
    )
    post(session, Posting("address_changed", new_id()), recipient_id=old.id, now=now)


def tell_of_change(session: Session, *, user: User, now: datetime) -> None:
    """Tell somebody that a way into the account was added or removed."""
    if has_mailbox(user.email):
        post_to_user(session, Posting("way_in_changed", new_id()), user_id=user.id, now=now)


def forget_old(session: Session, now: datetime) -> None:
    """Delete links a day after they were asked for, and challenges that nobody answered."""
    session.execute(delete(MailLink).where(MailLink.asked_at < now - LINK_KEPT))
    session.execute(delete(Challenge).where(Challenge.expires_at < now))


def _send(
    session: Session,
    recipient: Recipient,
    purpose: LinkPurpose,
    kind: str,
    now: datetime,
    **more: Any,  # noqa: ANN401 -- columns
) -> None:
    link = MailLink(
        id=new_id(),
        purpose=purpose,
        recipient_id=recipient.id,
        asked_at=now,
        expires_at=now + LINK_HOLDS,
        **more,
    )
    session.add(link)
    session.flush()
    posting = Posting(kind, link.id, give_up_at=link.expires_at)
    post(session, posting, recipient_id=recipient.id, now=now)


def _use(session: Session, link: MailLink, now: datetime) -> None:
    """Mark a link as used; of two who press at once, one is in."""
    used = session.execute(
        update(MailLink)
        .where(MailLink.id == link.id, MailLink.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(used, CursorResult) or used.rowcount != 1:
        raise LinkUseless


def _end_links(session: Session, user: User) -> None:
    """Let nobody in by what lies in the mailbox that was the account's until now."""
    mine = select(Recipient.id).where(Recipient.user_id == user.id)
    session.execute(
        delete(MailLink)
        .where(MailLink.recipient_id.in_(mine))
        .execution_options(synchronize_session=False)
    )


def _confirm(session: Session, user: User, now: datetime) -> None:
    _leave_no_other_way_in(session, user)
    user.confirmed_at = now
    session.flush()


def _leave_no_other_way_in(session: Session, user: User) -> None:
    user.password = None
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))
    session.execute(delete(ApiToken).where(ApiToken.user_id == user.id))
    session.execute(delete(PersonConsent).where(PersonConsent.user_id == user.id))
    session.execute(update(Recipient).where(Recipient.user_id == user.id).values(phone_sealed=""))
    end_sessions(session, user=user)
