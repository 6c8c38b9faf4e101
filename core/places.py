"""Zones as people know them: by the names of their places, in the language of a page. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Final, NamedTuple
from zoneinfo import available_timezones

from babel.core import Locale, get_global
from babel.dates import get_timezone_location

from core.words import CHINESE, ENGLISH

LOCALES: Final = {ENGLISH: "en", CHINESE: "zh_Hans"}
"""How babel calls our languages."""
AREAS: Final = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


class Place(NamedTuple):
    """A zone that can be chosen, and how its place is called."""

    zone: str
    name: str


@cache
def locale_of(language: str) -> Locale:
    """Return a locale; taking one apart from its name costs as much as a date."""
    return Locale.parse(LOCALES[language])


@lru_cache(maxsize=2048)
def place_of(zone: str, language: str) -> str:
    """Return how the place of a zone is called, ``Shanghai``; a zone without a place, its name."""
    if "/" not in zone:
        return zone
    return get_timezone_location(zone, locale=locale_of(language), return_city=True)


@cache
def places_by_area(language: str) -> Mapping[str, tuple[Place, ...]]:
    """Return the places of every area in the order of their names, each name once in its area.

    Other names of the same zone are left out: Shanghai is one place, and not called Chongqing.
    """
    found: dict[str, dict[str, Place]] = {area: {} for area in AREAS}
    for zone in sorted(available_timezones() - get_global("zone_aliases").keys()):
        area, _slash, rest = zone.partition("/")
        if area in found and rest:
            name = place_of(zone, language)
            found[area].setdefault(name, Place(zone, name))
    return {
        area: tuple(sorted(places.values(), key=lambda one: (one.name, one.zone)))
        for area, places in found.items()
    }


def offset(local: datetime) -> str:
    """Return the distance of a local time to UTC, ``UTC+5:30``."""
    seconds = int((local.utcoffset() or timedelta(0)).total_seconds())
    if seconds == 0:
        return "UTC"
    hours, rest = divmod(abs(seconds) // 60, 60)
    return f"UTC{'+' if seconds > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")
