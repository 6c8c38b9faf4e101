"""Who may know of a livestream, as a condition in SQL."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from accounts.rules import STRANGER, Actor
from catalog.enums import LivestreamState, Visibility
from catalog.models import Livestream
from catalog.rules import HIDDEN_STATES


def known_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of :func:`catalog.rules.may_know`; a test holds the two together."""
    if actor.is_staff:
        return true()
    organisations = sorted({organisation for organisation, _role in actor.memberships})
    shown = and_(
        is_announced(),
        or_(
            Livestream.visibility == Visibility.PUBLIC,
            Livestream.organisation_id.in_(organisations) if organisations else false(),
        ),
    )
    return shown if actor.user_id is None else or_(shown, Livestream.host_id == actor.user_id)


def known_to_all() -> ColumnElement[bool]:
    """Return the condition that everybody may know of a livestream, without an account."""
    return known_to(STRANGER)


def is_announced() -> ColumnElement[bool]:
    """Return the condition of :func:`catalog.rules.is_announced`."""
    return and_(
        Livestream.state.not_in(sorted(HIDDEN_STATES)),
        or_(Livestream.state != LivestreamState.CANCELLED, Livestream.announced_at.is_not(None)),
    )
