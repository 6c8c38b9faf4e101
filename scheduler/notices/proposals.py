"""What is told about proposals: to the staff that one waits, to the host that it came back."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.models import Notice
from accounts.notices.ports import Answer, Drop, Due, Source
from catalog.enums import LivestreamState as L
from scheduler.models import SentBack
from scheduler.notices.about import about
from scheduler.notices.saying import GONE, NOT_TRUE, say

TOO_LATE: Final = Drop(DropReason.TOO_LATE)
SUPERSEDED: Final = Drop(DropReason.SUPERSEDED)


def staff_proposal(session: Session, due: Due, now: datetime) -> Answer:
    """Tell the staff that a proposal waits for them."""
    found = about(session, due.occurrence)
    if found is None:
        return GONE
    if found.state != L.PROPOSED:
        return NOT_TRUE
    if found.starts_at <= now:
        return TOO_LATE
    if _was_proposed_again(session, due):
        return SUPERSEDED
    return say(found, due, f"/administration/proposals#proposal-{found.id}")


def proposal_returned(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host that a proposal came back, and why: the last reason, while it is a draft."""
    del now
    row = session.get(SentBack, due.occurrence)
    found = about(session, row.livestream_id) if row is not None else None
    if row is None or found is None:
        return GONE
    if found.state != L.DRAFT or found.host_id != due.person.user_id or not _is_last(session, row):
        return NOT_TRUE
    return say(found, due, f"/hosting/{found.id}/edit", reason=row.reason)


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {"staff_proposal": staff_proposal, "proposal_returned": proposal_returned}
)


def _was_proposed_again(session: Session, due: Due) -> bool:
    """Tell whether a later notice tells the same person of the same livestream."""
    later = exists().where(
        Notice.recipient_id == due.person.recipient_id,
        Notice.occurrence == due.occurrence,
        Notice.kind == due.kind,
        Notice.revision > due.revision,
    )
    return bool(session.scalar(select(later)))


def _is_last(session: Session, row: SentBack) -> bool:
    later = exists().where(SentBack.livestream_id == row.livestream_id, SentBack.at > row.at)
    return not session.scalar(select(later))
