"""Who moderates what: a duty and the time of its moderator, both or neither."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.errors import NotAllowed, WrongState, _
from core.ids import new_id
from scheduler.duties.errors import (
    AlreadyOnDuty,
    DutyChanged,
    ModeratorTaken,
    NotAModerator,
    OutsideHours,
    SamePerson,
    StillNeeded,
    TakesNoModerators,
)
from scheduler.duties.queries import candidates_for, is_moderator, risks_of
from scheduler.duties.queries.within_hours import within_hours
from scheduler.duties.rules import MOST_NAMED, STAFFED, STANDING, FreeModerator, needed_for
from scheduler.duties.services.moves import (
    give_time_back,
    livestream_kept,
    set_state,
    time_of,
    wanted_for,
)
from scheduler.duties.services.telling import tell_assigned, tell_released
from scheduler.enums import DutyState
from scheduler.enums import ReservationState as R
from scheduler.errors import Taken
from scheduler.grid import services as grid
from scheduler.models import Duty
from scheduler.spans import Span

CANNOT_THEN = _("The livestream was moved to a time that this person cannot come to.")


def assign(
    session: Session,
    *,
    livestream_id: str,
    moderator_id: str,
    assigned_by: str | None,
    now: datetime,
) -> Duty:
    """Give a livestream a moderator, whose time is taken with it.

    Raises:
        NotFound: There is no such livestream.
        TakesNoModerators, NotAModerator, SamePerson, OutsideHours, AlreadyOnDuty: As they say.
        ModeratorTaken: The moderator has something else then.
    """
    livestream = livestream_kept(session, livestream_id)
    _check(session, livestream, moderator_id, now)
    duty = Duty(
        id=new_id(),
        livestream_id=livestream.id,
        moderator_id=moderator_id,
        state=DutyState.ASSIGNED,
        assigned_by=assigned_by,
        created_at=now,
        updated_at=now,
    )
    _write(session, duty, _span_of(livestream), now)
    tell_assigned(session, duty=duty, now=now)
    return duty


def assign_by_turn(
    session: Session, *, livestream_id: str, assigned_by: str | None, now: datetime
) -> list[Duty]:
    """Give a livestream the moderators that it lacks, as far as anybody is free, by fair rotation.

    Whoever cannot be had after all is passed over. What is still missing shows on the rota.
    """
    livestream = livestream_kept(session, livestream_id)
    wanted = needed_for(risks_of(session, livestream_id=livestream_id))
    wanted -= len(_standing(session, livestream_id))
    made: list[Duty] = []
    for one in candidates_for(session, livestream=livestream, now=now) if wanted > 0 else []:
        if len(made) == wanted:
            break
        if one.is_free:
            with suppress(WrongState, NotAllowed), session.begin_nested():
                duty = assign(
                    session,
                    livestream_id=livestream_id,
                    moderator_id=one.id,
                    assigned_by=assigned_by,
                    now=now,
                )
                made.append(duty)
    return made


def replace(
    session: Session,
    *,
    duty: Duty,
    moderator_id: str,
    assigned_by: str | None,
    now: datetime,
) -> Duty:
    """Give the duty of one moderator to another, or change nothing; raises as :func:`assign`.

    Raises:
        DutyChanged: It does not stand any more.
    """
    with session.begin_nested():
        _take_off(session, duty, now)
        return assign(
            session,
            livestream_id=duty.livestream_id,
            moderator_id=moderator_id,
            assigned_by=assigned_by,
            now=now,
        )


def release(session: Session, *, duty: Duty, now: datetime, reason: str = "") -> Duty:
    """Take a moderator off a livestream; their time is free again.

    What is live keeps the moderators that it needed to begin; somebody else may take their place.

    Raises:
        DutyChanged: It does not stand any more.
        StillNeeded: The livestream is live and would have too few.
    """
    _check_may_go(session, duty.livestream_id)
    return _take_off(session, duty, now, reason)


def _check_may_go(session: Session, livestream_id: str) -> None:
    """Hold the livestream against its start and against others who leave; look how many there are.

    Whoever starts it holds the row too: they look for moderators after this, or it is live here.
    """
    held = {"key_share": True}
    livestream = session.get(
        Livestream, livestream_id, with_for_update=held, populate_existing=True
    )
    if livestream is None or livestream.state != L.LIVE:
        return
    needed = needed_for(risks_of(session, livestream_id=livestream_id))
    if len(_standing(session, livestream_id)) <= needed:
        raise StillNeeded


def _take_off(session: Session, duty: Duty, now: datetime, reason: str = "") -> Duty:
    livestream_kept(session, duty.livestream_id)
    released = set_state(session, duty_id=duty.id, state=DutyState.RELEASED, now=now, reason=reason)
    tell_released(session, duty=released, now=now)
    give_time_back(session, duty_id=duty.id, now=now)
    return released


def move_duties(
    session: Session, *, livestream_id: str, span: Span, now: datetime
) -> Sequence[Duty]:
    """Let the duties of a livestream follow it to another time; return those that could not.

    Call it after the livestream's own row and reservation were written, with ``span`` its new
    time. Who is free is asked again for a yes; who cannot come is released, and the gap shows.
    """
    standing = _standing(session, livestream_id)
    left = [duty for duty in standing if not _moved(session, duty, span, now)]
    return [_take_off(session, duty, now, CANNOT_THEN) for duty in left]


def release_duties(
    session: Session, *, livestream_id: str, now: datetime, used: bool = False
) -> None:
    """Give back the time of all moderators of a livestream.

    ``used`` is for one that was on air: its duties stay as they are, for fair rotation. The
    others, of livestreams that are cancelled or were missed, are released.
    """
    is_announced = session.scalar(
        select(Livestream.announced_at.is_not(None)).where(Livestream.id == livestream_id)
    )
    for duty in _standing(session, livestream_id):
        if not used:
            set_state(session, duty_id=duty.id, state=DutyState.RELEASED, now=now)
            if not is_announced:  # else what becomes of the livestream is told to all of its people
                tell_released(session, duty=duty, now=now)
        give_time_back(session, duty_id=duty.id, now=now, state=R.USED if used else R.RELEASED)


def _check(session: Session, livestream: Livestream, moderator_id: str, now: datetime) -> None:
    if livestream.state not in STAFFED or livestream.ends_at <= now:
        raise TakesNoModerators
    if not is_moderator(session, person_id=moderator_id):
        raise NotAModerator
    if moderator_id == livestream.host_id:
        raise SamePerson
    if not _gives(session, moderator_id, _span_of(livestream)):
        raise OutsideHours


def _write(session: Session, duty: Duty, span: Span, now: datetime) -> None:
    try:
        with session.begin_nested():
            session.add(duty)
            session.flush()
            grid.reserve(session, wanted=wanted_for(session, duty=duty, span=span), now=now)
    except IntegrityError as error:  # one standing duty per person and livestream
        raise AlreadyOnDuty from error
    except Taken:
        raise ModeratorTaken(_others(session, duty.livestream_id, span, now)) from None


def _others(session: Session, livestream_id: str, span: Span, now: datetime) -> list[FreeModerator]:
    """Return who is free instead, by fair rotation."""
    livestream = session.get_one(Livestream, livestream_id)
    free = [one for one in candidates_for(session, livestream=livestream, now=now) if one.is_free]
    return [
        FreeModerator(span.starts_at, span.ends_at, one.id, one.name) for one in free[:MOST_NAMED]
    ]


def _moved(session: Session, duty: Duty, span: Span, now: datetime) -> bool:
    reservation = time_of(session, duty_id=duty.id)
    if reservation is None or not _gives(session, duty.moderator_id, span):
        return False
    if (reservation.starts_at, reservation.ends_at) == (span.starts_at, span.ends_at):
        return True
    wanted = wanted_for(session, duty=duty, span=span)
    try:
        grid.move(session, reservation=reservation, wanted=wanted, now=now)
    except Taken:
        return False
    _ask_again(session, duty, now)
    return True


def _ask_again(session: Session, duty: Duty, now: datetime) -> None:
    """Set a yes back to a question: it was given for another time."""
    changed = session.execute(
        update(Duty)
        .where(Duty.id == duty.id, Duty.state.in_(STANDING))
        .values(state=DutyState.ASSIGNED.value, updated_at=now)
        .returning(Duty.id)
        .execution_options(synchronize_session=False)
    )
    if changed.scalar_one_or_none() is None:
        raise DutyChanged
    session.refresh(duty)


def _gives(session: Session, person_id: str, span: Span) -> bool:
    return within_hours(session, ids=[person_id], span=span).get(person_id, True)


def _standing(session: Session, livestream_id: str) -> Sequence[Duty]:
    """Return the standing duties in the order of people: two writers lock them alike."""
    return session.scalars(
        select(Duty)
        .where(Duty.livestream_id == livestream_id, Duty.state.in_(STANDING))
        .order_by(Duty.moderator_id)
        .execution_options(populate_existing=True)
    ).all()


def _span_of(livestream: Livestream) -> Span:
    return Span(livestream.starts_at, livestream.ends_at)
