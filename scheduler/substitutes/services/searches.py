"""A search is opened, asks hosts in waves, and ends; who is concerned is told with it."""

from datetime import datetime

from sqlalchemy import Exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.ids import new_id
from scheduler.enums import OfferState, SearchState
from scheduler.matching.queries import could_host_if_asked, who_could_host
from scheduler.matching.rules import Candidate
from scheduler.models import Offer, Search
from scheduler.substitutes import queries, rules
from scheduler.substitutes.errors import (
    AlreadySearching,
    AskedAlready,
    NotSuitable,
    OfferOver,
    SearchOver,
    SomebodyFaster,
)
from scheduler.substitutes.rules import Wave
from scheduler.substitutes.services.telling import (
    tell_asked,
    tell_missing,
    tell_not_found,
    tell_not_needed,
)


def open_search(session: Session, *, livestream: Livestream, reason: str, now: datetime) -> Search:
    """Begin to look for another host of a livestream in place of the one it has.

    Raises:
        AlreadySearching: Somebody began a moment ago.
    """
    search = Search(
        id=new_id(),
        livestream_id=livestream.id,
        leaver_id=livestream.host_id,
        reason=reason,
        state=SearchState.ASKING,
        wave=0,
        next_wave_at=now,
        opened_at=now,
    )
    try:
        with session.begin_nested():
            session.add(search)
    except IntegrityError as error:
        raise AlreadySearching from error
    tell_missing(session, search=search, now=now)
    return search


def ask_next_wave(session: Session, *, search: Search, now: datetime) -> int:
    """Ask the next hosts, or give up when it is too late; return how many were asked."""
    livestream = session.get_one(Livestream, search.livestream_id, populate_existing=True)
    wave = rules.next_wave(starts_at=livestream.starts_at, now=now)
    if wave is None:
        give_up(session, search=search, now=now)
        return 0
    candidates = _candidates(session, search, livestream, wave.size, now)
    if not candidates:
        again = rules.next_try(starts_at=livestream.starts_at, now=now)
        _set(session, search, next_wave_at=again)
        return 0
    _ask(session, search, candidates, wave, now)
    return len(candidates)


def ask_by_hand(session: Session, *, search: Search, host_id: str, now: datetime) -> Offer:
    """Ask one host whom an editor has chosen; hours may be closed, everything else must fit.

    Raises:
        SearchOver: It has ended, or it is too late to ask anybody.
        AskedAlready: This host was asked in this search.
        NotSuitable: The host cannot take it over.
    """
    livestream = session.get_one(Livestream, search.livestream_id)
    wave = rules.next_wave(starts_at=livestream.starts_at, now=now)
    if search.state != SearchState.ASKING or wave is None:
        raise SearchOver
    asked = queries.asked_of(session, search_id=search.id)
    if host_id in {offer.host_id for offer in asked}:
        raise AskedAlready
    wish = queries.wish_of(session, livestream, without=[search.leaver_id])
    if not could_host_if_asked(session, wish=wish, host_id=host_id, now=now):
        raise NotSuitable
    offer = _offer(search, host_id, {}, wave, rank=len(asked), now=now)
    session.add(offer)
    later = max(search.next_wave_at or now, wave.expires_at)
    _set(session, search, next_wave_at=later)
    tell_asked(session, offers=[offer], now=now)
    return offer


def accept(session: Session, *, offer: Offer, now: datetime) -> Search:
    """Give the livestream of a search to the host of an offer; the first one gets it.

    Raises:
        SomebodyFaster: Another host accepted first.
        OfferOver: The time to answer is over, or the search was called off.
    """
    won = session.execute(
        update(Search)
        .where(Search.id == offer.search_id, Search.state == SearchState.ASKING)
        .where(_still_asked(offer, now))
        .values(state=SearchState.FOUND, closed_at=now, next_wave_at=None)
        .returning(Search.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    search = session.get_one(Search, offer.search_id, populate_existing=True)
    if won is None:
        raise SomebodyFaster if search.state == SearchState.FOUND else OfferOver
    _answer(session, offer, OfferState.ACCEPTED, now)
    beaten = _end_offers(session, search, OfferState.BEATEN, now)
    tell_not_needed(session, offers=beaten, now=now)
    return search


def decline(session: Session, *, offer: Offer, now: datetime) -> None:
    """Note that a host cannot; when nobody is left to answer the next wave goes out.

    Raises:
        OfferOver: It was answered or its time is over.
    """
    if not _answer(session, offer, OfferState.DECLINED, now):
        raise OfferOver
    _hurry(session, offer.search_id, now)


def expire(session: Session, *, now: datetime) -> int:
    """Close the questions whose time is over; return how many."""
    ids = queries.expired_offers(session, now=now)
    if ids:
        session.execute(
            update(Offer)
            .where(Offer.id.in_(ids), Offer.state == OfferState.ASKED)
            .values(state=OfferState.EXPIRED, answered_at=now)
            .execution_options(synchronize_session=False)
        )
    return len(ids)


def give_up(session: Session, *, search: Search, now: datetime) -> None:
    """End a search that found nobody; raises :class:`SearchOver` when it has ended."""
    _end(session, search, SearchState.GIVEN_UP, now)
    tell_not_found(session, search=search, now=now)


def call_off(session: Session, *, search: Search, now: datetime) -> None:
    """End a search that is needed no more; raises :class:`SearchOver` when it has ended."""
    waiting = _end(session, search, SearchState.CALLED_OFF, now)
    tell_not_needed(session, offers=waiting, now=now)


def _candidates(
    session: Session, search: Search, livestream: Livestream, size: int, now: datetime
) -> tuple[Candidate, ...]:
    asked = [offer.host_id for offer in queries.asked_of(session, search_id=search.id)]
    wish = queries.wish_of(session, livestream, without=[search.leaver_id, *asked])
    return who_could_host(session, wish=wish, now=now, limit=size).candidates


def _ask(
    session: Session,
    search: Search,
    candidates: tuple[Candidate, ...],
    wave: Wave,
    now: datetime,
) -> None:
    _set(session, search, wave=search.wave + 1, next_wave_at=wave.expires_at)
    offers = [
        _offer(search, one.host_id, one.why.as_json(), wave, rank=rank, now=now)
        for rank, one in enumerate(candidates)
    ]
    session.add_all(offers)
    session.flush()
    tell_asked(session, offers=offers, now=now)


def _offer(
    search: Search,
    host_id: str,
    reasons: dict[str, object],
    wave: Wave,
    *,
    rank: int,
    now: datetime,
) -> Offer:
    return Offer(
        id=new_id(),
        search_id=search.id,
        host_id=host_id,
        wave=search.wave,
        rank=rank,
        reasons=reasons,
        state=OfferState.ASKED,
        asked_at=now,
        expires_at=wave.expires_at,
    )


def _still_asked(offer: Offer, now: datetime) -> Exists:
    return (
        select(Offer.id)
        .where(Offer.id == offer.id, Offer.state == OfferState.ASKED, Offer.expires_at > now)
        .exists()
    )


def _answer(session: Session, offer: Offer, state: OfferState, now: datetime) -> bool:
    answered = session.execute(
        update(Offer)
        .where(Offer.id == offer.id, Offer.state == OfferState.ASKED, Offer.expires_at > now)
        .values(state=state, answered_at=now)
        .returning(Offer.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    session.refresh(offer)
    return answered is not None


def _hurry(session: Session, search_id: str, now: datetime) -> None:
    """Let the next wave go out at once when nobody is left who could still say yes."""
    waiting = select(Offer.id).where(
        Offer.search_id == search_id, Offer.state == OfferState.ASKED, Offer.expires_at > now
    )
    session.execute(
        update(Search)
        .where(Search.id == search_id, Search.state == SearchState.ASKING, ~waiting.exists())
        .values(next_wave_at=now)
        .execution_options(synchronize_session=False)
    )


def _set(session: Session, search: Search, **values: object) -> None:
    """Change an open search, unless a rival clock asked its next wave first."""
    changed = session.execute(
        update(Search)
        .where(Search.id == search.id, Search.state == SearchState.ASKING)
        .where(Search.wave == search.wave)
        .values(**values)
        .returning(Search.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if changed is None:
        raise SearchOver
    session.refresh(search)


def _end(session: Session, search: Search, state: SearchState, now: datetime) -> dict[str, str]:
    """End a search with the questions that wait for an answer; return those."""
    sources = [SearchState.ASKING]
    if state is SearchState.CALLED_OFF:
        sources.append(SearchState.GIVEN_UP)  # the host comes after all
    ended = session.execute(
        update(Search)
        .where(Search.id == search.id, Search.state.in_(sources))
        .values(state=state, closed_at=now, next_wave_at=None)
        .returning(Search.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if ended is None:
        raise SearchOver
    session.refresh(search)
    return _end_offers(session, search, OfferState.EXPIRED, now)


def _end_offers(
    session: Session, search: Search, state: OfferState, now: datetime
) -> dict[str, str]:
    """Close the questions that wait for an answer; return their hosts by the id of the offer."""
    ended = session.execute(
        update(Offer)
        .where(Offer.search_id == search.id, Offer.state == OfferState.ASKED)
        .values(state=state, answered_at=now)
        .returning(Offer.id, Offer.host_id)
        .execution_options(synchronize_session=False)
    ).all()
    session.expire_all()
    return {row.id: row.host_id for row in ended}
