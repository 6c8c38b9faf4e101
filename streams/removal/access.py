"""Removals on somebody's behalf: a host sees their own, the staff all of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_run
from catalog.rules import is_id
from core.errors import NotAllowed, NotFound, SignInNeeded
from streams.removal import queries, services
from streams.removal.errors import NoSuchRemoval
from streams.removal.models import Removal


def removals_for(session: Session, *, actor: Actor) -> Sequence[Removal]:
    """Return the newest removals that the actor may know of.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor is no host and none of the staff.
    """
    if actor.user_id is None:
        raise SignInNeeded
    if actor.is_staff:
        return queries.list_removals(session)
    if not actor.has(Role.HOST):
        raise NotAllowed
    return queries.list_removals(session, host_id=actor.user_id)


def removal_for(session: Session, *, actor: Actor, livestream_id: str) -> Removal | None:
    """Return the newest removal of a livestream that the actor runs; None: nothing is removed.

    A receipt stays when the livestream is gone: its host and the staff still find it.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
    """
    known = is_id(livestream_id)
    found = queries.newest_removal(session, livestream_id=livestream_id) if known else None
    try:
        livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    except NotFound:
        if found is None or not (actor.is_staff or found.host_id == actor.user_id):
            raise
    return found


def retry_for(session: Session, *, actor: Actor, livestream_id: str, now: datetime) -> Removal:
    """Try a removal again that was given up, and write that down.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``removal_for``.
        NoSuchRemoval: Nothing of it is removed.
        NotFailed: It was not given up.
    """
    found = removal_for(session, actor=actor, livestream_id=livestream_id)
    if found is None:
        raise NoSuchRemoval
    services.retry_removal(session, removal=found, now=now)
    record_audit(
        session,
        actor_id=actor.user_id,
        act="livestream.retry_removal",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
        details={"removal": found.id},
    )
    return found
