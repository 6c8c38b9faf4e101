"""Who may hand a livestream on, answer a request and look after searches; each act is written down.

Pages and the API call these, so that no door is wider than the other.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_run
from catalog.models import Livestream
from catalog.rules import is_id
from core.errors import NotAllowed, NotFound, SignInNeeded
from scheduler.models import Offer, Search
from scheduler.substitutes import services as substitutes
from scheduler.substitutes.errors import NotSuitable
from streams.planning.services import handover


def withdraw(
    session: Session, *, actor: Actor, livestream_id: str, reason: str, now: datetime
) -> Search:
    """Let the host of a livestream go: for the host, and for the staff in a host's place.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        NothingToHandOver, AlreadySearching, InvalidInput: As ``handover.withdraw_host``.
    """
    livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    search = handover.withdraw_host(session, livestream_id=livestream_id, reason=reason, now=now)
    _record(session, actor, "withdraw_host", livestream_id, now)
    return search


def take_back(session: Session, *, actor: Actor, livestream_id: str, now: datetime) -> Livestream:
    """Let the host come after all; raises as above and as ``handover.take_back``."""
    livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    livestream = handover.take_back(session, livestream_id=livestream_id, now=now)
    _record(session, actor, "host_comes_after_all", livestream_id, now)
    return livestream


def check_may_be_asked(actor: Actor) -> None:
    """Let hosts see their requests, and the staff the empty list; refuse others.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor neither hosts nor runs livestreams.
    """
    if actor.user_id is None:
        raise SignInNeeded
    if not (actor.is_staff or actor.has(Role.HOST)):
        raise NotAllowed


def own_offer(session: Session, *, actor: Actor, offer_id: str) -> Offer:
    """Return a request that was sent to the actor.

    Raises:
        SignInNeeded, NotAllowed: As :func:`check_may_be_asked`.
        NotFound: There is none of this id, or it was sent to somebody else.
    """
    check_may_be_asked(actor)
    offer = session.get(Offer, offer_id) if is_id(offer_id) else None
    if offer is None or offer.host_id != actor.user_id:
        raise NotFound
    return offer


def accept(
    session: Session, *, actor: Actor, offer_id: str, data_key: str, now: datetime
) -> Livestream:
    """Take a livestream over; raises as :func:`own_offer` and ``handover.accept_offer``."""
    offer = own_offer(session, actor=actor, offer_id=offer_id)
    livestream = handover.accept_offer(session, offer=offer, data_key=data_key, now=now)
    _record(session, actor, "take_over", livestream.id, now)
    return livestream


def decline(session: Session, *, actor: Actor, offer_id: str, now: datetime) -> None:
    """Answer no to a request; raises as :func:`own_offer` and ``handover.decline_offer``."""
    offer = own_offer(session, actor=actor, offer_id=offer_id)
    handover.decline_offer(session, offer=offer, now=now)


def check_may_look_after(actor: Actor) -> None:
    """Let the staff see searches and who could host.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor is none of the staff.
    """
    if actor.user_id is None:
        raise SignInNeeded
    if not actor.is_staff:
        raise NotAllowed


def ask(session: Session, *, actor: Actor, search_id: str, host_id: str, now: datetime) -> Search:
    """Ask a host whom an editor has chosen; raises as ``substitutes.ask_by_hand``."""
    search = _search(session, actor, search_id)
    if not is_id(host_id):
        raise NotSuitable
    substitutes.ask_by_hand(session, search=search, host_id=host_id, now=now)
    _record(session, actor, "ask_host", search.livestream_id, now)
    return search


def call_off(session: Session, *, actor: Actor, search_id: str, now: datetime) -> Search:
    """Call a search off: the host comes after all; raises as :func:`take_back`."""
    search = _search(session, actor, search_id)
    take_back(session, actor=actor, livestream_id=search.livestream_id, now=now)
    return search


def _search(session: Session, actor: Actor, search_id: str) -> Search:
    check_may_look_after(actor)
    search = session.get(Search, search_id) if is_id(search_id) else None
    if search is None:
        raise NotFound
    return search


def _record(session: Session, actor: Actor, act: str, livestream_id: str, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"livestream.{act}",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
    )
