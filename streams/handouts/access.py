"""Hand-outs on somebody's behalf: who may know of a livestream gets them, who runs it brings them.

What is brought, removed and brought back stands in the audit log.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_for, livestream_to_run
from catalog.models import Livestream
from catalog.rules import is_id
from streams.handouts import services
from streams.handouts.errors import NoSuchHandout
from streams.handouts.queries import HandoutView, find_handout, handouts_of
from streams.handouts.services import StoredFile


def handouts_for(session: Session, *, actor: Actor, livestream_id: str) -> list[HandoutView]:
    """Return what a livestream offers to whoever may know of it.

    Raises:
        NotFound: The actor may not know of it.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    return handouts_of(session, livestream_id=livestream.id)


def handout_for(
    session: Session, *, actor: Actor, livestream_id: str, handout_id: str
) -> HandoutView:
    """Return one hand-out that is offered.

    Raises:
        NotFound: The actor may not know of the livestream.
        NoSuchHandout: It offers no such one.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    found = _find(session, livestream, handout_id)
    if found.removed_at is not None:
        raise NoSuchHandout
    return found


def check_may_add(session: Session, *, actor: Actor, livestream_id: str) -> Livestream:
    """Refuse whoever may not bring one, and where none is taken, before a file is looked at.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        TooManyHandouts, NotTakingPlace: As ``services.add_handout``.
    """
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    services.check_takes_handouts(session, livestream_id=livestream.id)
    return livestream


def add_for(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    stored: StoredFile,
    title: str,
    now: datetime,
) -> HandoutView:
    """Offer a file whose object is stored; raises as :func:`check_may_add`."""
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    services.add_handout(session, livestream_id=livestream.id, stored=stored, title=title, now=now)
    _record(session, actor, "add_handout", livestream.id, stored.handout_id, now)
    return _find(session, livestream, stored.handout_id)


def remove_for(
    session: Session, *, actor: Actor, livestream_id: str, handout_id: str, now: datetime
) -> None:
    """Offer one no more.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        NoSuchHandout: There is none, or it was removed already.
    """
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    handout_id = _find(session, livestream, handout_id).id
    services.remove_handout(session, livestream_id=livestream.id, handout_id=handout_id, now=now)
    _record(session, actor, "remove_handout", livestream.id, handout_id, now)


def restore_for(
    session: Session, *, actor: Actor, livestream_id: str, handout_id: str, now: datetime
) -> HandoutView:
    """Offer again what was removed; raises as :func:`remove_for` and :func:`check_may_add`."""
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    handout_id = _find(session, livestream, handout_id).id
    services.restore_handout(session, livestream_id=livestream.id, handout_id=handout_id, now=now)
    _record(session, actor, "restore_handout", livestream.id, handout_id, now)
    return _find(session, livestream, handout_id)


def _find(session: Session, livestream: Livestream, handout_id: str) -> HandoutView:
    known = is_id(handout_id)
    found = (
        find_handout(session, livestream_id=livestream.id, handout_id=handout_id) if known else None
    )
    if found is None:
        raise NoSuchHandout
    return found


def _record(
    session: Session, actor: Actor, act: str, livestream_id: str, handout_id: str, now: datetime
) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"livestream.{act}",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
        details={"handout": handout_id},
    )
