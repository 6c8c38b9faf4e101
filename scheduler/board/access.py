"""Who may see the board."""

from accounts.rules import Actor
from catalog.editing.rules.editors import check_may_edit


def check_may_plan(actor: Actor) -> None:
    """Refuse whoever does not run the programme.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor is neither an editor nor an administrator.
    """
    check_may_edit(actor)
