"""What editors and administrators are told about the rota."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, Drop, Due, Source
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from scheduler.duties.queries.rota import lacks_moderators
from scheduler.notices.about import about
from scheduler.notices.saying import GONE, NOT_TRUE, say

TOO_LATE: Final = Drop(DropReason.TOO_LATE)


def staff_moderators_missing(session: Session, due: Due, now: datetime) -> Answer:
    """Tell the staff that a livestream lacks moderators, as long as it begins when it did."""
    found = about(session, due.occurrence)
    if found is None:
        return GONE
    if found.starts_at <= now:
        return TOO_LATE
    begins = int(found.starts_at.timestamp())
    if found.state != L.SCHEDULED or begins != due.revision or not _lacks(session, found.id):
        return NOT_TRUE
    return say(found, due, f"/administration/rota/{found.id}")


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {"staff_moderators_missing": staff_moderators_missing}
)


def _lacks(session: Session, livestream_id: str) -> bool:
    lacking = select(Livestream.id).where(Livestream.id == livestream_id, lacks_moderators())
    return session.scalar(lacking) is not None
