"""From an id to the actor on whose behalf objects are fetched."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.queries import held_by, user_of_token
from accounts.rules import STRANGER, Actor
from core.errors import SignInNeeded


def actor_for(session: Session, user_id: str | None) -> Actor:
    """Return the actor with this id; one who is unknown or closed is a stranger."""
    if user_id is None:
        return STRANGER
    held = held_by(session, user_id)
    if held is None:
        return STRANGER
    return Actor(user_id=user_id, roles=held.roles, memberships=held.memberships)


def actor_of_token(session: Session, *, secret: str, now: datetime) -> Actor:
    """Return the actor whom a bearer token speaks for.

    Raises:
        SignInNeeded: The token is unknown, revoked or expired; which of them is not told.
    """
    user = user_of_token(session, secret, now)
    if user is None:
        raise SignInNeeded
    return actor_for(session, user.id)
