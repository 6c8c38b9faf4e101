"""What a match is asked and answered with: a wish, a person, a candidate. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from core.words import Words
from scheduler.spans import Span

LONGEST_WINDOW: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be taught, and when: a start from ``first`` to ``last``, both possible."""

    topics: tuple[str, ...]
    language: str
    scope: str
    length: timedelta
    first: datetime
    last: datetime
    without: tuple[str, ...] = ()
    """Hosts who are not asked."""

    @property
    def window(self) -> Span:
        """All the time that any of the starts would take."""
        return Span(self.first, self.last + self.length)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Cells of a window that follow each other on one local day.

    ``offset`` counts cells from the beginning of the window; ``minute`` is on the clock there.
    """

    offset: int
    count: int
    day: date
    minute: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Open from one minute of a day to another."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Person:
    """A qualified host: what is open by weekday and by day, and the cells that are taken."""

    host_id: str
    timezone: str
    weekly: Mapping[int, tuple[Hours, ...]]
    dated: Mapping[date, tuple[Hours, ...]]
    busy: frozenset[int]
    buffers: tuple[int, int]
    verified_until: datetime


@dataclass(frozen=True, slots=True)
class Fit:
    """A start that suits a person; ``hours`` are those it begins in, on the person's own clock."""

    span: Span
    weekday: int
    hours: Hours


@dataclass(frozen=True, slots=True)
class Turn:
    """How often somebody taught of late, and when last."""

    sessions: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons for a host, as pages put them into words and offers keep them."""

    topics: tuple[str, ...]
    language: str
    timezone: str
    weekday: int
    opens: int
    closes: int
    """Minutes of the day, on the host's own clock."""
    sessions: int
    """Within :data:`RECENT`."""
    last_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Return it as an offer keeps it; :func:`why_of` reads it."""
        last_at = self.last_at.isoformat() if self.last_at else None
        return {**asdict(self), "topics": list(self.topics), "last_at": last_at}


def why_of(kept: Mapping[str, Any]) -> Why | None:
    """Return the reasons that an offer keeps; one that was asked by hand has none."""
    if not kept:
        return None
    last_at = datetime.fromisoformat(kept["last_at"]) if kept["last_at"] else None
    return Why(**{**kept, "topics": tuple(kept["topics"]), "last_at": last_at})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A host who could take it, and why: as data, which pages put into words."""

    host_id: str
    names: Words
    span: Span
    topics: tuple[str, ...]
    language: str
    timezone: str
    weekday: int
    hours: Hours
    turn: Turn

    @property
    def why(self) -> Why:
        """Why this host was found."""
        return Why(
            topics=self.topics,
            language=self.language,
            timezone=self.timezone,
            weekday=self.weekday,
            opens=self.hours.start,
            closes=self.hours.end,
            sessions=self.turn.sessions,
            last_at=self.turn.last_at,
        )


@dataclass(frozen=True, slots=True)
class Nearly:
    """A qualified host whom one thing keeps: ``closed``, ``booked`` or ``lapses``."""

    host_id: str
    names: Words
    hindrance: str
    turn: Turn
