"""Who gives a livestream another time."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.access import livestream_to_run
from catalog.models import Livestream
from scheduler.spans import Span
from streams.planning.rules.dates import Judged
from streams.planning.services import moving as services


def livestream_to_move(
    session: Session, *, actor: Actor, livestream_id: str, now: datetime
) -> Livestream:
    """Return a livestream that the actor may give another time now.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        WrongState, TooLateToMove: It is on air or over, or the host comes too late.
    """
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    services.check_may_move(actor=actor, livestream=livestream, now=now)
    return livestream


def look(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    span: Span,
    timezone: str,
    now: datetime,
) -> Judged:
    """Return what would become of another time; raises as :func:`livestream_to_move`."""
    livestream = livestream_to_move(session, actor=actor, livestream_id=livestream_id, now=now)
    return services.try_move(
        session, actor=actor, livestream=livestream, span=span, timezone=timezone, now=now
    )


def move(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    span: Span,
    timezone: str,
    now: datetime,
) -> Livestream:
    """Give a livestream another time; raises as :func:`livestream_to_move` and the service."""
    livestream = livestream_to_move(session, actor=actor, livestream_id=livestream_id, now=now)
    return services.move_livestream(
        session, actor=actor, livestream=livestream, span=span, timezone=timezone, now=now
    )
