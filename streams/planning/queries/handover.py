"""Reads of the pages on handing over: one host's requests, and the searches of editors."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from catalog.queries import LivestreamView
from catalog.queries.texts import as_text, words_of
from catalog.queries.views import LIVESTREAMS, livestream_views
from core.words import Words
from scheduler.enums import OfferState, SearchState
from scheduler.matching.rules import Why, why_of
from scheduler.models import Offer, Search

KEPT: Final = timedelta(days=30)
"""How long answered requests and ended searches stay on their pages."""
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Request:
    """A livestream that somebody was asked to take over, and how the search stands."""

    offer: Offer
    search: Search
    livestream: LivestreamView

    @property
    def why(self) -> Why | None:
        """Why this host was asked; None: an editor chose them."""
        return why_of(self.offer.reasons)

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be answered."""
        return (
            self.offer.state == OfferState.ASKED
            and self.offer.expires_at > now
            and self.search.state == SearchState.ASKING
            and self.livestream.state == "scheduled"
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A host who was asked, by name."""

    offer: Offer
    names: Words

    @property
    def why(self) -> Why | None:
        """Why this host was asked; None: an editor chose them."""
        return why_of(self.offer.reasons)


@dataclass(frozen=True, slots=True)
class SearchLine:
    """A search with its livestream, who leaves, and everybody who was asked."""

    search: Search
    livestream: LivestreamView
    leaver: Words
    asked: tuple[Asked, ...]

    @property
    def winner(self) -> Asked | None:
        """Who accepted."""
        return next((one for one in self.asked if one.offer.state == OfferState.ACCEPTED), None)


def requests_of(session: Session, *, host_id: str, now: datetime) -> tuple[Request, ...]:
    """Return what a host was asked of late, what can be answered first."""
    rows = session.execute(
        select(Offer, Search)
        .join(Search, Search.id == Offer.search_id)
        .where(Offer.host_id == host_id, Offer.asked_at > now - KEPT)
        .order_by(Offer.asked_at.desc(), Offer.id)
        .limit(MOST)
    ).all()
    views = _views(session, {search.livestream_id for _offer, search in rows})
    made = [Request(offer, search, views[search.livestream_id]) for offer, search in rows]
    return tuple(sorted(made, key=lambda one: not one.is_open(now)))


def request_of(session: Session, *, offer: Offer) -> Request:
    """Return a request with its livestream."""
    search = session.get_one(Search, offer.search_id, populate_existing=True)
    view = _views(session, [search.livestream_id])[search.livestream_id]
    return Request(offer, search, view)


def searches_of(session: Session, *, now: datetime) -> tuple[SearchLine, ...]:
    """Return open searches by start, then those that ended of late."""
    found = session.scalars(
        select(Search)
        .where((Search.state == SearchState.ASKING) | (Search.opened_at > now - KEPT))
        .order_by(Search.opened_at.desc())
        .limit(MOST)
    ).all()
    views = _views(session, {search.livestream_id for search in found})
    asked = _asked(session, [search.id for search in found])
    names = _names(session, [search.leaver_id for search in found])
    return tuple(
        SearchLine(one, views[one.livestream_id], names[one.leaver_id], tuple(asked[one.id]))
        for one in found
    )


def _views(session: Session, ids: Iterable[str]) -> dict[str, LivestreamView]:
    rows = session.execute(LIVESTREAMS.where(Livestream.id.in_(sorted(ids)))).all()
    return {view.id: view for view in livestream_views(session, rows)}


def _asked(session: Session, search_ids: Sequence[str]) -> defaultdict[str, list[Asked]]:
    rows = session.execute(
        select(Offer, as_text(Host.names))
        .join(Host, Host.id == Offer.host_id)
        .where(Offer.search_id.in_(search_ids))
        .order_by(Offer.wave, Offer.rank)
    )
    found: defaultdict[str, list[Asked]] = defaultdict(list)
    for offer, names in rows:
        found[offer.search_id].append(Asked(offer, words_of(names)))
    return found


def _names(session: Session, host_ids: Sequence[str]) -> dict[str, Words]:
    rows = session.execute(select(Host.id, as_text(Host.names)).where(Host.id.in_(host_ids)))
    return {host_id: words_of(names) for host_id, names in rows}
