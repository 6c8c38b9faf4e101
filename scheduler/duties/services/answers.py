"""What moderators answer to a duty."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import InvalidInput
from scheduler.duties.errors import DutyChanged
from scheduler.duties.rules import STAFFED, reason_faults
from scheduler.duties.services.moves import give_time_back, livestream_kept, set_state
from scheduler.enums import DutyState
from scheduler.models import Duty


def accept(session: Session, *, duty: Duty, now: datetime) -> Duty:
    """Say yes to a duty.

    Raises:
        DutyChanged: It is no longer open, or its livestream is over.
    """
    _check_open(session, duty, now)
    return set_state(session, duty_id=duty.id, state=DutyState.ACCEPTED, now=now)


def decline(session: Session, *, duty: Duty, reason: str, now: datetime) -> Duty:
    """Say no to a duty, even after a yes: the time is free again and the editors see the gap.

    Raises:
        InvalidInput: There is no reason, or it is too long.
        DutyChanged: It does not stand any more, or its livestream is over.
    """
    reason = reason.strip()
    if faults := reason_faults(reason):
        raise InvalidInput(*faults)
    _check_open(session, duty, now)
    changed = set_state(session, duty_id=duty.id, state=DutyState.DECLINED, reason=reason, now=now)
    give_time_back(session, duty_id=duty.id, now=now)
    return changed


def _check_open(session: Session, duty: Duty, now: datetime) -> None:
    livestream = livestream_kept(session, duty.livestream_id)
    if livestream.state not in STAFFED or livestream.ends_at <= now:
        raise DutyChanged
