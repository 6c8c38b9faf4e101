"""The background steps of a livestream on behalf of whoever runs it, and who may host at all."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_run
from catalog.models import Livestream
from catalog.rules import is_id
from core.errors import NotAllowed, SignInNeeded
from core.work import services
from core.work.errors import NoSuchWork
from core.work.models import Work
from core.work.queries import work_of
from streams.hosting.rules import may_host


def check_may_host(actor: Actor) -> None:
    """Refuse who neither hosts nor runs livestreams.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor is no host and none of the staff.
    """
    if actor.user_id is None:
        raise SignInNeeded
    if not may_host(actor):
        raise NotAllowed


def work_of_livestream(session: Session, *, actor: Actor, livestream_id: str) -> Sequence[Work]:
    """Return the background steps of a livestream; raises as ``livestream_to_run``."""
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    return work_of(session, subject=livestream.broadcast_id)


def retry_work(
    session: Session, *, actor: Actor, livestream_id: str, work_id: str, now: datetime
) -> Work:
    """Try a failed step of a livestream that the actor runs again, and write that down.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        NoSuchWork: It is no step of this livestream.
        NotRetryable: It is waiting, running or done.
    """
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    work = _step_of(session, livestream, work_id)
    services.retry(session, work_id=work.id, now=now)
    record_audit(
        session,
        actor_id=actor.user_id,
        act="livestream.retry_work",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
        details={"kind": work.kind},
    )
    return services.get_work(session, work_id=work.id)


def _step_of(session: Session, livestream: Livestream, work_id: str) -> Work:
    if not is_id(work_id):
        raise NoSuchWork
    work = services.get_work(session, work_id=work_id)
    if work.subject != livestream.broadcast_id:  # another livestream's: not to be known of here
        raise NoSuchWork
    return work
