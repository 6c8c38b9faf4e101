"""The rungs below the source: smaller pictures for slow networks, and which a run makes. Pure.

What viewers have been shown goes on: a player reads the master playlist once, and a run is listed
once every rendition has it (``media.listing``). A rung that the machine can carry no longer is lent
the segments of a smaller one, and the last one left becomes slides, made from keyframes alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

UNKNOWN_SIZE: Final = (1280, 720)  # what a feed that does not say its size is taken for
MOST_FRAMES: Final = 30.0
HEADROOM: Final = 0.7  # the share of the machine that live encoding may take
MEGA: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rung:
    """A rendition below the source; ``lines`` of the shorter side, rates in kilobits per second.

    A second of picture takes ``video + buffer`` at most. ``sound`` 0 is the sound of the source.
    """

    lines: int
    video: int
    buffer: int
    sound: int = 0

    @property
    def name(self) -> str:
        """The name of its rendition."""
        return f"v{self.lines}"


RUNGS: Final = (
    Rung(480, video=750, buffer=250),  # 0.9 Mb/s with sound: 1.5 with 300 ms per request carries it
    Rung(360, video=520, buffer=170),  # 0.7 Mb/s
    Rung(240, video=120, buffer=60, sound=48),  # 0.2 Mb/s: 0.3 with 300 ms per request carries it
)
"""Best first."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """What one run makes below its source.

    Args:
        encoded: Best first.
        lent: A rung that is not encoded, by name, and the encoded one whose segments it gets.
        slides: Whether the one encoded rung is made from keyframes alone.
    """

    encoded: tuple[Rung, ...] = ()
    lent: tuple[tuple[str, str], ...] = ()
    slides: bool = False

    @property
    def can_shed(self) -> bool:
        """Whether less of it would take less of the machine."""
        return bool(self.encoded) and not self.slides

    def names_fed_by(self, name: str) -> tuple[str, ...]:
        """Return the renditions that get the segments of one output, its own first."""
        return (name, *(borrower for borrower, lender in self.lent if lender == name))


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a feed: pixels and frames per second, and whether it must be encoded."""

    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    encoded: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, a guess when the feed does not say."""
        return (self.width, self.height) if self.width and self.height else UNKNOWN_SIZE


@dataclass(frozen=True, slots=True)
class Capacity:
    """What live encoding costs on a machine: CPU seconds per megapixel, and how many cores."""

    cores: int
    decode: float
    rung: float
    source: float

    @property
    def budget(self) -> float:
        """Cores that live encoding may take."""
        return self.cores * HEADROOM


def rungs_below(picture: Picture) -> tuple[Rung, ...]:
    """Return the rungs that are smaller than the source, best first."""
    return tuple(rung for rung in RUNGS if rung.lines < min(picture.size))


def cores_for(capacity: Capacity, picture: Picture, rungs: Collection[Rung]) -> float:
    """Return how many cores a run takes; a copy without rungs takes none worth counting."""
    width, height = picture.size
    rate = picture.frame_rate or MOST_FRAMES
    source = width * height / MEGA
    decoded = source * rate * capacity.decode if rungs or picture.encoded else 0.0
    seen = min(rate, MOST_FRAMES)
    encoded = source * seen * capacity.source if picture.encoded else 0.0
    shape = max(width, height) / min(width, height)
    rungs_size = sum(rung.lines**2 * shape for rung in rungs) / MEGA
    return decoded + encoded + rungs_size * seen * capacity.rung


def affordable_rungs(
    capacity: Capacity, picture: Picture, *, allowed: Collection[int] | None, in_use: float
) -> tuple[Rung, ...]:
    """Return the rungs that the rest of the machine can carry, best first.

    The smallest is wanted most: it serves networks that nothing else serves.

    Args:
        capacity: Of this machine.
        picture: Of the feed.
        allowed: Lines that the operator wants; None: as many as the machine can carry.
        in_use: Cores that other broadcasts take.
    """
    below = rungs_below(picture)
    if allowed is not None:
        return tuple(rung for rung in below if rung.lines in allowed)
    free = capacity.budget - in_use
    return next(
        below[first:]
        for first in range(len(below) + 1)
        if first == len(below) or cores_for(capacity, picture, below[first:]) <= free
    )


def make_ladder(affordable: Collection[Rung], shown: Collection[str] | None) -> Ladder:
    """Return what a run makes.

    Args:
        affordable: The rungs that the machine can carry.
        shown: Names of the rungs that viewers have been shown; None: nothing was shown yet.
    """
    if shown is None:
        return Ladder(tuple(rung for rung in RUNGS if rung in affordable))
    due = [rung for rung in RUNGS if rung.name in shown]
    encoded = [rung for rung in due if rung in affordable]
    if not due:
        return Ladder()
    if (
        due[-1] not in encoded
    ):  # the smallest cannot be lent by a larger one: it is for slow networks
        encoded.append(due[-1])
    slides = not set(encoded) & set(affordable)
    lent = tuple((rung.name, _lender(rung, encoded)) for rung in due if rung not in encoded)
    return Ladder(tuple(encoded), lent, slides)


def _lender(rung: Rung, encoded: Collection[Rung]) -> str:
    return next(one.name for one in encoded if one.lines < rung.lines)
