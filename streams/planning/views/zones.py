"""The zones that forms suggest; any other name of the IANA database is taken as well."""

from functools import cache
from zoneinfo import available_timezones

AREAS = (
    "Africa/",
    "America/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache
def zones() -> tuple[str, ...]:
    """Return the names of zones that belong to places, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(AREAS)))
