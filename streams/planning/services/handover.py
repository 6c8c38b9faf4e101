"""A livestream goes from a host who cannot come to another one; viewers keep their page.

Who asks whom is kept by :mod:`scheduler.substitutes`; here the livestream, its time, its stream key
and the search change together or not at all. Every change locks the livestream first, so that two
rivals never wait for each other.
"""

from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.services import record_audit
from catalog.enums import LivestreamState as L
from catalog.models import Host, Livestream
from catalog.rules import is_verified, may_teach
from core.errors import FieldError, InvalidInput, Refusal, WrongState, _
from core.words import storable
from scheduler.enums import Part
from scheduler.enums import ReservationState as R
from scheduler.errors import BeyondScope, NotVerified
from scheduler.grid import services as grid
from scheduler.grid.queries import needs_of
from scheduler.grid.rules import Wanted
from scheduler.models import Offer, Search
from scheduler.programme import services as programme
from scheduler.programme.queries import reservation_of_livestream, wanted_for
from scheduler.substitutes import queries as searches
from scheduler.substitutes import services as substitutes
from scheduler.substitutes.errors import AlreadySearching, OfferOver
from streams.doors.keys import make_key
from streams.life import services as life

LONGEST_REASON: Final = 200
TOO_LONG: Final = _("At most %(longest)s characters.")
NOT_VALID: Final = "licence"
"""The reason of a search that the clock opened: pages put it into words."""

log = structlog.get_logger("mindcast.handover")


class NothingToHandOver(WrongState):
    """Only a livestream that is scheduled and has not begun has a host to replace."""

    code = "nothing_to_hand_over"
    message = _("Another host can be found for a scheduled livestream before it begins.")


def withdraw_host(session: Session, *, livestream_id: str, reason: str, now: datetime) -> Search:
    """Let the host of a livestream go and ask the first hosts who could come instead.

    The livestream stays scheduled; nobody may start it until somebody has accepted.

    Raises:
        NothingToHandOver: It is not scheduled, or its start is over.
        AlreadySearching: Another host is being found already.
        InvalidInput: The reason is too long.
    """
    words = storable(reason).strip()
    if len(words) > LONGEST_REASON:
        raise InvalidInput(FieldError("reason", TOO_LONG, {"longest": LONGEST_REASON}))
    livestream = _locked(session, livestream_id)
    if livestream.state != L.SCHEDULED or livestream.starts_at <= now:
        raise NothingToHandOver
    if searches.hostless_search_of(session, livestream_id=livestream_id) is not None:
        raise AlreadySearching
    search = substitutes.open_search(session, livestream=livestream, reason=words, now=now)
    _release_host(session, livestream, now)
    livestream.host_wanted_at = livestream.updated_at = now
    livestream.sequence += 1  # takes the entry out of the calendar of the one who leaves
    session.flush()
    substitutes.ask_next_wave(session, search=search, now=now)
    return search


def accept_offer(session: Session, *, offer: Offer, data_key: str, now: datetime) -> Livestream:
    """Make the host who was asked the host of the livestream; the first to accept gets it.

    Raises:
        SomebodyFaster, OfferOver: As ``substitutes.accept``.
        NotVerified, BeyondScope: The licence or the profession does not allow it any more.
        Taken: The host has given that time away since.
    """
    search = session.get_one(Search, offer.search_id)
    livestream = _locked(session, search.livestream_id)
    session.refresh(offer)
    substitutes.accept(session, offer=offer, now=now)
    if livestream.state != L.SCHEDULED or livestream.host_id != search.leaver_id:
        raise OfferOver
    _check_may_host(session, offer.host_id, livestream.scope, now)
    livestream.host_id, livestream.host_wanted_at = offer.host_id, None
    livestream.sequence += 1
    livestream.updated_at = now
    session.flush()
    programme.follow_edit(session, livestream=livestream, now=now)
    make_key(session, livestream_id=livestream.id, data_key=data_key, now=now)
    return livestream


def decline_offer(session: Session, *, offer: Offer, now: datetime) -> None:
    """Note that a host cannot take it over; raises OfferOver when the time to answer is over."""
    substitutes.decline(session, offer=offer, now=now)


def take_back(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Let the host come after all: the search is called off and the time is reserved again.

    Raises:
        OfferOver: Nobody is looked for any more.
        Taken: The host has given that time away since.
        NotVerified: The host's licence is not valid at present.
    """
    livestream = _locked(session, livestream_id)
    search = searches.hostless_search_of(session, livestream_id=livestream_id)
    if search is None or livestream.state != L.SCHEDULED:
        raise OfferOver
    _check_may_host(session, livestream.host_id, livestream.scope, now)
    substitutes.call_off(session, search=search, now=now)
    livestream.host_wanted_at, livestream.updated_at = None, now
    livestream.sequence += 1
    session.flush()
    programme.follow_edit(session, livestream=livestream, now=now)
    return livestream


def ask_due_waves(session: Session, now: datetime) -> None:
    """Close questions that nobody answered in time, ask the next hosts, end what is over."""
    substitutes.expire(session, now=now)
    for search in searches.due_searches(session, now=now):
        try:
            with session.begin_nested():
                _go_on(session, search, now)
        except Refusal as refusal:
            log.info("already moved", search=search.id, reason=str(refusal))


def cancel_unfound(session: Session, now: datetime) -> None:
    """Cancel, at their start, livestreams for which nobody was found: their pages say so."""
    for livestream_id in searches.unfound_livestreams(session, now=now):
        try:
            with session.begin_nested():
                _cancel(session, livestream_id, now)
        except Refusal as refusal:
            log.info("already moved", livestream=livestream_id, reason=str(refusal))


def search_for_blocked_hosts(session: Session, now: datetime) -> None:
    """Look for others where the host may not host: at once, or near the start if it lapsed."""
    for livestream in searches.blocked_livestreams(session, now=now):
        try:
            with session.begin_nested():
                withdraw_host(session, livestream_id=livestream.id, reason=NOT_VALID, now=now)
                _note(session, "livestream.search_for_blocked_host", livestream.id, now)
        except Refusal as refusal:
            log.info("already moved", livestream=livestream.id, reason=str(refusal))


def _go_on(session: Session, search: Search, now: datetime) -> None:
    livestream = _locked(session, search.livestream_id)
    session.refresh(search)
    if livestream.state != L.SCHEDULED or livestream.host_id != search.leaver_id:
        substitutes.call_off(session, search=search, now=now)  # cancelled, or set by an editor
    else:
        substitutes.ask_next_wave(session, search=search, now=now)


def _cancel(session: Session, livestream_id: str, now: datetime) -> None:
    livestream = _locked(session, livestream_id)
    search = searches.open_search_of(session, livestream_id=livestream_id)
    if search is not None:
        substitutes.give_up(session, search=search, now=now)
    life.cancel(session, livestream=livestream, now=now)
    _note(session, "livestream.cancel_without_host", livestream_id, now)


def _check_may_host(session: Session, host_id: str, scope: str, now: datetime) -> None:
    host = session.get_one(Host, host_id, populate_existing=True)
    if not is_verified(host.verified_until, now):
        raise NotVerified
    if not may_teach(host.credential_kind, scope):
        raise BeyondScope


def _release_host(session: Session, livestream: Livestream, now: datetime) -> None:
    """Give the host's time back; the room stays taken."""
    reservation = reservation_of_livestream(session, livestream_id=livestream.id)
    if reservation is None:
        return
    needs = needs_of(session, reservation_id=reservation.id)
    others = tuple(need for need in needs if need.part is not Part.HOST)
    if not others:
        programme.give_time_back(session, livestream_id=livestream.id, state=R.RELEASED, now=now)
        return
    whole = wanted_for(session, livestream)
    rest = Wanted(whole.kind, whole.subject_id, others, whole.span, 0, 0, whole.holder_id)
    grid.move(session, reservation=reservation, wanted=rest, now=now)


def _locked(session: Session, livestream_id: str) -> Livestream:
    statement = select(Livestream).where(Livestream.id == livestream_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _note(session: Session, act: str, livestream_id: str, now: datetime) -> None:
    record_audit(
        session,
        actor_id=None,
        act=act,
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
    )
