"""Marks on behalf of whoever runs a livestream."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.access import livestream_to_run
from catalog.models import Livestream
from catalog.rules import is_id
from streams.marks import services
from streams.marks.errors import NoSuchMark
from streams.marks.models import Mark
from streams.marks.queries import marks_of


def marks_for(session: Session, *, actor: Actor, livestream_id: str) -> Sequence[Mark]:
    """Return the marks of a livestream that the actor runs.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
    """
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    return marks_of(session, livestream_id=livestream.id)


def add_mark_for(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    at: datetime | None,
    title: str,
    now: datetime,
) -> Mark:
    """Set a mark; raises as ``services.add_mark`` and :func:`marks_for`."""
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    return services.add_mark(session, livestream=livestream, at=at, title=title, now=now)


def change_mark_for(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    mark_id: str,
    at: datetime | None,
    title: str | None,
    now: datetime,
) -> Mark:
    """Change a mark; raises as ``services.change_mark`` and :func:`marks_for`."""
    livestream, mark = _mark(session, actor, livestream_id, mark_id)
    return services.change_mark(
        session, livestream=livestream, mark=mark, at=at, title=title, now=now
    )


def remove_mark_for(
    session: Session, *, actor: Actor, livestream_id: str, mark_id: str, now: datetime
) -> None:
    """Remove a mark; raises as :func:`marks_for`."""
    livestream, mark = _mark(session, actor, livestream_id, mark_id)
    services.remove_mark(session, livestream=livestream, mark=mark, now=now)


def _mark(
    session: Session, actor: Actor, livestream_id: str, mark_id: str
) -> tuple[Livestream, Mark]:
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    mark = session.get(Mark, mark_id) if is_id(mark_id) else None
    if mark is None or mark.livestream_id != livestream.id:
        raise NoSuchMark
    return livestream, mark
