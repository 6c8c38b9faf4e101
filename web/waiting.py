"""What waits for the person who looks, as the tabs of their pages count it.

Only the templates of those tabs ask, so that no other page pays; each answer is one statement.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import g
from sqlalchemy import Select, func, or_, select

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from catalog.credentials.enums import ApplicationState, CredentialState
from catalog.credentials.models import Application, Credential
from catalog.credentials.rules.verification import NOTICE
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.clock import as_utc
from scheduler.duties.rules import STAFFED
from scheduler.enums import DutyState, OfferState, SearchState
from scheduler.models import Duty, Offer, Search
from web.database import db
from web.security import current_actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, by the endpoint of the tab that leads to it."""

    counts: dict[str, int]
    answer_until: datetime | None = None
    """Until when the most urgent request can be answered; None: there is none."""


class Waits:
    """The answers for one request; each is asked for once and only by whom it concerns."""

    @cached_property
    def mine(self) -> Waiting:
        """Requests to step in and duties that the person has not answered."""
        actor, now = current_actor(), g.now
        if actor.user_id is None:
            return Waiting({})
        row = db.session.execute(_own(actor.user_id, now)).one()
        counts = {"planning_pages.offers": row.offers, "duties_pages.mine": row.duties}
        return Waiting(counts, row.until and as_utc(row.until))

    @cached_property
    def staff(self) -> Waiting:
        """Proposals, searches and licences that wait for editors; nothing for others."""
        actor, now = current_actor(), g.now
        if not actor.is_staff or actor.user_id is None:
            return Waiting({})
        row = db.session.execute(_for_staff(actor.user_id, now)).one()
        counts = {
            "planning_pages.proposals": row.proposals,
            "planning_pages.searches": row.searches,
            "verification_pages.queue": row.pending + row.due,
            "notice_board.index": row.failed,
        }
        return Waiting(counts)


def waits() -> Waits:
    """Return what waits for who looks at the present page."""
    if "waits" not in g:
        g.waits = Waits()
    found: Waits = g.waits
    return found


def _own(user_id: str, now: datetime) -> Select[Any]:
    open_offers = (
        select(func.count(Offer.id), func.min(Offer.expires_at))
        .join(Search, Search.id == Offer.search_id)
        .join(Livestream, Livestream.id == Search.livestream_id)
        .where(Offer.host_id == user_id, Offer.state == OfferState.ASKED, Offer.expires_at > now)
        .where(Search.state == SearchState.ASKING, Livestream.state == L.SCHEDULED)
    )
    duties = (
        select(func.count(Duty.id))
        .join(Livestream, Livestream.id == Duty.livestream_id)
        .where(Duty.moderator_id == user_id, Duty.state == DutyState.ASSIGNED)
        .where(Livestream.state.in_(STAFFED), Livestream.ends_at > now)
    )
    offers = open_offers.subquery().alias("open_offers")
    count, until = offers.c
    return select(
        count.label("offers"), until.label("until"), duties.scalar_subquery().label("duties")
    )


def _for_staff(user_id: str, now: datetime) -> Select[Any]:
    proposals = select(func.count(Livestream.id)).where(Livestream.state == L.PROPOSED)
    searches = select(func.count(Search.id)).where(Search.state == SearchState.ASKING)
    sent = (ApplicationState.SUBMITTED, ApplicationState.GRANTED)
    pending = (
        select(func.count(Credential.id))
        .outerjoin(Application, Application.user_id == Credential.user_id)
        .where(Credential.state == CredentialState.PENDING, Credential.user_id != user_id)
        .where(or_(Application.id.is_(None), Application.state.in_(sent)))
    )
    due = (
        select(func.count(Credential.id))
        .where(Credential.state == CredentialState.GRANTED, Credential.user_id != user_id)
        .where(Credential.recheck_due_at <= now + NOTICE)
    )
    failed = select(func.count(Notice.id)).where(Notice.state == NoticeState.FAILED)
    return select(
        proposals.scalar_subquery().label("proposals"),
        searches.scalar_subquery().label("searches"),
        pending.scalar_subquery().label("pending"),
        due.scalar_subquery().label("due"),
        failed.scalar_subquery().label("failed"),
    )
