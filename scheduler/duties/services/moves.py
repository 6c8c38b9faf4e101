"""The moves of one duty, compare-and-set, each with its reservation."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.errors import NotFound
from scheduler.duties.errors import DutyChanged
from scheduler.duties.rules import SOURCES
from scheduler.enums import DutyState, Part, ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.grid import services as grid
from scheduler.grid.queries import buffers_of, reservation_of
from scheduler.grid.rules import Need, Wanted
from scheduler.models import Duty, Reservation
from scheduler.spans import Span


def set_state(
    session: Session, *, duty_id: str, state: DutyState, now: datetime, reason: str = ""
) -> Duty:
    """Move a duty on.

    Raises:
        DutyChanged: It is in no state from which this is possible.
    """
    changed = session.execute(
        update(Duty)
        .where(Duty.id == duty_id, Duty.state.in_(SOURCES[state]))
        .values(state=state.value, reason=reason, updated_at=now)
        .returning(Duty.id)
        .execution_options(synchronize_session=False)
    )
    if changed.scalar_one_or_none() is None:
        raise DutyChanged
    return session.get_one(Duty, duty_id, populate_existing=True)


def wanted_for(session: Session, *, duty: Duty, span: Span) -> Wanted:
    """Return the time that a duty takes: its moderator with their own buffers."""
    before, after = buffers_of(session, person_id=duty.moderator_id)
    return Wanted(
        kind=ReservationKind.DUTY,
        subject_id=duty.id,
        needs=(Need(duty.moderator_id, Part.MODERATOR),),
        span=span,
        buffer_before=before,
        buffer_after=after,
        holder_id=duty.moderator_id,
    )


def time_of(session: Session, *, duty_id: str) -> Reservation | None:
    """Return the standing reservation of a duty."""
    return reservation_of(session, kind=ReservationKind.DUTY, subject_id=duty_id)


def give_time_back(session: Session, *, duty_id: str, now: datetime, state: R = R.RELEASED) -> None:
    """Give back the time that a duty had reserved; ``used`` keeps what is past."""
    reservation = time_of(session, duty_id=duty_id)
    if reservation is not None:
        grid.change_state(session, reservation=reservation, state=state, now=now)


def livestream_kept(session: Session, livestream_id: str) -> Livestream:
    """Return a livestream whose time nobody else changes until the end of the transaction.

    Whoever moves it writes its row first: the duties that are written here are seen there.
    """
    found = session.get(
        Livestream, livestream_id, with_for_update={"read": True}, populate_existing=True
    )
    if found is None:
        raise NotFound
    return found
