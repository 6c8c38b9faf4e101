"""What the mail of double opt-in says, looked at again when it is sent.

Two notices come from here: ``confirm_registration``, by :mod:`services.asking` about a
registration, and ``registered`` about its livestream, in the transaction that confirms; what the
latter says is the business of :mod:`scheduler.notices`.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.links import Purpose, make_token
from accounts.notices.models import Registration
from accounts.notices.ports import Answer, Drop, Due, Say, Source
from accounts.notices.times import written
from catalog.enums import LivestreamState, Visibility
from scheduler.notices.about import About, about
from scheduler.registrations.rules import about_of, link_until


def confirm_registration(session: Session, due: Due, now: datetime) -> Answer:
    """Ask whether it was the owner of the address who asked, while that can still be answered."""
    registration = session.scalar(
        select(Registration)
        .where(Registration.id == due.occurrence)
        .execution_options(populate_existing=True)
    )
    found = about(session, registration.subject_id) if registration else None
    if registration is None or found is None:
        return Drop(DropReason.GONE)
    why_not = _why_not(registration, found, due, now)
    return Drop(why_not) if why_not else _question(registration, found, due)


def _why_not(
    registration: Registration, found: About, due: Due, now: datetime
) -> DropReason | None:
    if found.state != LivestreamState.SCHEDULED or found.visibility != Visibility.PUBLIC:
        return DropReason.NOT_TRUE
    if registration.confirmed_at is not None and registration.ended_at is None:
        return DropReason.NOTHING_NEW
    if now >= link_until(registration.asked_at, found.starts_at):
        return DropReason.TOO_LATE
    return DropReason.SUPERSEDED if registration.asks > due.revision else None


def _question(registration: Registration, found: About, due: Due) -> Say:
    person, site = due.person, due.site
    until = link_until(registration.asked_at, found.starts_at)
    token = make_token(
        site.data_key,
        Purpose.CONFIRM,
        person.recipient_id,
        person.link_version,
        about_of(registration.id, registration.asks),
    )
    return Say(
        values={
            **found.values(person),
            "until": written(until, person.timezone, person.language),
        },
        link=site.page(f"/notices/confirm/{token}", person.language),
        title=found.title(person),
    )


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {"confirm_registration": confirm_registration}
)
