"""Whether the host of a livestream may teach at all, and what it teaches."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Host, Livestream
from catalog.rules import is_verified, may_teach
from scheduler.errors import BeyondScope, NotVerified


def check_scope(session: Session, *, livestream: Livestream) -> None:
    """Refuse a livestream that goes beyond the profession of its host.

    Raises:
        BeyondScope: Only another profession teaches this.
    """
    kind = session.scalar(select(Host.credential_kind).where(Host.id == livestream.host_id))
    if not may_teach(kind or "", livestream.scope):
        raise BeyondScope


def check_verified(session: Session, *, livestream: Livestream, now: datetime) -> None:
    """Refuse a livestream whose host has no licence that is valid at ``now``.

    Raises:
        NotVerified: It was never checked, has expired or was withdrawn.
    """
    until = session.scalar(select(Host.verified_until).where(Host.id == livestream.host_id))
    if not is_verified(until, now):
        raise NotVerified


def check_still_fits(
    session: Session, *, livestream: Livestream, was: tuple[str, str], now: datetime
) -> None:
    """Refuse an edit of what was proposed or agreed that its host may not do.

    ``was`` are host and scope before the edit; who stays what they were is asked nothing.

    Raises:
        BeyondScope: The host's profession does not teach this.
        NotVerified: Somebody without a valid licence was made the host of a scheduled livestream.
    """
    if livestream.state not in {L.PROPOSED, L.SCHEDULED}:
        return
    if (livestream.host_id, livestream.scope) != was:
        check_scope(session, livestream=livestream)
    if livestream.state == L.SCHEDULED and livestream.host_id != was[0]:
        check_verified(session, livestream=livestream, now=now)
