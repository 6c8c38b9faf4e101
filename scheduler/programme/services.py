"""Livestreams take time and give it back. The one place that ties a livestream to the grid.

:mod:`streams.life.services` calls it with every move of a livestream's state and with every edit,
in the same transaction, so that neither happens without the other.
"""

from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from scheduler.duties.services import move_duties, release_duties
from scheduler.enums import Part
from scheduler.enums import ReservationState as R
from scheduler.errors import Taken
from scheduler.grid import services as grid
from scheduler.grid.rules import Wanted
from scheduler.models import Reservation
from scheduler.programme import queries, rules

log = structlog.get_logger("mindcast.scheduler")


def follow_state(session: Session, *, livestream_id: str, old: L, new: L, now: datetime) -> None:
    """Take or give back time as a livestream goes from ``old`` to ``new``.

    Raises:
        Taken: The host has given that time away.
    """
    state = rules.after(old, new)
    if state in {R.PENDING, R.CONFIRMED}:
        livestream = session.get_one(Livestream, livestream_id, populate_existing=True)
        take_time(session, livestream=livestream, state=state, now=now)
    elif state is not None:
        give_time_back(session, livestream_id=livestream_id, state=state, now=now)
        release_duties(session, livestream_id=livestream_id, now=now, used=state is R.USED)


def take_time(session: Session, *, livestream: Livestream, state: R, now: datetime) -> None:
    """Reserve the time of a livestream, or move the reservation that it has on to ``state``.

    Raises:
        Taken: The host has given that time away.
    """
    reservation = queries.reservation_of_livestream(session, livestream_id=livestream.id)
    if reservation is None:
        wanted = queries.wanted_for(session, livestream)
        grid.reserve(session, wanted=wanted, state=state, now=now)
    elif reservation.state != state:
        grid.change_state(session, reservation=reservation, state=state, now=now)


def give_time_back(session: Session, *, livestream_id: str, state: R, now: datetime) -> None:
    """Give back what a livestream had reserved; one without a reservation gives nothing."""
    reservation = queries.reservation_of_livestream(session, livestream_id=livestream_id)
    if reservation is None:
        return
    if R(reservation.state) is R.PENDING and state is R.USED:
        state = R.RELEASED
    grid.change_state(session, reservation=reservation, state=state, now=now)


def follow_edit(session: Session, *, livestream: Livestream, now: datetime) -> None:
    """Move the reservation to the time and the host that the livestream has now.

    Its moderators follow; one who cannot is released, and the board names the gap.

    Raises:
        Taken: They are not free; the nearest times that are stand in it.
    """
    state = rules.TAKES.get(L(livestream.state))
    if state is None:
        return
    reservation = queries.reservation_of_livestream(session, livestream_id=livestream.id)
    wanted = queries.wanted_for(session, livestream)
    if queries.is_searched_for(session, livestream_id=livestream.id):
        _move_without_host(session, reservation, wanted, now)
    elif reservation is None:
        grid.reserve(session, wanted=wanted, state=state, now=now)
    else:
        grid.move(session, reservation=reservation, wanted=wanted, now=now)
    move_duties(session, livestream_id=livestream.id, span=wanted.span, now=now)


def _move_without_host(
    session: Session, reservation: Reservation | None, wanted: Wanted, now: datetime
) -> None:
    """Let the room follow; the host has given the time back and is not asked for another one."""
    others = tuple(need for need in wanted.needs if need.part is not Part.HOST)
    if reservation is not None and others:
        rest = replace(wanted, needs=others, buffer_before=0, buffer_after=0)
        grid.move(session, reservation=reservation, wanted=rest, now=now)


def reserve_missing(session: Session, now: datetime) -> None:
    """Reserve for livestreams that came in by another way: an older release, an import, the demo.

    One whose time is taken stays without; the board names it.
    """
    for livestream in queries.unreserved(session, now=now):
        try:
            take_time(
                session, livestream=livestream, state=rules.TAKES[L(livestream.state)], now=now
            )
        except Taken:
            log.warning("no time for livestream", livestream=livestream.id)


def release_orphans(session: Session, now: datetime) -> None:
    """Give back the time of what is gone: examples, when the demo is cleared, and their duties."""
    for reservation in queries.orphans(session):
        grid.change_state(session, reservation=reservation, state=R.RELEASED, now=now)
