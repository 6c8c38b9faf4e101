"""The table of transitions of a livestream and its broadcast. Pure.

One event moves both machines at once or neither: a service looks the pair up here and writes both
with compare-and-set on the old pair. What is not in the table cannot happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy
from core.errors import _
from media.enums import BroadcastState as B

OVERRUN: Final = timedelta(minutes=30)
"""A livestream that goes on this long after its planned end is ended by the clock."""
NO_SHOW: Final = timedelta(minutes=30)
"""A livestream that nobody has begun this long after its planned start was missed."""

Pair: TypeAlias = tuple[L, B]


class Event(StrEnum):
    """What can happen to a livestream."""

    PROPOSE = "propose"
    RETURN = "return"  # an editor sends a proposal back to its host
    SCHEDULE = "schedule"
    CANCEL = "cancel"
    RESTORE = "restore"  # it takes place after all
    START = "start"
    ENCODER_ARRIVED = "encoder_arrived"
    ENCODER_ARRIVED_AND_START = "encoder_arrived_and_start"  # auto_start
    ENCODER_LEFT = "encoder_left"
    END = "end"
    WINDOW_CLOSED = "window_closed"
    DRAINED = "drained"  # the owner has packaged the last segment
    PUBLISH = "publish"
    MISS = "miss"
    IMPORTED = "imported"  # an uploaded talk has become the recording


TRANSITIONS: Final[Mapping[Event, Mapping[Pair, Pair]]] = {
    Event.PROPOSE: {(L.DRAFT, B.IDLE): (L.PROPOSED, B.IDLE)},
    Event.RETURN: {(L.PROPOSED, B.IDLE): (L.DRAFT, B.IDLE)},
    Event.SCHEDULE: {
        (L.DRAFT, B.IDLE): (L.SCHEDULED, B.IDLE),
        (L.PROPOSED, B.IDLE): (L.SCHEDULED, B.IDLE),
    },
    Event.CANCEL: {
        (L.DRAFT, B.IDLE): (L.CANCELLED, B.IDLE),
        (L.PROPOSED, B.IDLE): (L.CANCELLED, B.IDLE),
        (L.SCHEDULED, B.IDLE): (L.CANCELLED, B.IDLE),
        (L.SCHEDULED, B.RECEIVING): (L.CANCELLED, B.RECEIVING),
    },
    Event.RESTORE: {
        (L.CANCELLED, B.IDLE): (L.SCHEDULED, B.IDLE),
        (L.CANCELLED, B.ENDED): (L.SCHEDULED, B.IDLE),
    },
    Event.ENCODER_ARRIVED: {
        (L.SCHEDULED, B.IDLE): (L.SCHEDULED, B.RECEIVING),  # a rehearsal: nobody sees it
        # a second encoder with the key takes over from one that is gone without a word
        (L.SCHEDULED, B.RECEIVING): (L.SCHEDULED, B.RECEIVING),
        (L.LIVE, B.RECEIVING): (L.LIVE, B.RECEIVING),
        (L.LIVE, B.IDLE): (L.LIVE, B.RECEIVING),
        (L.LIVE, B.INTERRUPTED): (L.LIVE, B.RECEIVING),
    },
    Event.ENCODER_ARRIVED_AND_START: {
        (L.SCHEDULED, B.IDLE): (L.LIVE, B.RECEIVING),
        (L.SCHEDULED, B.RECEIVING): (L.LIVE, B.RECEIVING),
    },
    Event.ENCODER_LEFT: {
        (L.SCHEDULED, B.RECEIVING): (L.SCHEDULED, B.IDLE),
        (L.LIVE, B.RECEIVING): (L.LIVE, B.INTERRUPTED),
    },
    Event.START: {
        (L.SCHEDULED, B.IDLE): (L.LIVE, B.IDLE),
        (L.SCHEDULED, B.RECEIVING): (L.LIVE, B.RECEIVING),
    },
    Event.END: {
        (L.LIVE, B.IDLE): (L.ENDED, B.IDLE),
        (L.LIVE, B.RECEIVING): (L.ENDED, B.RECEIVING),
        (L.LIVE, B.INTERRUPTED): (L.ENDED, B.INTERRUPTED),
    },
    Event.WINDOW_CLOSED: {(L.LIVE, B.INTERRUPTED): (L.ENDED, B.INTERRUPTED)},
    Event.DRAINED: {
        (livestream, broadcast): (livestream, B.ENDED)
        for livestream in (L.ENDED, L.PUBLISHED, L.CANCELLED)
        for broadcast in (B.IDLE, B.RECEIVING, B.INTERRUPTED)
    },
    Event.PUBLISH: {(L.ENDED, broadcast): (L.PUBLISHED, broadcast) for broadcast in B},
    Event.MISS: {(L.SCHEDULED, B.IDLE): (L.MISSED, B.IDLE)},
    # in place of going live; with an encoder connected, or after the show, it is too late
    Event.IMPORTED: {
        (livestream, B.IDLE): (L.ENDED, B.ENDED)
        for livestream in (L.DRAFT, L.PROPOSED, L.SCHEDULED, L.MISSED)
    },
}


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted transition: compare with ``old``, then set ``new``."""

    old: Pair
    new: Pair


def next_move(event: Event, pair: Pair, policy: ReplayPolicy) -> Move | None:
    """Return the move that ``event`` makes from ``pair``, or None when it is not permitted.

    A livestream whose replay needs no release is published by its end. What was uploaded is not:
    nobody has seen it yet.
    """
    new = TRANSITIONS[event].get(pair)
    if new is None:
        return None
    livestream, broadcast = new
    at_once = policy is ReplayPolicy.AT_END and event is not Event.IMPORTED
    if livestream is L.ENDED and at_once:
        return Move(pair, (L.PUBLISHED, broadcast))
    return Move(pair, (livestream, broadcast))


def needs_editor(
    event: Event, *, announced_at: datetime | None, started_at: datetime | None
) -> bool:
    """Tell whether only the staff may make this move.

    They schedule. What was neither scheduled nor live was uploaded to a draft: its release is the
    first time that an editor says yes to it.
    """
    never_shown = announced_at is None and started_at is None
    return event is Event.SCHEDULE or (event is Event.PUBLISH and never_shown)


@dataclass(frozen=True, slots=True)
class GateItem:
    """One thing that going live needs; ``reason`` is said when it is missing."""

    code: str
    met: bool
    reason: str


def start_gate(
    *, host_verified_until: datetime | None, now: datetime, host_present: bool = True
) -> tuple[GateItem, ...]:
    """Return everything that going live needs, in the order in which a host sees it."""
    verified = host_verified_until is not None and host_verified_until > now
    return (
        GateItem("host_verified", verified, _("The host's licence is not verified at present.")),
        GateItem("host_present", host_present, _("Another host is being found.")),
    )


def missing(gate: tuple[GateItem, ...]) -> tuple[GateItem, ...]:
    """Return the items of a gate that keep it shut."""
    return tuple(item for item in gate if not item.met)


def arrival(*, state: L, auto_start: bool, gate_is_open: bool) -> Event:
    """Return what the arrival of an encoder is: a rehearsal, a return, or the start itself.

    An automatic start passes the same gate as one by hand; before a shut gate it is a rehearsal.
    """
    if auto_start and gate_is_open and state is L.SCHEDULED:
        return Event.ENCODER_ARRIVED_AND_START
    return Event.ENCODER_ARRIVED


def restore_faults(
    *,
    announced_at: datetime | None,
    starts_at: datetime,
    host_wanted_at: datetime | None,
    has_media: bool,
    now: datetime,
) -> tuple[GateItem, ...]:
    """Return what keeps a livestream that was called off from taking place after all."""
    return missing(
        (
            GateItem("announced", announced_at is not None, _("It was never in the programme.")),
            GateItem("starts_at", starts_at > now, _("Its start is over.")),
            GateItem("host_present", host_wanted_at is None, _("Its host could not come.")),
            GateItem("media", not has_media, _("Something was recorded for it already.")),
        )
    )


def is_overrun(*, state: L, ends_at: datetime, now: datetime) -> bool:
    """Tell whether the clock ends a livestream at ``now``."""
    return state is L.LIVE and now >= ends_at + OVERRUN


def is_missed(pair: Pair, *, starts_at: datetime, now: datetime) -> bool:
    """Tell whether the clock gives a livestream up: nobody came, not even to rehearse."""
    return pair == (L.SCHEDULED, B.IDLE) and now >= starts_at + NO_SHOW
