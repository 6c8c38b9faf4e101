"""When a host gives time, on the clocks of their own zone; and when something could be booked."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from scheduler.hours.rules.hours import LARGEST_BUFFER, LONGEST_NOTE, MOST_DAYS
from web.api.schemas.fields import Moment, ShownMoment, Strict, Text

CLOCK = r"^([01][0-9]|2[0-3]):[0-5][05]$"
END = r"^(([01][0-9]|2[0-3]):[0-5][05]|24:00)$"
Clock = Annotated[str, Field(pattern=CLOCK, examples=["18:00"])]
End = Annotated[str, Field(pattern=END, examples=["21:00"])]
Buffer = Annotated[int, Field(ge=0, le=LARGEST_BUFFER, multiple_of=5)]
LONGEST_LIVESTREAM = 480  # minutes
MOST_INTERVALS = 7 * 24


class DayInterval(Strict):
    """Open time of a day as clocks show it; an end of 24:00 or 00:00 is that of the day."""

    start: Clock
    end: End


class WeeklyInterval(DayInterval):
    """Open time of every week; ``weekday`` 0 is Monday."""

    weekday: int = Field(ge=0, le=6)


class DatedDay(Strict):
    """A day that replaces the one of the week; without hours the person is away.

    ``note`` is for the person alone: others neither see nor write it.
    """

    date: date
    hours: list[DayInterval] = Field(default_factory=list, max_length=24)
    note: Text = Field("", max_length=LONGEST_NOTE)


class AvailabilityWrite(Strict):
    """All hours of a person; ``version`` is the one that was read, 0 where nothing is stored."""

    timezone: Text
    buffer_before: Buffer = 15
    buffer_after: Buffer = 15
    weekly: list[WeeklyInterval] = Field(default_factory=list, max_length=MOST_INTERVALS)
    dated: list[DatedDay] = Field(default_factory=list, max_length=MOST_DAYS)
    version: int = Field(ge=0, le=2_000_000_000)


class AvailabilityView(BaseModel):
    """The hours of a person as they are stored; ``version`` rises with every change."""

    timezone: str
    buffer_before: int
    buffer_after: int
    weekly: list[WeeklyInterval]
    dated: list[DatedDay]
    version: int


class OpenTimesQuery(Strict):
    """From when until when, by default the coming four weeks, and for how many minutes."""

    starts_from: Moment | None = Field(None, alias="from")
    starts_to: Moment | None = Field(None, alias="to")
    minutes: int = Field(45, ge=5, le=LONGEST_LIVESTREAM, multiple_of=5)

    def bounds(self, now: datetime) -> tuple[datetime, datetime | None]:
        """Return the start that is meant, and the end if one was said."""
        return self.starts_from or now, self.starts_to


class OpenTime(BaseModel):
    """A time in which something of that length can be booked."""

    starts_at: ShownMoment
    ends_at: ShownMoment


class OpenTimes(BaseModel):
    """All open times in order."""

    items: list[OpenTime]
    next_cursor: str | None
