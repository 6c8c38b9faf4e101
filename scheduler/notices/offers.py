"""What hosts are told who are asked to step in, and the staff, while another host is found."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.ports import Answer, Due, Source
from accounts.notices.times import written
from catalog.enums import LivestreamState as L
from core.words import CHINESE, ENGLISH, Words, in_language
from scheduler.enums import OfferState, SearchState
from scheduler.models import Offer, Search
from scheduler.notices.about import About, about
from scheduler.notices.saying import GONE, NOT_TRUE, say, unless_told

SEARCHES: Final = "/administration/substitutes"
LICENCE: Final[Words] = {
    ENGLISH: "The licence is not valid at present.",
    CHINESE: "执照目前无效。",
}
"""In place of the reason ``licence`` of a search that the clock opened."""
IN_PLACE_OF: Final[Words] = {ENGLISH: "in place of {host}", CHINESE: "代替{host}"}
"""Whoever is asked reads who had been planned, and takes nobody for the host who comes."""


class _Asked(NamedTuple):
    state: str
    expires_at: datetime
    search: str
    livestream_id: str


def host_asked(session: Session, due: Due, now: datetime) -> Answer:
    """Ask a host to step in, as long as the answer counts."""
    asked = _asked(session, due.occurrence)
    found = about(session, asked.livestream_id) if asked is not None else None
    if asked is None or found is None:
        return GONE
    is_open = asked.state == OfferState.ASKED and asked.expires_at > now
    if not is_open or asked.search != SearchState.ASKING or found.state != L.SCHEDULED:
        return NOT_TRUE
    until = written(asked.expires_at, due.person.timezone, due.person.language)
    leaver = in_language(found.host_names, due.person.language)
    host = in_language(IN_PLACE_OF, due.person.language).format(host=leaver)
    return say(found, due, f"/hosting/offers/{due.occurrence}", until=until, host=host)


def host_not_needed(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host who was asked that somebody else comes, or that nobody is looked for any more."""
    asked = _asked(session, due.occurrence)
    found = about(session, asked.livestream_id) if asked is not None else None
    if asked is None or found is None:
        return GONE
    called_off = asked.search == SearchState.CALLED_OFF and asked.state == OfferState.EXPIRED
    if asked.state != OfferState.BEATEN and not called_off:
        return NOT_TRUE
    return unless_told(session, due, "host_asked", now) or say(found, due, "/hosting")


def staff_host_missing(session: Session, due: Due, now: datetime) -> Answer:
    """Tell the staff that hosts are being asked."""
    del now
    found = _search(session, due.occurrence)
    if found is None:
        return GONE
    search, livestream = found
    is_open = search.state == SearchState.ASKING and livestream.state == L.SCHEDULED
    if not is_open or livestream.host_id != search.leaver_id:
        return NOT_TRUE
    reason = search.reason
    if reason == "licence":
        reason = in_language(LICENCE, due.person.language)
    return say(livestream, due, f"{SEARCHES}#search-{search.id}", reason=reason)


def staff_host_not_found(session: Session, due: Due, now: datetime) -> Answer:
    """Tell the staff that nobody was found, before the start and after it."""
    del now
    found = _search(session, due.occurrence)
    if found is None:
        return GONE
    search, livestream = found
    stands = search.state == SearchState.GIVEN_UP and livestream.host_id == search.leaver_id
    if not stands or livestream.state not in {L.SCHEDULED, L.CANCELLED}:
        return NOT_TRUE
    return say(livestream, due, f"{SEARCHES}#search-{search.id}")


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {
        "host_asked": host_asked,
        "host_not_needed": host_not_needed,
        "staff_host_missing": staff_host_missing,
        "staff_host_not_found": staff_host_not_found,
    }
)


def _asked(session: Session, offer_id: str) -> _Asked | None:
    row = session.execute(
        select(Offer.state, Offer.expires_at, Search.state, Search.livestream_id)
        .join(Search, Search.id == Offer.search_id)
        .where(Offer.id == offer_id)
    ).one_or_none()
    return None if row is None else _Asked(*row)


def _search(session: Session, search_id: str) -> tuple[Search, About] | None:
    search = session.get(Search, search_id, populate_existing=True)
    found = about(session, search.livestream_id) if search is not None else None
    return None if search is None or found is None else (search, found)
