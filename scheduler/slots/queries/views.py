"""What pages and the API show of a slot: frozen views, read with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from catalog.queries import TopicView, list_topics
from core.words import Words
from scheduler.enums import ReservationKind, ReservationState
from scheduler.models import Reservation, Room, Slot, SlotTopic
from scheduler.slots.rules import Asked
from scheduler.spans import Span


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody is filling in the form of a slot."""

    holder_id: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot with its topics, room, hold and claimant; times are UTC."""

    id: str
    titles: Words
    descriptions: Words
    topics: tuple[TopicView, ...]
    language: str
    scope: str
    span: Span
    timezone: str
    state: str
    room: Words | None
    livestream_id: str | None
    livestream_state: str | None
    host_id: str | None
    host_names: Words
    hold: Hold | None

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.span.starts_at

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.span.ends_at

    @property
    def names(self) -> Words:
        """Its title, or the name of its first topic while nobody has thought of one."""
        return self.titles or (self.topics[0].names if self.topics else {})

    @property
    def asked(self) -> Asked:
        """What it asks of a host."""
        slugs = frozenset(topic.slug for topic in self.topics)
        return Asked(slugs, self.language, self.scope)


@dataclass(frozen=True, slots=True)
class _Claimant:
    host_id: str
    names: Words
    state: str


def slot_views(session: Session, slots: Sequence[Slot], now: datetime) -> tuple[SlotView, ...]:
    """Return the views of slots, in their order."""
    ids = [slot.id for slot in slots]
    topics = _topics(session, ids)
    rooms = _rooms(session, [slot.room_id for slot in slots if slot.room_id])
    claimants = _claimants(session, [slot.livestream_id for slot in slots if slot.livestream_id])
    holds = _holds(session, ids, now)
    return tuple(
        _view(
            slot,
            topics=tuple(topics[slot.id]),
            room=rooms.get(slot.room_id or ""),
            claimant=claimants.get(slot.livestream_id or ""),
            hold=holds.get(slot.id),
        )
        for slot in slots
    )


def _view(
    slot: Slot,
    *,
    topics: tuple[TopicView, ...],
    room: Words | None,
    claimant: _Claimant | None,
    hold: Hold | None,
) -> SlotView:
    return SlotView(
        id=slot.id,
        titles=slot.titles,
        descriptions=slot.descriptions,
        topics=topics,
        language=slot.language,
        scope=slot.scope,
        span=Span(slot.starts_at, slot.ends_at),
        timezone=slot.timezone,
        state=slot.state,
        room=room,
        livestream_id=slot.livestream_id,
        livestream_state=claimant.state if claimant else None,
        host_id=claimant.host_id if claimant else None,
        host_names=claimant.names if claimant else {},
        hold=hold,
    )


def _topics(session: Session, slot_ids: Sequence[str]) -> Mapping[str, list[TopicView]]:
    known = {topic.slug: topic for topic in list_topics(session)}
    found: dict[str, list[TopicView]] = defaultdict(list)
    rows = session.execute(
        select(SlotTopic.slot_id, SlotTopic.topic_slug)
        .where(SlotTopic.slot_id.in_(slot_ids))
        .order_by(SlotTopic.slot_id, SlotTopic.position)
    )
    for slot_id, slug in rows:
        found[slot_id].append(known[slug])
    return found


def _rooms(session: Session, room_ids: Sequence[str]) -> Mapping[str, Words]:
    rows = session.execute(select(Room.id, Room.names).where(Room.id.in_(room_ids)))
    return {room_id: names for room_id, names in rows}  # noqa: C416 -- a row is no pair to mypy


def _claimants(session: Session, livestream_ids: Sequence[str]) -> Mapping[str, _Claimant]:
    rows = session.execute(
        select(Livestream.id, Livestream.host_id, Host.names, Livestream.state)
        .join(Host, Host.id == Livestream.host_id)
        .where(Livestream.id.in_(livestream_ids))
    )
    return {found[0]: _Claimant(*found[1:]) for found in rows}


def _holds(session: Session, slot_ids: Sequence[str], now: datetime) -> Mapping[str, Hold]:
    rows = session.execute(
        select(Reservation.subject_id, Reservation.holder_id, Reservation.expires_at)
        .where(Reservation.kind == ReservationKind.SLOT, Reservation.subject_id.in_(slot_ids))
        .where(Reservation.state == ReservationState.HELD, Reservation.expires_at > now)
    )
    return {
        slot_id: Hold(holder_id, until) for slot_id, holder_id, until in rows if until is not None
    }
