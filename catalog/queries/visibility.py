"""Who may know of a livestream, as a condition in SQL."""

from sqlalchemy import ColumnElement, and_, or_, true

from accounts.rules import STRANGER, Actor
from catalog.enums import LivestreamState, Visibility
from catalog.models import Livestream
from catalog.rules import HIDDEN_STATES


def known_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of :func:`catalog.rules.may_know`; a test holds the two together."""
    if actor.is_staff:
        return true()
    shown = and_(is_announced(), _is_open_to(actor))
    return shown if actor.user_id is None else or_(shown, Livestream.host_id == actor.user_id)


def known_to_all() -> ColumnElement[bool]:
    """Return the condition that everybody may know of a livestream, without an account."""
    return known_to(STRANGER)


def known_of_announced(actor: Actor) -> ColumnElement[bool]:
    """Return the same condition for livestreams that are announced anyway: an index answers it."""
    if actor.is_staff:
        return true()
    shown = _is_open_to(actor)
    return shown if actor.user_id is None else or_(shown, Livestream.host_id == actor.user_id)


def _is_open_to(actor: Actor) -> ColumnElement[bool]:
    organisations = sorted({organisation for organisation, _role in actor.memberships})
    public = Livestream.visibility == Visibility.PUBLIC
    return or_(public, Livestream.organisation_id.in_(organisations)) if organisations else public


def is_announced() -> ColumnElement[bool]:
    """Return the condition of :func:`catalog.rules.is_announced`."""
    return and_(
        Livestream.state.not_in(sorted(HIDDEN_STATES)),
        or_(
            Livestream.state.not_in((LivestreamState.CANCELLED, LivestreamState.ENDED)),
            Livestream.announced_at.is_not(None),
            and_(Livestream.state == LivestreamState.ENDED, Livestream.started_at.is_not(None)),
        ),
    )
