"""The entries of a schedule by day, in the wall time of their reader. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from catalog.schedule.queries import Entry


class Talk(NamedTuple):
    """An entry and its local start; ``comes_next`` marks the first of today that is to come."""

    entry: Entry
    local: datetime
    comes_next: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the schedule; it may be empty."""

    date: date
    talks: list[Talk] = field(default_factory=list)


def days_of(
    entries: Sequence[Entry], days: Sequence[date], *, zone: ZoneInfo, now: datetime
) -> list[Day]:
    """Return these days with what begins on them.

    Args:
        entries: Entries that begin on these days, by start.
        days: The days, in order.
        zone: The zone of the reader.
        now: What is past and what comes.
    """
    made = {day: Day(day) for day in days}
    is_past = now.astimezone(zone).date() in made
    present, today = now.timestamp(), now.astimezone(zone).date()
    for entry in entries:
        local = datetime.fromtimestamp(entry.starts, zone)
        comes_next = is_past and entry.starts > present and local.date() == today
        is_past = is_past and not comes_next
        made[local.date()].talks.append(Talk(entry, local, comes_next))
    return list(made.values())
