"""Notices about a search: to those who are asked, to those who need not come, to the staff.

They are written with what they tell. Whether they are still true is asked again when they are sent
(:mod:`scheduler.notices.offers`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_staff, post_to_users
from scheduler.models import Offer, Search


def tell_asked(session: Session, *, offers: Iterable[Offer], now: datetime) -> None:
    """Tell hosts that they are asked; at night too, for they have little time to answer."""
    postings = {
        offer.host_id: Posting("host_asked", offer.id, give_up_at=offer.expires_at)
        for offer in offers
    }
    post_to_users(session, postings, now=now)


def tell_not_needed(session: Session, *, offers: Mapping[str, str], now: datetime) -> None:
    """Tell hosts who were asked that nobody is needed any more; host ids by the id of the offer."""
    postings = {
        host_id: Posting("host_not_needed", offer_id) for offer_id, host_id in offers.items()
    }
    post_to_users(session, postings, now=now)


def tell_missing(session: Session, *, search: Search, now: datetime) -> None:
    """Tell the staff that a livestream has no host and that others are being asked."""
    post_to_staff(session, Posting("staff_host_missing", search.id), now=now)


def tell_not_found(session: Session, *, search: Search, now: datetime) -> None:
    """Tell the staff that nobody was found; once, however the search goes on."""
    post_to_staff(session, Posting("staff_host_not_found", search.id), now=now)
