"""What has changed, for everybody in their part: against what this person was told last."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, Drop, Due, Later
from accounts.notices.times import written
from catalog.feeds.invitations import Method
from scheduler.notices.facts import VIEWER_KINDS, Facts, Standing, has_moved, is_news
from scheduler.notices.livestreams.readers import Reading, comes, names_of, reading_of, say
from scheduler.notices.news import is_settling, is_superseded, told_before
from scheduler.notices.phrases import changes
from scheduler.notices.saying import GONE, NOT_TRUE, NOTHING_NEW

SOON: Final = timedelta(seconds=10)
SUPERSEDED: Final = Drop(DropReason.SUPERSEDED)
TOO_LATE: Final = Drop(DropReason.TOO_LATE)


def changed(session: Session, due: Due, now: datetime) -> Answer:
    """Tell what is another now than this person was told, in the words that fit it now."""
    reading = reading_of(session, due)
    if reading is None:
        return GONE
    if is_superseded(session, due):
        return SUPERSEDED
    if reading.true.standing is Standing.OVER:
        return TOO_LATE
    return settling(reading, now) or _news(session, reading)


def settling(reading: Reading, now: datetime) -> Later | None:
    """Return when to ask again while a change is settling that the reader would learn too early."""
    is_host = reading.role == "host"
    if not is_settling(reading.about, is_host=is_host):
        return None
    return Later(now + SOON)


def host_scheduled(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host that they are to come, when they are."""
    reading = reading_of(session, due)
    if reading is None:
        return GONE
    answer = say(reading, facts=reading.true) if comes(reading) else NOT_TRUE
    return settling(reading, now) or answer


def host_released(session: Session, due: Due, now: datetime) -> Answer:
    """Tell a host that they need not come; the livestream goes on without them."""
    del now
    reading = reading_of(session, due)
    if reading is None:
        return GONE
    if comes(reading):
        return NOT_TRUE
    return say(reading, method=Method.CANCEL)


def _released(reading: Reading) -> Answer:
    """Answer for a duty that ended with a livestream which takes place after all."""
    if reading.due.kind != "duty_cancelled":
        return NOT_TRUE
    return say(reading, kind="duty_released", method=Method.CANCEL)


def _concerns(reading: Reading, was: Facts) -> bool:
    """Tell whether it is news to the reader; a host knows who hosts."""
    true = reading.true
    if reading.role != "host" or true.standing is not Standing.COMING:
        return is_news(was, true)
    return was.standing is not true.standing or has_moved(was, true)


def _news(session: Session, reading: Reading) -> Answer:
    if reading.true.standing is Standing.COMING and not comes(reading):
        return _released(reading)
    was = told_before(session, reading.due)
    if was is None or not _concerns(reading, was):
        return NOTHING_NEW
    return _say_news(session, reading, was)


def _say_news(session: Session, reading: Reading, was: Facts) -> Answer:
    true, person = reading.true, reading.due.person
    names = names_of(session, was.host, true.host)
    return say(
        reading,
        kind=reading.kind(_standing_kind(reading)),
        facts=true,
        was=written(was.start, person.timezone, person.language),
        changes=changes(was, true, names, person),
    )


def _standing_kind(reading: Reading) -> str:
    """Return the kind for viewers; crew are told alike of what is cancelled and not held."""
    kind = VIEWER_KINDS[reading.true.standing]
    return "cancelled" if kind == "not_held" and reading.role != "viewer" else kind
