"""The only way to obtain a livestream on somebody's behalf."""

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog import queries, rules
from catalog.models import Livestream
from catalog.queries import LivestreamView
from catalog.rules import is_id
from core.errors import NotAllowed, NotFound, Refusal, SignInNeeded


def livestream_for(session: Session, *, livestream_id: str, actor: Actor) -> Livestream:
    """Return a livestream that the actor may know of.

    Raises:
        NotFound: It does not exist, or is private, or not announced, and the actor is an outsider.
    """
    livestream = session.get(Livestream, livestream_id) if is_id(livestream_id) else None
    if livestream is None or not rules.may_know(livestream, actor):
        raise NotFound
    return livestream


def livestream_view_for(session: Session, *, livestream_id: str, actor: Actor) -> LivestreamView:
    """Return what pages and the API show of a livestream; raises as :func:`livestream_for`."""
    known = is_id(livestream_id)
    view = queries.livestream_view(session, livestream_id=livestream_id) if known else None
    if view is None or not rules.may_know(view, actor):
        raise NotFound
    return view


def livestream_to_run(session: Session, *, livestream_id: str, actor: Actor) -> Livestream:
    """Return a livestream that the actor hosts or is staff for.

    Raises:
        NotFound: The actor may not know of it.
        SignInNeeded: A stranger may know of it but not run it.
        NotAllowed: The actor may know of it but not run it.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    if not rules.may_run(livestream, actor):
        raise _refusal_to(actor)
    return livestream


def livestream_to_schedule(session: Session, *, livestream_id: str, actor: Actor) -> Livestream:
    """Return a livestream for the staff to schedule; raises as :func:`livestream_to_run`."""
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    if not actor.is_staff:
        raise _refusal_to(actor)
    return livestream


def _refusal_to(actor: Actor) -> Refusal:
    return SignInNeeded() if actor.user_id is None else NotAllowed()
