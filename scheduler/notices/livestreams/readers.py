"""Who reads a notice about a livestream: in which part, what they may know, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.access import actor_for
from accounts.notices.kinds import KINDS
from accounts.notices.ports import CalendarPart, Due, Say
from catalog.enums import Visibility
from catalog.feeds.events import Event
from catalog.feeds.invitations import Method, invitation
from catalog.feeds.wording import Role, wording_for
from catalog.models import Host
from core.words import in_language
from scheduler.duties.rules import STANDING
from scheduler.models import Duty
from scheduler.notices.about import About, about
from scheduler.notices.facts import Facts, Standing, facts_of
from scheduler.notices.phrases import TO_BE_NAMED, Names

PATHS: Final[Mapping[Role, str]] = {
    "viewer": "/livestreams/{id}",
    "host": "/livestreams/{id}/studio",
    "moderator": "/livestreams/{id}/studio",
}
PREFIXES: Final[Mapping[Role, str]] = {"viewer": "", "host": "host_", "moderator": "duty_"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A notice that is due, the livestream as it is now, and the part of its reader."""

    due: Due
    about: About
    role: Role
    duty: Duty | None = None

    @property
    def true(self) -> Facts:
        """Return what is true now."""
        return facts_of(self.about)

    @property
    def wants_host(self) -> bool:
        """Tell whether another host is being found."""
        return self.true.standing is Standing.COMING and self.about.host_wanted_at is not None

    def kind(self, standing: str) -> str:
        """Return the kind for this reader that belongs to one for viewers."""
        return f"{PREFIXES[self.role]}{standing}"


def reading_of(session: Session, due: Due) -> Reading | None:
    """Return what a notice is about; None when it is gone, or nothing that the reader may know."""
    if due.kind.startswith(PREFIXES["moderator"]):
        duty = session.get(Duty, due.occurrence, populate_existing=True)
        found = about(session, duty.livestream_id) if duty is not None else None
        return None if found is None else Reading(due, found, "moderator", duty)
    found = about(session, due.occurrence)
    if found is None:
        return None
    if due.kind.startswith(PREFIXES["host"]):
        return Reading(due, found, "host")
    return Reading(due, found, "viewer") if _may_know(session, found, due) else None


def comes(reading: Reading) -> bool:
    """Tell whether the reader still takes part in it; viewers may always come."""
    if reading.role == "host":
        return reading.true.present == reading.due.person.user_id
    return reading.duty is None or reading.duty.state in STANDING


def say(
    reading: Reading,
    *,
    kind: str = "",
    facts: Facts | None = None,
    method: Method | None = None,
    **more: str,
) -> Say:
    """Return what the reader is told, with an entry for the calendar where the kind has one."""
    due, it = reading.due, reading.about
    chosen = KINDS[kind or due.kind]
    values = {**it.values(due.person), **more}
    if reading.wants_host:
        values["host"] = in_language(TO_BE_NAMED, due.person.language)
    return Say(
        values={name: values[name] for name in sorted(chosen.variables)},
        link=due.site.page(_path(reading), due.person.language),
        calendar=_part(reading, method) if chosen.has_calendar else None,
        facts={} if facts is None else facts.as_json(),
        title=it.title(due.person),
        kind="" if chosen.name == due.kind else chosen.name,
    )


def entry(reading: Reading) -> Event:
    """Return the entry of the livestream, or of the duty, for the reader's calendar."""
    it, person = reading.about, reading.due.person
    return Event(
        id=it.id,
        starts_at=it.starts_at,
        ends_at=it.ends_at,
        timezone=it.timezone,
        state=it.state,
        sequence=it.sequence,
        updated_at=it.updated_at,
        wants_host=reading.wants_host,
        title=it.title(person) if person.shows_titles else "",
        duty_id=reading.duty.id if reading.duty is not None else "",
    )


def names_of(session: Session, *host_ids: str) -> Names:
    """Return the names of hosts."""
    rows = session.execute(select(Host.id, Host.names).where(Host.id.in_(host_ids)))
    return Names({row.id: row.names for row in rows})


def _path(reading: Reading) -> str:
    """Return where a notice leads: its crew to the studio, who left it to what everybody sees."""
    is_crew = reading.role == "host" or comes(reading)
    return PATHS[reading.role if is_crew else "viewer"].format(id=reading.about.id)


def _part(reading: Reading, method: Method | None) -> CalendarPart:
    due = reading.due
    chosen = method or _method(reading)
    text = invitation(
        entry(reading),
        method=chosen,
        organizer=due.site.sender,
        attendee=None if chosen is Method.PUBLISH else due.person.address,
        wording=wording_for(due.site.address, due.person.language, reading.role),
    )
    return CalendarPart(chosen.value, text)


def _method(reading: Reading) -> Method:
    """Return how an entry comes; employers who read calendars learn of no attendee."""
    if reading.role == "viewer" and reading.about.visibility != Visibility.PUBLIC:
        return Method.PUBLISH
    return Method.REQUEST if reading.true.standing is Standing.COMING else Method.CANCEL


def _may_know(session: Session, found: About, due: Due) -> bool:
    """Tell whether a viewer may know of it now: a membership that ended ends what it opened."""
    if found.visibility == Visibility.PUBLIC:
        return True
    actor = actor_for(session, due.person.user_id)
    return actor.is_staff or actor.belongs_to(found.organisation_id)


def without_host(reading: Reading) -> Reading:
    """Return a reading of somebody who is told of a livestream that is theirs no more."""
    return replace(reading, about=reading.about._replace(host_wanted_at=None))
