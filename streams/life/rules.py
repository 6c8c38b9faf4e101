"""The table of transitions of a livestream and its broadcast. Pure.

One event moves both machines at once or neither: a service looks the pair up here and writes both with
compare-and-set on the old pair. What is not in the table cannot happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy
from media.enums import BroadcastState as B

Pair: TypeAlias = tuple[L, B]


class Event(StrEnum):
    """What can happen to a livestream."""

    PROPOSE = "propose"
    SCHEDULE = "schedule"
    CANCEL = "cancel"
    START = "start"
    ENCODER_ARRIVED = "encoder_arrived"
    ENCODER_ARRIVED_AND_START = "encoder_arrived_and_start"  # auto_start
    ENCODER_LEFT = "encoder_left"
    END = "end"
    WINDOW_CLOSED = "window_closed"
    DRAINED = "drained"  # the owner has packaged the last segment
    PUBLISH = "publish"
    MISS = "miss"


TRANSITIONS: Final[Mapping[Event, Mapping[Pair, Pair]]] = {
    Event.PROPOSE: {(L.DRAFT, B.IDLE): (L.PROPOSED, B.IDLE)},
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
    Event.ENCODER_ARRIVED: {
        (L.SCHEDULED, B.IDLE): (L.SCHEDULED, B.RECEIVING),  # a rehearsal: nobody sees it
        (L.LIVE, B.IDLE): (L.LIVE, B.RECEIVING),
        (L.LIVE, B.INTERRUPTED): (L.LIVE, B.RECEIVING),
    },
    Event.ENCODER_ARRIVED_AND_START: {(L.SCHEDULED, B.IDLE): (L.LIVE, B.RECEIVING)},
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
}


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted transition: compare with ``old``, then set ``new``."""

    old: Pair
    new: Pair


def next_move(event: Event, pair: Pair, policy: ReplayPolicy) -> Move | None:
    """Return the move that ``event`` makes from ``pair``, or None when it is not permitted.

    A livestream whose replay needs no release is published by its end.
    """
    new = TRANSITIONS[event].get(pair)
    if new is None:
        return None
    livestream, broadcast = new
    if livestream is L.ENDED and policy is ReplayPolicy.AT_END:
        return Move(pair, (L.PUBLISHED, broadcast))
    return Move(pair, (livestream, broadcast))
