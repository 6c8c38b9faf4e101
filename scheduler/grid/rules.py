"""Which reservation may become which, and the nearest free times. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduler.enums import Part, ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.spans import Span, cell_of, cells_of, moment_of_cell

HOLD: Final = timedelta(minutes=10)
"""How long a time is held while its form is filled in."""
BUFFER: Final = 15
"""Minutes before and after, unless a person chose others."""
MOST_ALTERNATIVES: Final = 3
STEP: Final = 3
"""Cells between two starts that are offered: people do not start at 20:05."""
KEPT: Final = timedelta(days=2)
"""How long cells of the past are kept."""
REMEMBERED: Final = timedelta(days=90)
"""How far back cells are looked for that nobody has deleted."""
REACH: Final = timedelta(days=7)
"""How far from the wanted time alternatives are looked for."""

STANDING: Final = frozenset({R.HELD, R.PENDING, R.CONFIRMED})
"""States in which a reservation has cells."""

TRANSITIONS: Final[Mapping[R, frozenset[R]]] = {
    R.HELD: frozenset({R.PENDING, R.CONFIRMED, R.RELEASED}),
    R.PENDING: frozenset({R.CONFIRMED, R.RELEASED}),
    R.CONFIRMED: frozenset({R.PENDING, R.USED, R.RELEASED}),
    R.USED: frozenset(),
    R.RELEASED: frozenset(),
}


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """A resource that a reservation takes, by the id of the person or room."""

    resource_id: str
    part: Part


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reservation that somebody asks for; times are aware and on the grid."""

    kind: ReservationKind
    subject_id: str
    needs: tuple[Need, ...]
    span: Span
    buffer_before: int = BUFFER
    buffer_after: int = BUFFER
    holder_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse nonsense where it is made: a resource that takes part twice, a span of nothing."""
        ids = self.resource_ids
        if not ids or len(set(ids)) < len(ids) or self.span.length <= timedelta(0):
            raise ValueError(self)

    @property
    def resource_ids(self) -> tuple[str, ...]:
        """Whose time it takes."""
        return tuple(need.resource_id for need in self.needs)

    @property
    def taken(self) -> Span:
        """The span with its buffers: what becomes cells."""
        return self.span.widened(self.buffer_before, self.buffer_after)


def sources_of(state: R) -> frozenset[R]:
    """Return the states from which ``state`` is reached."""
    return frozenset(old for old, news in TRANSITIONS.items() if state in news)


def nearest_free(
    busy: Collection[int], wanted: Span, *, buffers: tuple[int, int], now: datetime
) -> Iterator[Span]:
    """Yield free spans as long as ``wanted``, the nearest to it first; none is in the past.

    ``busy`` are numbers of cells. They start on quarters of an hour, not further away than
    :data:`REACH`; the wanted time itself is not among them.
    """
    for start in _steps_from(cell_of(wanted.starts_at)):
        span = Span(moment_of_cell(start), moment_of_cell(start) + wanted.length)
        if abs(span.starts_at - wanted.starts_at) > REACH:
            return
        if span.starts_at > now and busy_free(busy, span.widened(*buffers)):
            yield span


def busy_free(busy: Collection[int], span: Span) -> bool:
    """Tell whether none of the cells of ``span`` is busy."""
    return not any(cell in busy for cell in cells_of(span))


def _steps_from(start: int) -> Iterator[int]:
    """Yield cells on the quarters of an hour, further and further away, later before earlier."""
    later, earlier = start - start % STEP + STEP, start - (start % STEP or STEP)
    while True:
        if later - start <= start - earlier:
            yield later
            later += STEP
        else:
            yield earlier
            earlier -= STEP
