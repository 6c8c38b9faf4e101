"""Another time for a livestream: into free time alone, and written down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.models import Livestream
from core.clock import rfc3339
from core.errors import WrongState
from core.walltime import wall_of
from scheduler.recurrences.rules import Reading
from scheduler.recurrences.services import mark_changed
from scheduler.spans import Span
from streams.life import services as life
from streams.planning.errors import TooLateToMove
from streams.planning.queries.dates import look_at_dates, others_of
from streams.planning.rules.dates import Asked, Judged
from streams.planning.rules.moving import is_movable, is_too_late


def check_may_move(*, actor: Actor, livestream: Livestream, now: datetime) -> None:
    """Refuse to move what is on air or over, and a host who comes too late.

    Raises:
        WrongState: It is not to come any more.
        TooLateToMove: It starts within a day, and the actor is none of the staff.
    """
    if not is_movable(livestream.state):
        raise WrongState
    if is_too_late(
        state=livestream.state,
        starts_at=livestream.starts_at,
        is_staff=actor.is_staff,
        now=now,
    ):
        raise TooLateToMove


def try_move(
    session: Session,
    *,
    actor: Actor,
    livestream: Livestream,
    span: Span,
    timezone: str,
    now: datetime,
) -> Judged:
    """Return what would become of another time; nothing is written."""
    others = others_of(session, livestream_ids=[livestream.id])
    wall, _ = wall_of(span.starts_at, timezone)
    asked = Asked(
        key=livestream.id,
        reading=Reading(wall, span.starts_at),
        span=span,
        resources=(livestream.host_id, *others.get(livestream.id, ())),
        livestream_id=livestream.id,
    )
    return look_at_dates(session, asked=[asked], host_id=livestream.host_id, actor=actor, now=now)[
        0
    ]


def move_livestream(
    session: Session,
    *,
    actor: Actor,
    livestream: Livestream,
    span: Span,
    timezone: str,
    now: datetime,
) -> Livestream:
    """Give a livestream another time; one of a series is marked as changed by itself.

    Raises:
        WrongState, TooLateToMove: As :func:`check_may_move`.
        Taken: Somebody who takes part has given the time away; free ones are named.
        InvalidInput: The time is over, off the grid or too long.
    """
    changes = {"starts_at": span.starts_at, "ends_at": span.ends_at, "timezone": timezone}
    change_agreed(session, actor=actor, livestream=livestream, changes=changes, now=now)
    mark_changed(session, livestream_ids=[livestream.id], is_changed=True)
    return livestream


def change_agreed(
    session: Session,
    *,
    actor: Actor,
    livestream: Livestream,
    changes: Mapping[str, Any],
    now: datetime,
) -> None:
    """Change a livestream, its agreed time included: the one way for a host to do that.

    Raises:
        WrongState, TooLateToMove: As :func:`check_may_move`.
        Taken, NotAllowed, NotEditable, InvalidInput: As ``streams.life.services``.
    """
    check_may_move(actor=actor, livestream=livestream, now=now)
    before = livestream.starts_at, livestream.ends_at
    life.edit_livestream(
        session, actor=actor, livestream=livestream, changes=changes, now=now, may_move=True
    )
    record_audit(
        session,
        actor_id=actor.user_id,
        act="livestream.reschedule",
        subject_kind="livestream",
        subject_id=livestream.id,
        now=now,
        details={
            "from": [rfc3339(moment) for moment in before],
            "to": [rfc3339(livestream.starts_at), rfc3339(livestream.ends_at)],
        },
    )
