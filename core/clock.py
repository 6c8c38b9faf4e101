"""The one reader of the clock, and the checks every stored time passes."""

from datetime import UTC, datetime

from core.errors import NaiveTimeError


def utc_now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return datetime.now(UTC)


def as_utc(moment: datetime) -> datetime:
    """Return ``moment`` in UTC; a naive datetime is refused, never guessed at."""
    if moment.tzinfo is None:
        raise NaiveTimeError
    return moment.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """Write ``moment`` as RFC 3339 in UTC with milliseconds, for example for the API."""
    return as_utc(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")
