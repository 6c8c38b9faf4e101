"""Where the bars of an audience curve stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from streams.audience.rules.reports import Point

WIDTH: Final = 1000
HEIGHT: Final = 100
LOWEST: Final = 2.0  # a bar that is seen


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in a field of :data:`WIDTH` by :data:`HEIGHT`, its origin at the top left."""

    x: float
    y: float
    width: float
    height: float
    is_few: bool


def bars_of(points: Sequence[Point], *, top: int, least: int) -> tuple[Bar, ...]:
    """Return a bar for each point; what is not told is drawn as high as the least that is.

    Args:
        points: Of a report, in order.
        top: The number that fills the height.
        least: Of the report.
    """
    whole = sum(point.minutes for point in points)
    return tuple(_bar(point, whole, max(top, least), least) for point in points)


def _bar(point: Point, whole: int, top: int, least: int) -> Bar:
    viewers = least if point.viewers is None else point.viewers
    height = max(LOWEST, round(HEIGHT * viewers / top, 1))
    return Bar(
        x=round(WIDTH * point.begins / whole, 1),
        y=round(HEIGHT - height, 1),
        width=round(WIDTH * point.minutes / whole, 1),
        height=height,
        is_few=point.viewers is None,
    )
