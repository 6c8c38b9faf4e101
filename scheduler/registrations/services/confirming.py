"""The owner of an address says yes."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices.models import Registration
from accounts.notices.services import confirm
from scheduler.registrations.errors import LinkTooOld
from scheduler.registrations.rules import link_until
from scheduler.registrations.services.asking import Asked, post_registered


def confirm_from_mail(
    session: Session, *, registration: Registration, asked: Asked, now: datetime
) -> bool:
    """Confirm a registration and tell its owner, in one transaction; return whether it was news.

    Raises:
        LinkTooOld: It was asked for longer ago than its link holds.
    """
    if registration.confirmed_at is not None and registration.ended_at is None:
        return False
    if now >= link_until(registration.asked_at, asked.starts_at):
        raise LinkTooOld
    if not confirm(session, registration_id=registration.id, now=now):
        return False  # another press of the same button was faster
    post_registered(session, registration, starts_at=asked.starts_at, now=now)
    return True
