"""Who edits. Pure."""

from accounts.rules import Actor
from core.errors import NotAllowed, SignInNeeded


def check_may_edit(actor: Actor) -> None:
    """Refuse whoever is none of the staff.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor is neither an editor nor an administrator.
    """
    if actor.user_id is None:
        raise SignInNeeded
    if not actor.is_staff:
        raise NotAllowed
