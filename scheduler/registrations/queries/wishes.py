"""What of the mails about a livestream reaches somebody at all, and how it is written."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.notices.enums import Category, Pace
from accounts.notices.models import Recipient
from accounts.notices.paces import pace_in
from accounts.notices.queries.people import Settled, settled_of_user


@dataclass(frozen=True, slots=True)
class Wishes:
    """What pages may promise: nothing that its reader has switched off."""

    has_reminders: bool
    has_changes: bool
    language: str
    timezone: str


def wishes_of(kept: Recipient | Settled) -> Wishes:
    """Return what the choices of somebody leave."""
    return Wishes(
        has_reminders=pace_in(kept.choices, Category.REMINDERS) is not Pace.OFF,
        has_changes=pace_in(kept.choices, Category.CHANGES) is not Pace.OFF,
        language=kept.language,
        timezone=kept.timezone,
    )


def wishes_of_user(session: Session, *, user_id: str) -> Wishes:
    """Return what a person with an account wants."""
    return wishes_of(settled_of_user(session, user_id=user_id))
