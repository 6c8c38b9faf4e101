"""How rooms answer for what they posted: the words of a livestream, and whether it was told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason, NoticeState
from accounts.notices.models import Notice
from accounts.notices.ports import CalendarPart, Drop, Due, Later, Say
from scheduler.notices.about import About

GONE: Final = Drop(DropReason.GONE)
NOT_TRUE: Final = Drop(DropReason.NOT_TRUE)
NOTHING_NEW: Final = Drop(DropReason.NOTHING_NEW)
_UNTOLD: Final = frozenset({NoticeState.DROPPED, NoticeState.FAILED})
_SOON: Final = timedelta(seconds=30)
_IN_A_DIGEST: Final = timedelta(minutes=30)


def say(
    about: About,
    due: Due,
    path: str,
    *,
    calendar: CalendarPart | None = None,
    facts: Mapping[str, Any] | None = None,
    **more: str,
) -> Say:
    """Return what a person is told of a livestream; ``path`` is the page that the button opens."""
    person = due.person
    return Say(
        values={**about.values(person), **more},
        link=due.site.page(path, person.language),
        calendar=calendar,
        facts=facts or {},
        title=about.title(person),
    )


def unless_told(session: Session, due: Due, kind: str, now: datetime) -> Drop | Later | None:
    """Return None when the person was told ``kind`` of the same; otherwise what to do instead.

    What was never told needs no taking back. While the earlier notice is on its way nobody knows;
    what was tried may have arrived, though its worker ended before it could say so.
    """
    told = session.execute(
        select(Notice.state, Notice.attempts).where(
            Notice.recipient_id == due.person.recipient_id,
            Notice.occurrence == due.occurrence,
            Notice.kind == kind,
            Notice.channel == due.channel,
        )
    ).one_or_none()
    if told is None or (told.state in _UNTOLD and not told.attempts):
        return NOTHING_NEW
    if told.state == NoticeState.SENT or told.state in _UNTOLD:
        return None
    return Later(now + (_IN_A_DIGEST if told.state == NoticeState.HELD else _SOON))
