"""Who may edit: editors and administrators. Every page and every service asks here first."""

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.editing import queries
from catalog.editing.rules.contents import Subject
from catalog.editing.rules.editors import check_may_edit
from core.errors import NotFound


def desk_for(session: Session, *, actor: Actor, subject: Subject) -> queries.Desk:
    """Return how a subject stands: its page, its draft, and what was published.

    Raises:
        SignInNeeded, NotAllowed: As :func:`check_may_edit`.
        NotFound: There is neither a page nor a revision of it.
    """
    check_may_edit(actor)
    desk = queries.desk_of(session, subject=subject)
    if desk.live is None and desk.newest == 0:
        raise NotFound
    return desk
