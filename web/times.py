"""Times as people read them: in the viewer's zone, on a 24-hour clock, in the page's language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from flask import g, request
from flask_babel import gettext

from core.places import locale_of, offset, place_of
from web.language import current_language

COOKIE = "zone"
"""What a script found out of the device."""
CHOSEN_ZONE = "zone_choice"
"""What somebody chose on the page of preferences; it wins."""
DEFAULT_ZONE = "UTC"
WEEKDAY_PATTERNS = {"en": "EEEE", "zh-Hans": "EEEE"}
DAY_PATTERNS = {"en": "EEEE d MMMM", "zh-Hans": "M月d日 EEEE"}
MONTH_PATTERNS = {"en": "d MMMM", "zh-Hans": "M月d日"}
SHORT_PATTERNS = {"en": "EEE d MMM", "zh-Hans": "M月d日 EEE"}
YEAR_PATTERNS = {"en": "MMMM y", "zh-Hans": "y年M月"}
LONG_PATTERNS = {"en": "EEEE d MMMM y", "zh-Hans": "y年M月d日 EEEE"}


def viewer_zone() -> ZoneInfo:
    """Return the zone that times are shown in: the chosen one, else the device's, else UTC."""
    if "zone" not in g:
        cookies = request.cookies
        g.zone = (
            _zone_named(cookies.get(CHOSEN_ZONE, ""))
            or _zone_named(cookies.get(COOKIE, ""))
            or ZoneInfo(DEFAULT_ZONE)
        )
    zone: ZoneInfo = g.zone
    return zone


def device_zone() -> str | None:
    """Return the name of the zone that a script found out, if it is one."""
    found = _zone_named(request.cookies.get(COOKIE, ""))
    return found.key if found else None


def clock(moment: datetime) -> str:
    """Return hour and minute, ``19:00``."""
    return moment.astimezone(viewer_zone()).strftime("%H:%M")


def day(moment: datetime | date) -> str:
    """Return weekday, day and month, ``Tuesday 12 May``."""
    return _written(_local(moment), DAY_PATTERNS)


def short_day(moment: datetime | date) -> str:
    """Return weekday, day and month where there is little room, ``Tue 12 May``."""
    return _written(_local(moment), SHORT_PATTERNS)


def month_day(moment: datetime | date) -> str:
    """Return day and month for who knows the weekday already, ``12 May``."""
    return _written(_local(moment), MONTH_PATTERNS)


def month_of_year(moment: datetime | date) -> str:
    """Return month and year, ``May 2026``."""
    return _written(_local(moment), YEAR_PATTERNS)


def long_day(moment: datetime | date) -> str:
    """Return weekday, day, month and year."""
    return _written(_local(moment), LONG_PATTERNS)


def day_word(local: date, now: datetime) -> str:
    """Return ``Today``, ``Tomorrow`` or the weekday of a day that is seen from ``now``."""
    distance = (local - now.astimezone(viewer_zone()).date()).days
    if distance == 0:
        return str(gettext("Today"))
    if distance == 1:
        return str(gettext("Tomorrow"))
    return _written(local, WEEKDAY_PATTERNS)


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
    city = place_of(zone.key, current_language())
    return str(gettext("%(city)s (%(offset)s)", city=city, offset=offset(now.astimezone(zone))))


def machine(moment: datetime) -> str:
    """Return a time for the ``datetime`` attribute, in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def at(moment: datetime) -> str:
    """Return day and time together, ``Tuesday 12 May, 19:00``."""
    pattern = {"en": "EEEE d MMMM, HH:mm", "zh-Hans": "M月d日 EEEE HH:mm"}[current_language()]
    return format_datetime(moment.astimezone(viewer_zone()), pattern, locale=_locale())


def _written(local: date, patterns: Mapping[str, str]) -> str:
    language = current_language()
    return _date_in(local, patterns[language], language)


@lru_cache(maxsize=2048)
def _date_in(local: date, pattern: str, language: str) -> str:
    """Return a date; lists name the same few days on every row."""
    return format_date(local, pattern, locale=locale_of(language))


def _local(moment: datetime | date) -> date:
    if isinstance(moment, datetime):
        return moment.astimezone(viewer_zone()).date()
    return moment


def _locale() -> Locale:
    return locale_of(current_language())


def _zone_named(name: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a cookie can say anything, even the name of a folder
        return None
