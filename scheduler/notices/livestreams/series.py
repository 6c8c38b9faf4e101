"""Several dates of one rule that were announced together: one message with all of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices.ports import Answer, CalendarPart, Due, Later, Say
from accounts.notices.times import written
from catalog.feeds.invitations import Method, programme
from catalog.feeds.wording import wording_for
from scheduler.notices.about import about
from scheduler.notices.livestreams.changes import SOON
from scheduler.notices.livestreams.readers import Reading, comes, entry
from scheduler.notices.news import is_settling
from scheduler.notices.saying import NOT_TRUE


def host_series_scheduled(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host of the dates that are still theirs."""
    found = (about(session, one) for one in due.facts["livestreams"])
    readings = [Reading(due, one, "host") for one in found if one is not None]
    if any(is_settling(one.about, is_host=True) for one in readings):
        return Later(now + SOON)
    coming = [one for one in readings if comes(one) and one.true.start > now]
    coming.sort(key=lambda one: one.true.start)
    return _say(due, coming) if coming else NOT_TRUE


def _say(due: Due, coming: Sequence[Reading]) -> Say:
    person = due.person
    dates = [written(one.true.start, person.timezone, person.language) for one in coming]
    return Say(
        values={
            "title": coming[0].about.title(person),
            "count": str(len(coming)),
            "dates": "\n".join(dates),
        },
        link=due.site.page("/hosting", person.language),
        calendar=_part(due, coming),
        title=coming[0].about.title(person),
    )


def _part(due: Due, coming: Sequence[Reading]) -> CalendarPart:
    """Return all entries at once; a REQUEST may have one alone (RFC 5546, 3.2.2)."""
    wording = wording_for(due.site.address, due.person.language, "host")
    text = programme([entry(one) for one in coming], wording=wording, organizer=due.site.sender)
    return CalendarPart(Method.PUBLISH.value, text)
