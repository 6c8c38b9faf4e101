"""Reads of searches for another host."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Exists, exists, or_, select
from sqlalchemy.orm import Session

from catalog.credentials.enums import CredentialState
from catalog.credentials.models import Credential
from catalog.enums import LivestreamState as L
from catalog.models import Host, Livestream, LivestreamTopic
from scheduler.enums import OfferState, SearchState
from scheduler.matching.rules import Wish
from scheduler.models import Offer, Search
from scheduler.substitutes.rules import SHORT_NOTICE

HOSTLESS = (SearchState.ASKING, SearchState.GIVEN_UP)
"""In these states of a search its livestream has no host, unless an editor set another one."""


def open_search_of(session: Session, *, livestream_id: str) -> Search | None:
    """Return the search that asks for another host of a livestream."""
    return session.scalar(
        select(Search)
        .where(Search.livestream_id == livestream_id, Search.state == SearchState.ASKING)
        .execution_options(populate_existing=True)
    )


def hostless_search_of(session: Session, *, livestream_id: str) -> Search | None:
    """Return the search because of which a livestream has no host at present."""
    return session.scalar(
        select(Search)
        .join(Livestream, Livestream.id == Search.livestream_id)
        .where(Search.livestream_id == livestream_id, Search.leaver_id == Livestream.host_id)
        .where(Search.state.in_(HOSTLESS))
        .order_by(Search.opened_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def hostless() -> Exists:
    """Tell whether the livestream of a statement has no host because of a search."""
    return exists().where(
        Search.livestream_id == Livestream.id,
        Search.leaver_id == Livestream.host_id,
        Search.state.in_(HOSTLESS),
    )


def asked_of(session: Session, *, search_id: str) -> Sequence[Offer]:
    """Return everybody who was asked, in the order of asking."""
    return session.scalars(
        select(Offer)
        .where(Offer.search_id == search_id)
        .order_by(Offer.wave, Offer.rank)
        .execution_options(populate_existing=True)
    ).all()


def due_searches(session: Session, *, now: datetime) -> Sequence[Search]:
    """Return searches whose next wave is due or that are over, the nearest start first.

    One is over when its livestream was called off or given a host: those asked are told at once.
    """
    is_over = or_(Livestream.state != L.SCHEDULED, Livestream.host_id != Search.leaver_id)
    return session.scalars(
        select(Search)
        .join(Livestream, Livestream.id == Search.livestream_id)
        .where(Search.state == SearchState.ASKING, or_(Search.next_wave_at <= now, is_over))
        .order_by(Livestream.starts_at, Search.id)
    ).all()


def expired_offers(session: Session, *, now: datetime) -> Sequence[str]:
    """Return the ids of questions whose time to answer is over."""
    return session.scalars(
        select(Offer.id).where(Offer.state == OfferState.ASKED, Offer.expires_at <= now)
    ).all()


def unfound_livestreams(session: Session, *, now: datetime) -> Sequence[str]:
    """Return scheduled livestreams that should begin and whose search found nobody."""
    return session.scalars(
        select(Livestream.id).where(
            Livestream.state == L.SCHEDULED, Livestream.starts_at <= now, hostless()
        )
    ).all()


def blocked_livestreams(session: Session, *, now: datetime) -> Sequence[Livestream]:
    """Return scheduled livestreams to come whose host may not host and that nobody looks for.

    Those of a host whose licence was withdrawn are all of them; a licence that has lapsed may be
    renewed until shortly before.
    """
    withdrawn = exists().where(
        Credential.user_id == Livestream.host_id, Credential.state == CredentialState.WITHDRAWN
    )
    return session.scalars(
        select(Livestream)
        .join(Host, Host.id == Livestream.host_id)
        .where(Livestream.state == L.SCHEDULED, Livestream.starts_at > now)
        .where(or_(Host.verified_until.is_(None), Host.verified_until <= now), ~hostless())
        .where(or_(withdrawn, Livestream.starts_at <= now + SHORT_NOTICE))
        .order_by(Livestream.starts_at, Livestream.id)
    ).all()


def wish_of(session: Session, livestream: Livestream, *, without: Sequence[str]) -> Wish:
    """Return what another host of a livestream must be able to do, and when."""
    topics = session.scalars(
        select(LivestreamTopic.topic_slug)
        .where(LivestreamTopic.livestream_id == livestream.id)
        .order_by(LivestreamTopic.position)
    )
    return Wish(
        topics=tuple(topics),
        language=livestream.language,
        scope=livestream.scope,
        length=livestream.ends_at - livestream.starts_at,
        first=livestream.starts_at,
        last=livestream.starts_at,
        without=tuple(without),
    )
