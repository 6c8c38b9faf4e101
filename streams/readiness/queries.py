"""Reads of readiness: the facts of the gate in one statement, and who is of the crew and here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.credentials.enums import ConsentKind
from catalog.credentials.models import Consent
from catalog.models import Host, Livestream
from core.errors import NotFound
from core.words import Words
from media.enums import BroadcastState
from media.models import Broadcast, Ingest
from scheduler.duties.queries.rota import needed_by
from scheduler.duties.rules import STANDING
from scheduler.models import Duty
from scheduler.substitutes.queries import hostless
from streams.readiness.models import DeviceCheck, Presence, ScriptReading
from streams.readiness.rules import (
    HERE,
    Facts,
    GateItem,
    is_here,
    missing,
    report_of_feed,
    script,
    start_gate,
)


class Part(StrEnum):
    """What somebody is to a livestream."""

    HOST = "host"
    MODERATOR = "moderator"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class CrewMember:
    """Somebody of the crew; ``names`` are those of a host's page, ``name`` of everybody else.

    ``came_at`` is since when they have been here without a break; both times are None before.
    """

    id: str
    part: Part
    name: str
    names: Words
    came_at: datetime | None
    seen_at: datetime | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a crew sees before a livestream: the gate's items and who is here."""

    livestream_id: str
    state: str
    gate: tuple[GateItem, ...]
    crew: tuple[CrewMember, ...]
    device_checked_at: datetime | None
    is_sending: bool
    script_version: int
    script_read_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether nothing is missing."""
        return not missing(self.gate)


def facts_of(session: Session, *, livestream_id: str) -> Facts:
    """Return what the gate depends on, as the database has it now.

    Raises:
        NotFound: There is no such livestream.
    """
    row = session.execute(
        select(
            Host.verified_until,
            hostless().label("hostless"),
            _moderators().label("moderators"),
            needed_by().label("needed"),
            DeviceCheck.checked_at,
            Broadcast.state,
            _shape().label("shape"),
            ScriptReading.read_at,
            Livestream.recorded,
            _consent_withdrawn_at().label("withdrawn_at"),
            Livestream.premiere,
            Livestream.withheld_at,
        )
        .select_from(Livestream)
        .join(Host, Host.id == Livestream.host_id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .outerjoin(DeviceCheck, DeviceCheck.user_id == Livestream.host_id)
        .outerjoin(
            ScriptReading,
            and_(
                ScriptReading.user_id == Livestream.host_id,
                ScriptReading.version == script().version,
            ),
        )
        .where(Livestream.id == livestream_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    is_connected = row.state == BroadcastState.RECEIVING
    return Facts(
        host_verified_until=row.verified_until,
        host_present=not row.hostless,
        moderators=row.moderators,
        moderators_needed=row.needed,
        device_checked_at=row.checked_at,
        is_sending=is_connected and report_of_feed(row.shape) is not None,
        script_read_at=row.read_at,
        recorded=row.recorded,
        consent_withdrawn=row.withdrawn_at is not None,
        premiere=row.premiere,
        talk_held=row.state == BroadcastState.ENDED,
        withheld=row.withheld_at is not None,
    )


def readiness_of(session: Session, *, livestream_id: str, now: datetime) -> Readiness:
    """Return how ready a livestream is; raises as :func:`facts_of`."""
    facts = facts_of(session, livestream_id=livestream_id)
    livestream = session.get_one(Livestream, livestream_id)
    return Readiness(
        livestream_id=livestream_id,
        state=livestream.state,
        gate=start_gate(facts, now),
        crew=crew_of(session, livestream=livestream, now=now),
        device_checked_at=facts.device_checked_at,
        is_sending=facts.is_sending,
        script_version=script().version,
        script_read_at=facts.script_read_at,
    )


def crew_of(session: Session, *, livestream: Livestream, now: datetime) -> tuple[CrewMember, ...]:
    """Return the host, the moderators, and of everybody else those who are here."""
    on_duty = exists().where(
        Duty.livestream_id == livestream.id,
        Duty.moderator_id == User.id,
        Duty.state.in_(STANDING),
    )
    rows = session.execute(
        select(
            User.id,
            User.display_name,
            Host.names,
            Presence.came_at,
            Presence.seen_at,
            on_duty.label("on_duty"),
        )
        .outerjoin(Host, Host.id == User.id)
        .outerjoin(
            Presence, and_(Presence.user_id == User.id, Presence.livestream_id == livestream.id)
        )
        .where(or_(User.id == livestream.host_id, on_duty, Presence.seen_at > now - HERE))
        .order_by(User.display_name, User.id)
    ).all()
    crew = [_member(row, livestream.host_id, now) for row in rows]
    return tuple(sorted(crew, key=lambda one: list(Part).index(one.part)))


def is_on_duty(session: Session, *, livestream_id: str, user_id: str) -> bool:
    """Tell whether somebody is assigned to moderate a livestream."""
    found = select(Duty.id).where(
        Duty.livestream_id == livestream_id,
        Duty.moderator_id == user_id,
        Duty.state.in_(STANDING),
    )
    return session.scalar(found) is not None


def _member(row: Any, host_id: str, now: datetime) -> CrewMember:  # noqa: ANN401 -- a row
    part = Part.MODERATOR if row.on_duty else Part.STAFF
    if row.id == host_id:
        part = Part.HOST
    return CrewMember(
        id=row.id,
        part=part,
        name=row.display_name,
        names=row.names or {},
        came_at=row.came_at,
        seen_at=row.seen_at,
        is_here=is_here(row.seen_at, now),
    )


def _moderators() -> Any:  # noqa: ANN401 -- an expression of SQL
    """Count the standing duties of a livestream; nobody moderates what they host."""
    return (
        select(func.count())
        .select_from(Duty)
        .where(Duty.livestream_id == Livestream.id, Duty.state.in_(STANDING))
        .where(Duty.moderator_id != Livestream.host_id)
        .scalar_subquery()
    )


def _shape() -> Any:  # noqa: ANN401 -- an expression of SQL
    """Return what comes in now, as far as it is known."""
    return (
        select(Ingest.shape)
        .where(Ingest.broadcast_id == Livestream.broadcast_id, Ingest.closed_at.is_(None))
        .order_by(Ingest.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def _consent_withdrawn_at() -> Any:  # noqa: ANN401 -- an expression of SQL
    """Return when the host's latest consent was withdrawn; who was never asked has none."""
    return (
        select(Consent.withdrawn_at)
        .where(Consent.user_id == Livestream.host_id, Consent.kind == ConsentKind.RECORDING)
        .order_by(Consent.given_at.desc(), Consent.version.desc())
        .limit(1)
        .scalar_subquery()
    )
