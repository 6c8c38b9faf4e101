"""What a host is told of recordings that are hidden, and of those that are gone."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from accounts.notices.ports import Answer, Due, Source
from accounts.notices.times import written
from scheduler.notices.about import about
from scheduler.notices.saying import GONE, NOT_TRUE, say
from streams.removal.models import Removal


def recording_withheld(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host that a recording is shown to nobody, until when it can still be kept."""
    removal = session.get(Removal, due.occurrence, populate_existing=True)
    found = about(session, removal.livestream_id) if removal is not None else None
    if removal is None or found is None:
        return GONE
    is_open = removal.done_at is None and removal.called_off_at is None
    if not is_open or removal.due_at <= now or removal.host_id != due.person.user_id:
        return NOT_TRUE
    until = written(removal.due_at, due.person.timezone, due.person.language)
    return say(found, due, f"/livestreams/{found.id}/removal", until=until)


def recording_removed(session: Session, due: Due, now: datetime) -> Answer:
    """Give a host the receipt."""
    del now
    removal = session.get(Removal, due.occurrence, populate_existing=True)
    found = about(session, removal.livestream_id) if removal is not None else None
    if removal is None or found is None:
        return GONE
    if removal.done_at is None or removal.host_id != due.person.user_id:
        return NOT_TRUE
    return say(found, due, f"/livestreams/{found.id}/removal")


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {"recording_withheld": recording_withheld, "recording_removed": recording_removed}
)
