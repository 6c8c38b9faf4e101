"""Reads of a livestream's life: the pair of states, and what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy
from catalog.models import Host, Livestream
from core.errors import NotFound
from media.enums import BroadcastState as B
from media.models import Broadcast
from streams.life.rules import NO_SHOW, OVERRUN, Pair


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a livestream and its broadcast stand, and what the next move depends on."""

    pair: Pair
    policy: ReplayPolicy
    auto_start: bool
    broadcast_id: str
    lease_until: datetime | None
    host_verified_until: datetime | None
    host_id: str
    recorded: bool = True
    withheld: bool = False
    premiere: bool = False

    @property
    def kept(self) -> bool:
        """Whether there may be a replay: it is recorded, and its host has not withdrawn that."""
        return self.recorded and not self.withheld


def standing_of(session: Session, *, livestream_id: str) -> Standing:
    """Return where a livestream stands, read from the database and not from loaded objects.

    Raises:
        NotFound: There is no such livestream.
    """
    row = session.execute(
        select(
            Livestream.state,
            Broadcast.state.label("broadcast_state"),
            Livestream.replay_policy,
            Livestream.auto_start,
            Livestream.recorded,
            Livestream.withheld_at,
            Livestream.premiere,
            Livestream.broadcast_id,
            Broadcast.lease_until,
            Livestream.host_id,
            Host.verified_until,
        )
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .join(Host, Host.id == Livestream.host_id)
        .where(Livestream.id == livestream_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Standing(
        pair=(L(row.state), B(row.broadcast_state)),
        policy=ReplayPolicy(row.replay_policy),
        auto_start=row.auto_start,
        broadcast_id=row.broadcast_id,
        lease_until=row.lease_until,
        host_verified_until=row.verified_until,
        host_id=row.host_id,
        recorded=row.recorded,
        withheld=row.withheld_at is not None,
        premiere=row.premiere,
    )


def livestream_of_broadcast(session: Session, *, broadcast_id: str) -> str | None:
    """Return the id of the livestream that owns a broadcast."""
    statement = select(Livestream.id).where(Livestream.broadcast_id == broadcast_id)
    return session.execute(statement).scalar_one_or_none()


def overrun_livestreams(session: Session, *, now: datetime) -> Sequence[str]:
    """Return the ids of livestreams the clock must end (``rules.is_overrun``).

    One that runs over ends sooner when its host's next livestream is due: nobody is in two places.
    """
    following = aliased(Livestream)
    next_is_due = exists().where(
        following.host_id == Livestream.host_id,
        following.state == L.SCHEDULED,
        following.starts_at > Livestream.starts_at,
        following.starts_at <= now,
    )
    over = Livestream.ends_at <= now
    statement = select(Livestream.id).where(
        Livestream.state == L.LIVE,
        (Livestream.ends_at <= now - OVERRUN) | (over & next_is_due),
    )
    return session.scalars(statement.order_by(Livestream.ends_at)).all()


def withdrawn_livestreams(session: Session) -> Sequence[str]:
    """Return the ids of livestreams that are live though their host's licence was withdrawn."""
    statement = (
        select(Livestream.id)
        .join(Host, Host.id == Livestream.host_id)
        .where(Livestream.state == L.LIVE, Host.verified_until.is_(None))
    )
    return session.scalars(statement.order_by(Livestream.id)).all()


def missed_livestreams(session: Session, *, now: datetime) -> Sequence[str]:
    """Return the ids of livestreams the clock must give up (``rules.is_missed``)."""
    statement = (
        select(Livestream.id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(Livestream.state == L.SCHEDULED, Broadcast.state.in_((B.IDLE, B.ENDED)))
        .where(Livestream.starts_at <= now - NO_SHOW)
    )
    return session.scalars(statement.order_by(Livestream.starts_at)).all()
