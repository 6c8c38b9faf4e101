"""What a host is told of a replay that waits for a word from them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from accounts.notices.ports import Answer, Due, Later, Source
from accounts.notices.rules import allowed_at
from catalog.enums import LivestreamState as L
from scheduler.notices.about import about
from scheduler.notices.saying import GONE, NOT_TRUE, say


def replay_waiting(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host that the replay waits to be released; nothing of it is worth waking anybody."""
    found = about(session, due.occurrence)
    if found is None:
        return GONE
    if not found.kept or found.state != L.ENDED or found.host_id != due.person.user_id:
        return NOT_TRUE
    morning = allowed_at(now, due.person.timezone)
    return say(found, due, f"/livestreams/{found.id}/studio") if morning == now else Later(morning)


SOURCES: Final[Mapping[str, Source]] = MappingProxyType({"replay_waiting": replay_waiting})
