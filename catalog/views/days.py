"""Livestreams by the days of whoever looks."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from catalog.queries import LivestreamView


def by_day(
    livestreams: Sequence[LivestreamView], zone: ZoneInfo
) -> list[tuple[date, list[LivestreamView]]]:
    """Group livestreams, in the order of their start, by the day of it in ``zone``."""
    days = groupby(livestreams, lambda one: one.starts_at.astimezone(zone).date())
    return [(day, list(group)) for day, group in days]
