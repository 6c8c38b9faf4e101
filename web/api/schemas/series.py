"""A series by a rule as it is tried, made and shown, and another time for one livestream."""

from datetime import date, time
from typing import Literal

from pydantic import BaseModel, Field

from catalog.enums import Scope
from scheduler.enums import Frequency
from streams.planning.enums import Notice, Verdict
from web.api.schemas.fields import Moment, ShownMoment, ShownWords, Slugs, Strict, Text, Words
from web.api.schemas.livestreams import LivestreamView

Fold = Literal[0, 1]


class RecurrenceWrite(Strict):
    """Weekly, or on the ``nth`` weekday of the month (1 to 4, -1 the last), at a time on the wall.

    ``weekday`` 0 is Monday; left out, it is that of ``starts_on``.
    """

    frequency: Frequency = Frequency.WEEKLY
    every: int = Field(1, ge=1, le=12)
    weekday: int | None = Field(None, ge=0, le=6)
    nth: Literal[1, 2, 3, 4, -1] | None = None
    starts_on: date
    time: time
    timezone: Text
    times: int = Field(ge=1, le=60)


class DateWrite(Strict):
    """What is chosen for one ``date`` of the rule, named as the dry run names it."""

    date: Text
    keep: bool = True
    starts_at: Moment | None = None
    fold: Fold | None = None


class SeriesWrite(Strict):
    """A series; ``series`` is the id of one that goes on, ``fold`` is for times that come twice."""

    title: Words
    description: Words = Field(default_factory=dict)
    topics: Slugs
    language: Text = "en"
    scope: Scope = Scope.EDUCATION
    host: Text | None = None
    series: Text | None = None
    numbered: bool = True
    minutes: int = Field(ge=5, le=480, multiple_of=5)
    recurrence: RecurrenceWrite
    fold: Fold | None = None
    dates: list[DateWrite] = Field(default_factory=list, max_length=60)


class RescheduleWrite(Strict):
    """Another time; without ``ends_at`` the livestream is as long as it was."""

    starts_at: Moment
    ends_at: Moment | None = None
    timezone: Text | None = None


class FreeTime(BaseModel):
    """A time that is free."""

    starts_at: ShownMoment
    ends_at: ShownMoment


class TakenBy(BaseModel):
    """What has a time; empty where the asker may not know."""

    livestream: str | None
    title: ShownWords


class DateItem(BaseModel):
    """One date; ``choices`` are the starts beside a gap, or the two that a time may be."""

    date: str
    keep: bool
    starts_at: ShownMoment | None
    ends_at: ShownMoment | None
    verdict: Verdict
    taken_by: TakenBy | None
    alternatives: list[FreeTime]
    choices: list[ShownMoment]
    notices: list[Notice]


class DryRun(BaseModel):
    """What would become of each date; ``free``: all that are kept are to be had."""

    free: bool
    dates: list[DateItem]


class SeriesItem(BaseModel):
    """A series by a rule, with its livestreams by start."""

    id: str
    title: ShownWords
    description: ShownWords
    livestreams: list[LivestreamView]
