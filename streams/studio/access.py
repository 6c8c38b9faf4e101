"""Who may sit in the studio of a livestream: its host, the staff, its assigned moderators."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog import queries as catalog
from catalog.access import livestream_to_run
from catalog.queries import LivestreamView
from catalog.rules import may_run
from core.errors import NotAllowed, NotFound
from streams.readiness.access import livestream_of_crew
from streams.readiness.models import HostNotes
from streams.studio import services
from streams.studio.queries import notes_of
from streams.studio.rules import Seat


def studio_for(
    session: Session, *, livestream_id: str, actor: Actor
) -> tuple[LivestreamView, Seat]:
    """Return a livestream and the seat that the actor has in its studio.

    Raises:
        NotFound: The actor may not know of it.
        SignInNeeded: A stranger may know of it but has no seat.
        NotAllowed: The actor may know of it but has no seat.
    """
    livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    view = catalog.livestream_view(session, livestream_id=livestream_id)
    if view is None:
        raise NotFound
    runs = may_run(view, actor)
    return view, Seat(runs=runs, hosts=view.host_id == actor.user_id)


def notes_for(session: Session, *, livestream_id: str, actor: Actor) -> HostNotes | None:
    """Return the notes of the host; raises as :func:`keep_notes`."""
    check_host(session, livestream_id=livestream_id, actor=actor)
    return notes_of(session, livestream_id=livestream_id)


def keep_notes(
    session: Session,
    *,
    livestream_id: str,
    actor: Actor,
    text: str,
    since: datetime | None,
    now: datetime,
) -> HostNotes:
    """Keep what the host wrote, unless another window has written since.

    Raises:
        NotFound, SignInNeeded: As ``livestream_to_run``.
        NotAllowed: The actor is not the host.
        InvalidInput: They are too long.
        NotesChanged: They are not what they were at ``since``.
    """
    check_host(session, livestream_id=livestream_id, actor=actor)
    return services.keep_notes(
        session, livestream_id=livestream_id, text=text, since=since, now=now
    )


def check_host(session: Session, *, livestream_id: str, actor: Actor) -> None:
    """Refuse everybody but the host, the staff as well."""
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    if livestream.host_id != actor.user_id:
        raise NotAllowed
