"""The only way to obtain a livestream on somebody's behalf."""

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog import queries, rules
from catalog.models import Livestream
from catalog.queries import LivestreamView
from core.errors import NotAllowed, NotFound


def livestream_for(session: Session, *, livestream_id: str, actor: Actor) -> Livestream:
    """Return a livestream that the actor may know of.

    Raises:
        NotFound: It does not exist, or is private, or not announced, and the actor is an outsider.
    """
    livestream = session.get(Livestream, livestream_id)
    if livestream is None or not rules.may_know(livestream, actor):
        raise NotFound
    return livestream


def livestream_view_for(session: Session, *, livestream_id: str, actor: Actor) -> LivestreamView:
    """Return what pages and the API show of a livestream; raises as :func:`livestream_for`."""
    view = queries.livestream_view(session, livestream_id=livestream_id)
    if view is None or not rules.may_know(view, actor):
        raise NotFound
    return view


def livestream_to_run(session: Session, *, livestream_id: str, actor: Actor) -> Livestream:
    """Return a livestream that the actor hosts or is staff for.

    Raises:
        NotFound: The actor may not know of it.
        NotAllowed: The actor may know of it but not run it.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    if not rules.may_run(livestream, actor):
        raise NotAllowed
    return livestream


def livestream_to_schedule(session: Session, *, livestream_id: str, actor: Actor) -> Livestream:
    """Return a livestream for the staff to schedule; raises as :func:`livestream_to_run`."""
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    if not actor.is_staff:
        raise NotAllowed
    return livestream
