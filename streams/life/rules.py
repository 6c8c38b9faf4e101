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
from streams.readiness.rules import GateItem, missing

OVERRUN: Final = timedelta(minutes=30)
"""A livestream that goes on this long after its planned end is ended by the clock."""
NO_SHOW: Final = timedelta(minutes=30)
"""A livestream that nobody has begun this long after its planned start was missed."""

TALK_IS_HELD: Final = _("A finished talk is held for it. Take it back at the desk first.")
SOMEBODY_SENDS: Final = _("Picture and sound are coming in for it. End the rehearsal first.")

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
    WITHHOLD = "withhold"  # its host withdrew the consent to being recorded
    MISS = "miss"
    IMPORTED = "imported"  # an uploaded talk has become the recording
    HELD = "held"  # an uploaded talk waits for its premiere
    TAKEN_BACK = "taken_back"  # the talk that was held is gone again
    SKIPPED = "skipped"  # the talk that was held is the recording, without a premiere


BEFORE: Final = (L.DRAFT, L.PROPOSED, L.SCHEDULED)
"""States before the start; a broadcast that is ``ended`` then is a talk held for its premiere."""

TRANSITIONS: Final[Mapping[Event, Mapping[Pair, Pair]]] = {
    Event.PROPOSE: {
        (L.DRAFT, broadcast): (L.PROPOSED, broadcast) for broadcast in (B.IDLE, B.ENDED)
    },
    Event.RETURN: {
        (L.PROPOSED, broadcast): (L.DRAFT, broadcast) for broadcast in (B.IDLE, B.ENDED)
    },
    Event.SCHEDULE: {
        (livestream, broadcast): (L.SCHEDULED, broadcast)
        for livestream in (L.DRAFT, L.PROPOSED)
        for broadcast in (B.IDLE, B.ENDED)
    },
    Event.CANCEL: {
        (L.DRAFT, B.IDLE): (L.CANCELLED, B.IDLE),
        (L.PROPOSED, B.IDLE): (L.CANCELLED, B.IDLE),
        (L.SCHEDULED, B.IDLE): (L.CANCELLED, B.IDLE),
        (L.SCHEDULED, B.RECEIVING): (L.CANCELLED, B.RECEIVING),
        **{(livestream, B.ENDED): (L.CANCELLED, B.ENDED) for livestream in BEFORE},
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
        (L.SCHEDULED, B.ENDED): (L.LIVE, B.ENDED),  # a premiere: its media are complete
    },
    Event.END: {
        (L.LIVE, B.ENDED): (L.ENDED, B.ENDED),
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
    Event.WITHHOLD: {(L.PUBLISHED, broadcast): (L.ENDED, broadcast) for broadcast in B},
    Event.MISS: {
        (L.SCHEDULED, broadcast): (L.MISSED, broadcast) for broadcast in (B.IDLE, B.ENDED)
    },
    # in place of going live; with an encoder connected, or after the show, it is too late
    Event.IMPORTED: {
        (livestream, broadcast): (L.ENDED, B.ENDED)
        for livestream in (*BEFORE, L.MISSED)
        for broadcast in (B.IDLE, B.ENDED)
    },
    Event.HELD: {
        (livestream, broadcast): (livestream, B.ENDED)
        for livestream in BEFORE
        for broadcast in (B.IDLE, B.ENDED)  # another talk takes the place of the one held
    },
    Event.SKIPPED: {
        (livestream, B.ENDED): (L.ENDED, B.ENDED) for livestream in (*BEFORE, L.MISSED)
    },
    Event.TAKEN_BACK: {
        (livestream, B.ENDED): (livestream, B.IDLE) for livestream in (*BEFORE, L.MISSED)
    },
}


NEVER_AT_ONCE: Final = frozenset({Event.IMPORTED, Event.SKIPPED, Event.WITHHOLD})
"""Events after which a replay waits for its release, whatever its policy."""


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted transition: compare with ``old``, then set ``new``."""

    old: Pair
    new: Pair


def next_move(event: Event, pair: Pair, policy: ReplayPolicy, *, kept: bool = True) -> Move | None:
    """Return the move that ``event`` makes from ``pair``, or None when it is not permitted.

    A livestream whose replay needs no release is published by its end. What was uploaded is not:
    nobody has seen it yet. What is not ``kept``, because it is not recorded or its host withdrew
    the consent, is never published.
    """
    new = TRANSITIONS[event].get(pair)
    if new is None or (event is Event.PUBLISH and not kept):
        return None
    livestream, broadcast = new
    at_once = policy is ReplayPolicy.AT_END and kept and event not in NEVER_AT_ONCE
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


def is_held(pair: Pair) -> bool:
    """Tell whether a finished talk waits for its premiere, or missed it."""
    return pair[0] in {*BEFORE, L.MISSED} and pair[1] is B.ENDED


def arrival_of_talk(state: L, *, premiere: bool) -> Event:
    """Return what it means that an uploaded talk has come in."""
    return Event.HELD if premiere and state in BEFORE else Event.IMPORTED


def arrival(pair: Pair, *, auto_start: bool) -> Event:
    """Return what the arrival of an encoder is: a rehearsal, a return, or the start itself.

    An automatic start passes the same gate as one by hand; before a shut gate it is refused.
    """
    if auto_start and pair == (L.SCHEDULED, B.IDLE):
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
    """Tell whether the clock gives a livestream up: nobody came, not even to rehearse.

    A premiere is given up as well, when its gate stayed shut all that time.
    """
    return pair in {(L.SCHEDULED, B.IDLE), (L.SCHEDULED, B.ENDED)} and now >= starts_at + NO_SHOW
