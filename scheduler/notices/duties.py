"""What moderators are told of their duties, with an entry for their calendar that is one for life.

The entry is that of the duty (``<duty id>@<host>``): a livestream goes on without one of its
moderators. Its SEQUENCE is that of the livestream, whose time it has.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, CalendarPart, Drop, Due, Later, Source
from catalog.feeds.events import Event
from catalog.feeds.invitations import Method, invitation
from catalog.feeds.wording import wording_for
from scheduler.duties.rules import STAFFED, STANDING
from scheduler.enums import DutyState
from scheduler.models import Duty
from scheduler.notices.about import About, about
from scheduler.notices.facts import facts_of
from scheduler.notices.livestreams.changes import SOON
from scheduler.notices.news import is_settling
from scheduler.notices.saying import GONE, NOT_TRUE, say, unless_told

MINE: Final = "/duties"
TOO_LATE: Final = Drop(DropReason.TOO_LATE)


def duty_assigned(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a moderator of a duty that stands, for the time that the livestream has now."""
    found = _found(session, due)
    if found is None:
        return GONE
    duty, livestream = found
    if duty.state not in STANDING or livestream.state not in STAFFED:
        return NOT_TRUE
    if livestream.ends_at <= now:
        return TOO_LATE
    if is_settling(livestream):  # it may go back to the time that others know
        return Later(now + SOON)
    part = _part(livestream, duty, due, Method.REQUEST, livestream.sequence)
    return say(livestream, due, MINE, calendar=part, facts=facts_of(livestream).as_json())


def duty_released(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a moderator who knows of a duty that they need not come, at the time they know."""
    found = _found(session, due)
    if found is None:
        return GONE
    duty, livestream = found
    if duty.state != DutyState.RELEASED:
        return NOT_TRUE
    held = unless_told(session, due, "duty_assigned", now)
    if held is not None:
        return held
    known = _as_known(livestream, due.facts)
    part = _part(known, duty, due, Method.CANCEL, known.sequence + 1)
    return say(known, due, MINE, calendar=part, facts=facts_of(known).as_json())


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {"duty_assigned": duty_assigned, "duty_released": duty_released}
)


def _found(session: Session, due: Due) -> tuple[Duty, About] | None:
    duty = session.get(Duty, due.occurrence, populate_existing=True)
    livestream = about(session, duty.livestream_id) if duty is not None else None
    return None if duty is None or livestream is None else (duty, livestream)


def _as_known(livestream: About, facts: Mapping[str, Any]) -> About:
    """Return a livestream at the time that its moderator was released from."""
    if not facts:
        return livestream
    starts_at, ends_at = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    return livestream._replace(starts_at=starts_at, ends_at=ends_at)


def _part(livestream: About, duty: Duty, due: Due, method: Method, sequence: int) -> CalendarPart:
    person, site = due.person, due.site
    event = Event(
        id=livestream.id,
        starts_at=livestream.starts_at,
        ends_at=livestream.ends_at,
        timezone=livestream.timezone,
        state=livestream.state,
        sequence=sequence,
        updated_at=max(livestream.updated_at, duty.updated_at),
        wants_host=livestream.host_wanted_at is not None,
        title=livestream.title(person) if person.shows_titles else "",
        duty_id=duty.id,
    )
    text = invitation(
        event,
        method=method,
        organizer=site.sender,
        attendee=person.address,
        wording=wording_for(site.address, person.language, "moderator"),
    )
    return CalendarPart(method.value, text)
