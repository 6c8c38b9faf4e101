"""The queue of proposals, each with what an editor needs to decide, and reasons given before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Host, Livestream
from catalog.queries import LivestreamView
from catalog.queries.views import LIVESTREAMS, livestream_views
from catalog.rules import is_verified, may_teach
from scheduler.enums import ReservationKind
from scheduler.grid.queries import reservation_of
from scheduler.models import SentBack
from scheduler.slots.queries import Clash, clashes_of
from scheduler.spans import Span

SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed livestream; ``others`` are at the same time, by other hosts."""

    livestream: LivestreamView
    is_verified: bool
    is_in_scope: bool
    is_kept: bool
    """Its time is reserved for it."""
    is_over: bool
    clash: Clash | None
    others: tuple[LivestreamView, ...]
    returned: SentBack | None
    """What was said when it was sent back before."""

    @property
    def can_be_accepted(self) -> bool:
        """Whether scheduling it now would succeed."""
        free = self.is_kept or self.clash is None
        return self.is_verified and self.is_in_scope and free and not self.is_over


def proposals(session: Session, *, now: datetime) -> tuple[Proposal, ...]:
    """Return what hosts have proposed, the soonest first."""
    statement = LIVESTREAMS.where(Livestream.state == LivestreamState.PROPOSED)
    rows = session.execute(statement.order_by(Livestream.starts_at).limit(SHOWN)).all()
    return tuple(_proposal(session, view, now) for view in livestream_views(session, rows))


def last_return(session: Session, *, livestream_id: str) -> SentBack | None:
    """Return why a livestream was sent back the last time."""
    newest = select(SentBack).where(SentBack.livestream_id == livestream_id)
    return session.scalar(newest.order_by(SentBack.at.desc()).limit(1))


def reason_of_return(session: Session, *, livestream_id: str, state: str) -> str:
    """Return why a draft was sent back to its host; nothing for what has moved on since."""
    if state != LivestreamState.DRAFT:
        return ""
    returned = last_return(session, livestream_id=livestream_id)
    return returned.reason if returned else ""


def _proposal(session: Session, view: LivestreamView, now: datetime) -> Proposal:
    span = Span(view.starts_at, view.ends_at)
    kept = reservation_of(session, kind=ReservationKind.LIVESTREAM, subject_id=view.id)
    clash = None
    if kept is None:
        clash = clashes_of(session, person_id=view.host.id, spans=[span], now=now).get(span)
    kind = session.scalar(select(Host.credential_kind).where(Host.id == view.host.id))
    return Proposal(
        livestream=view,
        is_verified=is_verified(view.host.verified_until, now),
        is_in_scope=may_teach(kind or "", view.scope),
        is_kept=kept is not None,
        is_over=view.ends_at <= now,
        clash=clash,
        others=_at_the_same_time(session, view),
        returned=last_return(session, livestream_id=view.id),
    )


def _at_the_same_time(session: Session, view: LivestreamView) -> tuple[LivestreamView, ...]:
    states = (LivestreamState.PROPOSED, LivestreamState.SCHEDULED, LivestreamState.LIVE)
    rows = session.execute(
        LIVESTREAMS.where(Livestream.state.in_(states), Livestream.id != view.id)
        .where(Livestream.starts_at < view.ends_at, Livestream.ends_at > view.starts_at)
        .order_by(Livestream.starts_at)
        .limit(3)
    ).all()
    return livestream_views(session, rows)
