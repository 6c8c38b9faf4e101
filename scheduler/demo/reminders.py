"""What the demo's viewer asked to be reminded of: its mails and choices can be looked at."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from accounts.notices.models import Recipient, Registration
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.models import Livestream
from scheduler.registrations.services import Asked, ask_for_account

HOW_MANY: Final = 3
NOT_BEFORE: Final = timedelta(hours=1)
"""What begins sooner may be over when somebody looks."""


def load_reminders(session: Session, *, viewer_id: str, now: datetime) -> None:
    """Let the viewer ask for the next examples, once: what a person calls off stays off."""
    if _has_asked(session, viewer_id):
        return
    coming = session.execute(
        select(Livestream.id, Livestream.starts_at)
        .where(Livestream.is_example, Livestream.state == L.SCHEDULED)
        .where(Livestream.visibility == Visibility.PUBLIC)
        .where(Livestream.starts_at >= now + NOT_BEFORE)
        .order_by(Livestream.starts_at, Livestream.id)
        .limit(HOW_MANY)
    ).all()
    for livestream_id, starts_at in coming:
        asked = Asked(livestream_id, starts_at)
        ask_for_account(session, asked=asked, user_id=viewer_id, now=now)


def _has_asked(session: Session, viewer_id: str) -> bool:
    asked = (
        exists()
        .where(Registration.recipient_id == Recipient.id)
        .where(Recipient.user_id == viewer_id)
    )
    return bool(session.scalar(select(asked)))
