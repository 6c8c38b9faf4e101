"""Notices about duties: written with the duty, true or not when they are sent.

See :mod:`scheduler.notices.duties` and :mod:`scheduler.notices.staff`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.models import Notice
from accounts.notices.services import Posting, post_to_staff, post_to_user
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.models import Livestream
from core.clock import rfc3339
from scheduler.duties.queries.rota import lacks_moderators
from scheduler.duties.services.moves import time_of
from scheduler.models import Duty

SECOND_THOUGHTS: Final = timedelta(seconds=60)
"""An assignment that is taken back within so long is never told."""
BEFORE: Final = timedelta(hours=24)
"""So long before its start a livestream should have its moderators."""
GRACE: Final = timedelta(minutes=10)
"""Who schedules something for today has so long to find moderators before anybody is reminded."""
MISSING: Final = "staff_moderators_missing"


def tell_assigned(session: Session, *, duty: Duty, now: datetime) -> None:
    """Tell a moderator of a new duty, a minute later."""
    posting = Posting("duty_assigned", duty.id, due_at=now + SECOND_THOUGHTS)
    post_to_user(session, posting, user_id=duty.moderator_id, now=now)


def tell_released(session: Session, *, duty: Duty, now: datetime) -> None:
    """Tell a moderator that a duty is theirs no more; call it while its time is still reserved.

    The livestream may be elsewhere already: they are told of the time that they know.
    """
    known = time_of(session, duty_id=duty.id)
    facts = {}
    if known is not None:
        facts = {"starts_at": rfc3339(known.starts_at), "ends_at": rfc3339(known.ends_at)}
    posting = Posting("duty_released", duty.id, facts=facts)
    post_to_user(session, posting, user_id=duty.moderator_id, now=now)


def tell_gaps(session: Session, now: datetime) -> None:
    """Tell the staff, once per start, of public livestreams within a day that lack moderators."""
    lacking = session.execute(
        select(Livestream.id, Livestream.starts_at)
        .where(Livestream.state == L.SCHEDULED, Livestream.visibility == Visibility.PUBLIC)
        .where(Livestream.starts_at > now, Livestream.starts_at <= now + BEFORE)
        .where(lacks_moderators())
        .order_by(Livestream.starts_at, Livestream.id)
    ).all()
    told = _told(session, [row.id for row in lacking])
    for livestream_id, starts_at in lacking:
        start = int(starts_at.timestamp())
        if (livestream_id, start) not in told:
            due_at = min(now + GRACE, starts_at)
            posting = Posting(
                MISSING, livestream_id, revision=start, due_at=due_at, give_up_at=starts_at
            )
            post_to_staff(session, posting, now=now)


def _told(session: Session, livestream_ids: Collection[str]) -> frozenset[tuple[str, int]]:
    rows = session.execute(
        select(Notice.occurrence, Notice.revision)
        .where(Notice.occurrence.in_(list(livestream_ids)), Notice.kind == MISSING)
        .distinct()
    )
    return frozenset((livestream_id, start) for livestream_id, start in rows)
