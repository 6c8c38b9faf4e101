"""A span of time, half open: it ends where the next one may begin. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from core.clock import as_utc

CELL: Final = timedelta(minutes=5)
CELL_SECONDS: Final = 300


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From ``starts_at`` until just before ``ends_at``, both aware UTC."""

    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at

    def widened(self, before: int, after: int) -> "Span":
        """Return the span with so many minutes more at either end."""
        return Span(
            self.starts_at - timedelta(minutes=before), self.ends_at + timedelta(minutes=after)
        )

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two share any time; that they touch is no overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def cell_of(moment: datetime) -> int:
    """Return the number of the cell that contains ``moment``."""
    return int(as_utc(moment).timestamp()) // CELL_SECONDS


def moment_of_cell(number: int) -> datetime:
    """Return when a cell begins, in UTC."""
    return datetime.fromtimestamp(number * CELL_SECONDS, UTC)


def cells_of(span: Span) -> range:
    """Return the numbers of all cells that the span touches."""
    return range(cell_of(span.starts_at), -(-int(span.ends_at.timestamp()) // CELL_SECONDS))
