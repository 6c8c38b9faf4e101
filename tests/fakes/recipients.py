"""People who can be told something, and the links that their mails carry."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from accounts.notices.enums import Subject
from accounts.notices.links import Purpose, make_token
from accounts.notices.models import Recipient, Registration
from accounts.notices.services import ask, recipient_of_address, recipient_of_user
from accounts.services import create_user

PASSWORD = "long enough for all"


def stranger(
    session: Session, *, data_key: str, now: datetime, email: str = "mei@mail.example"
) -> Recipient:
    """Make somebody without an account."""
    return recipient_of_address(
        session, email=email, language="en", timezone="Asia/Shanghai", data_key=data_key, now=now
    )


def person(
    session: Session, name: str, now: datetime, role: Role = Role.VIEWER
) -> tuple[User, Recipient]:
    """Make somebody with an account."""
    user = create_user(
        session, email=f"{name}@mail.example", password=PASSWORD, roles=[role], now=now
    )
    return user, recipient_of_user(session, user_id=user.id, now=now)


def registration(
    session: Session, recipient: Recipient, now: datetime, subject_id: str = "a-livestream"
) -> Registration:
    """Let somebody ask to be reminded, and confirm it."""
    return ask(
        session,
        recipient_id=recipient.id,
        subject=Subject.LIVESTREAM,
        subject_id=subject_id,
        confirmed=True,
        now=now,
    )


def unsubscribe_path(data_key: str, recipient: Recipient, about: str) -> str:
    """Return the address at which one click stops what ``about`` names."""
    token = make_token(data_key, Purpose.UNSUBSCRIBE, recipient.id, recipient.link_version, about)
    return f"/notices/unsubscribe/{token}"
