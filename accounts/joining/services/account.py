"""What people change about their own account."""

from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import end_sessions, hash_password

LONGEST_NAME = 120


def describe(
    session: Session, *, user: User, display_name: str, language: str, timezone: str
) -> None:
    """Keep a name, which may be empty, a language and a zone."""
    user.display_name = " ".join(display_name.split())[:LONGEST_NAME]
    user.language, user.timezone = language, timezone
    session.flush()


def set_password(session: Session, *, user: User, password: str) -> None:
    """Give an account a password, and end every session of it.

    Raises:
        WeakPassword: It is too short or too long.
    """
    user.password = hash_password(password)
    end_sessions(session, user=user)


def drop_password(session: Session, *, user: User) -> None:
    """Let an account have no password any more, and end every session of it."""
    user.password = None
    end_sessions(session, user=user)
