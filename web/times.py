"""Times as people read them: in the viewer's zone, on a 24-hour clock, in the page's language."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta, get_timezone_location
from flask import g, request
from flask_babel import gettext

from web.language import LOCALES, current_language

COOKIE = "zone"
DEFAULT_ZONE = "UTC"
DAY_PATTERNS = {"en": "EEEE d MMMM", "zh-Hans": "M月d日 EEEE"}
MONTH_PATTERNS = {"en": "d MMMM", "zh-Hans": "M月d日"}
LONG_PATTERNS = {"en": "EEEE d MMMM y", "zh-Hans": "y年M月d日 EEEE"}


def viewer_zone() -> ZoneInfo:
    """Return the zone that times are shown in: the one a script left in a cookie, else UTC."""
    if "zone" not in g:
        g.zone = _zone_named(request.cookies.get(COOKIE, DEFAULT_ZONE))
    zone: ZoneInfo = g.zone
    return zone


def clock(moment: datetime) -> str:
    """Return hour and minute, ``19:00``."""
    return moment.astimezone(viewer_zone()).strftime("%H:%M")


def day(moment: datetime | date) -> str:
    """Return weekday, day and month, ``Tuesday 12 May``."""
    return format_date(_local(moment), DAY_PATTERNS[current_language()], locale=_locale())


def month_day(moment: datetime | date) -> str:
    """Return day and month for who knows the weekday already, ``12 May``."""
    return format_date(_local(moment), MONTH_PATTERNS[current_language()], locale=_locale())


def long_day(moment: datetime | date) -> str:
    """Return weekday, day, month and year."""
    return format_date(_local(moment), LONG_PATTERNS[current_language()], locale=_locale())


def day_word(local: date, now: datetime) -> str:
    """Return ``Today``, ``Tomorrow`` or the weekday of a day that is seen from ``now``."""
    distance = (local - now.astimezone(viewer_zone()).date()).days
    if distance == 0:
        return str(gettext("Today"))
    if distance == 1:
        return str(gettext("Tomorrow"))
    return format_date(local, "EEEE", locale=_locale())


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago it was, ``3 days ago``; never in the future."""
    past = min(moment - now, timedelta(0))
    return format_timedelta(past, add_direction=True, locale=_locale())


def minutes(span: timedelta) -> int:
    """Return a length in whole minutes, at least one."""
    return max(1, round(span.total_seconds() / 60))


def zone_words(now: datetime) -> str:
    """Return the name of the viewer's zone with its distance to UTC, ``Shanghai (UTC+8)``."""
    zone = viewer_zone()
    if zone.key == DEFAULT_ZONE:
        return DEFAULT_ZONE
    city = get_timezone_location(zone.key, locale=_locale(), return_city=True)
    return str(gettext("%(city)s (%(offset)s)", city=city, offset=offset(now.astimezone(zone))))


def offset(local: datetime) -> str:
    """Return the distance of a local time to UTC, ``UTC+5:30``."""
    seconds = int((local.utcoffset() or timedelta(0)).total_seconds())
    if seconds == 0:
        return "UTC"
    hours, rest = divmod(abs(seconds) // 60, 60)
    return f"UTC{'+' if seconds > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


def machine(moment: datetime) -> str:
    """Return a time for the ``datetime`` attribute, in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def at(moment: datetime) -> str:
    """Return day and time together, ``Tuesday 12 May, 19:00``."""
    pattern = {"en": "EEEE d MMMM, HH:mm", "zh-Hans": "M月d日 EEEE HH:mm"}[current_language()]
    return format_datetime(moment.astimezone(viewer_zone()), pattern, locale=_locale())


def _local(moment: datetime | date) -> date:
    if isinstance(moment, datetime):
        return moment.astimezone(viewer_zone()).date()
    return moment


def _locale() -> str:
    return LOCALES[current_language()]


def _zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a cookie can say anything, even the name of a folder
        return ZoneInfo(DEFAULT_ZONE)
