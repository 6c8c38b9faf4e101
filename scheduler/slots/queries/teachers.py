"""What a host may claim, what stands in the way, and what would do instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Host, HostLanguage, HostTopic, Livestream
from core.words import Words
from scheduler.enums import ReservationKind, SlotState
from scheduler.grid.queries import alternatives, buffers_of
from scheduler.grid.rules import MOST_ALTERNATIVES, STANDING
from scheduler.models import Reservation, ReservedResource
from scheduler.slots.errors import SlotSpan
from scheduler.slots.queries.lists import SlotFilters, list_slots
from scheduler.slots.queries.views import SlotView
from scheduler.slots.rules import Teacher, refusal_of
from scheduler.spans import Span

LOOKED_AT: Final = 200
"""Open slots that are looked through for one host; the editors' list has all of them."""


@dataclass(frozen=True, slots=True)
class Clash:
    """What a host does at that time already; ``titles`` are those of a livestream."""

    kind: str
    titles: Words
    span: Span
    buffers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """An open slot for one host: free, or with what stands in its way and what would do."""

    slot: SlotView
    clash: Clash | None
    instead: tuple[SlotView, ...]


def teacher_of(session: Session, *, host_id: str) -> Teacher | None:
    """Return what decides which slots somebody may claim; None: they have no page as a host."""
    host = session.get(Host, host_id)
    if host is None:
        return None
    topics = select(HostTopic.topic_slug).where(HostTopic.host_id == host_id)
    languages = select(HostLanguage.language).where(HostLanguage.host_id == host_id)
    return Teacher(
        id=host_id,
        verified_until=host.verified_until,
        kind=host.credential_kind,
        topics=frozenset(session.scalars(topics)),
        languages=frozenset(session.scalars(languages)),
    )


def choices_for(
    session: Session, *, teacher: Teacher, filters: SlotFilters, now: datetime
) -> tuple[Choice, ...]:
    """Return the open slots that a host may teach, those without a clash first."""
    slots = [
        slot
        for slot in _open_slots(session, filters, now)
        if refusal_of(teacher, slot.asked, now) is None
    ]
    clashes = clashes_of(session, person_id=teacher.id, spans=[one.span for one in slots], now=now)
    free = [slot for slot in slots if clashes.get(slot.span) is None and _is_free(slot, teacher)]
    choices = [
        Choice(slot, clash := clashes.get(slot.span), nearest_to(slot.span, free) if clash else ())
        for slot in slots
    ]
    return tuple(sorted(choices, key=lambda choice: choice.clash is not None))


def nearest_to(span: Span, slots: Iterable[SlotView]) -> tuple[SlotView, ...]:
    """Return up to three of ``slots`` that begin nearest to a span."""
    others = [slot for slot in slots if slot.span != span]
    others.sort(key=lambda slot: abs(slot.starts_at - span.starts_at))
    return tuple(others[:MOST_ALTERNATIVES])


def nearest_choices(
    session: Session, *, teacher: Teacher, span: Span, but: str, now: datetime
) -> tuple[Span, ...]:
    """Return up to three times for who did not get ``span``: open slots, then free time."""
    choices = choices_for(session, teacher=teacher, filters=SlotFilters(), now=now)
    free = [
        one.slot
        for one in choices
        if one.clash is None and one.slot.id != but and _is_free(one.slot, teacher)
    ]
    found: list[Span] = [
        SlotSpan(slot.starts_at, slot.ends_at, slot.id) for slot in nearest_to(span, free)
    ]
    if len(found) < MOST_ALTERNATIVES:
        found += alternatives(
            session,
            resource_ids=[teacher.id],
            wanted=span,
            buffers=buffers_of(session, person_id=teacher.id),
            now=now,
        )
    return tuple(found[:MOST_ALTERNATIVES])


def clashes_of(
    session: Session, *, person_id: str, spans: Sequence[Span], now: datetime
) -> dict[Span, Clash]:
    """Return for each span what this person does then; a hold of theirs is no clash."""
    if not spans:
        return {}
    buffers = buffers_of(session, person_id=person_id)
    whole = Span(min(one.starts_at for one in spans), max(one.ends_at for one in spans))
    busy = _engagements(session, person_id, whole.widened(*buffers), now)
    return {
        span: clash
        for span in spans
        for clash in busy
        if clash.span.widened(*clash.buffers).overlaps(span.widened(*buffers))
    }


def _engagements(
    session: Session, person_id: str, around: Span, now: datetime
) -> tuple[Clash, ...]:
    reach = around.widened(24 * 60, 24 * 60)  # more than any buffer and the longest livestream
    rows = session.execute(
        select(Reservation, Livestream.titles)
        .join(ReservedResource, ReservedResource.reservation_id == Reservation.id)
        .outerjoin(Livestream, Livestream.id == Reservation.subject_id)
        .where(ReservedResource.resource_id == person_id, Reservation.state.in_(STANDING))
        .where(ReservedResource.starts_at >= reach.starts_at)
        .where(ReservedResource.starts_at < reach.ends_at)
        .where(Reservation.expires_at.is_(None) | (Reservation.expires_at > now))
        .where(Reservation.kind != ReservationKind.SLOT)
        .order_by(Reservation.starts_at.desc())
    )
    return tuple(
        Clash(
            one.kind,
            titles or {},
            Span(one.starts_at, one.ends_at),
            (one.buffer_before, one.buffer_after),
        )
        for one, titles in rows
    )


def _open_slots(session: Session, filters: SlotFilters, now: datetime) -> Sequence[SlotView]:
    wanted = SlotFilters(
        states=(SlotState.OPEN,),
        topic=filters.topic,
        language=filters.language,
        starts_from=max(now, filters.starts_from or now),
        starts_to=filters.starts_to,
    )
    return list_slots(session, filters=wanted, limit=LOOKED_AT, now=now).items


def _is_free(slot: SlotView, teacher: Teacher) -> bool:
    return slot.hold is None or slot.hold.holder_id == teacher.id
