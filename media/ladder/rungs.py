"""Which qualities a recording gets. Pure.

Rungs are decided by area and bits per pixel, so that portrait and 4:3 are treated as fairly as
16:9; none is larger than the source.
"""

from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

FRAMES: Final = 30.0  # bits per pixel are meant at this rate; a faster source gets no more bits
SMALLER: Final = 0.8
"""A rung needs at most this share of the area of the one above it to be worth its bytes."""
LARGER: Final = 1.15  # a source that is this much larger than a class is scaled down to it
COPY_MARGIN: Final = 1.6
"""A copy may take this much more than an encode would: it is not worse, and it costs nothing."""
PEAK_MARGIN: Final = 3.0
COPIED_PROFILES: Final = ("avc1.42", "avc1.4d", "avc1.58", "avc1.64")
"""Baseline, Main, Extended and High: all are 8 bits of 4:2:0, which every browser decodes."""


@dataclass(frozen=True, slots=True)
class Class:
    """A class of quality, named by the lines it has in 16:9."""

    lines: int
    bits_per_pixel: float

    @property
    def area(self) -> float:
        """Pixels of its picture."""
        return self.lines * self.lines * 16 / 9


CLASSES: Final = (
    Class(1080, 0.080),  # 5.0 Mb/s at most
    Class(720, 0.100),  # 2.8
    Class(480, 0.098),  # 1.2
    Class(360, 0.095),  # 0.66
    Class(240, 0.053),  # 0.16: with its sound below 0.3 Mb/s, for bad networks
)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the picture of a recording is: sizes in pixels, rates in bits per second."""

    width: int
    height: int
    frame_rate: float
    codec: str
    average: int
    peak: int
    alike: bool = True
    """Whether all runs have the same size and codec."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One quality: ``rate`` bounds its bits per second; ``copied`` takes the picture as it is.

    ``framed`` puts runs of another shape into its frame with bars instead of distorting them.
    """

    width: int
    height: int
    rate: int
    copied: bool = False
    framed: bool = False


def rungs_of(picture: Picture, *, may_copy: bool = True) -> tuple[Rung, ...]:
    """Return the rungs of a recording, the best first."""
    top = _top(picture)
    rungs = [replace(top, copied=may_copy and fits(picture, top))]
    for step in CLASSES:
        above = rungs[-1].width * rungs[-1].height
        if step.area <= above * SMALLER:
            rungs.append(_scaled(picture, step))
    return tuple(replace(rung, framed=not picture.alike) for rung in rungs)


def fits(picture: Picture, rung: Rung) -> bool:
    """Tell whether the picture can stand for ``rung`` as it came."""
    return (
        picture.alike
        and (picture.width, picture.height) == (rung.width, rung.height)
        and picture.codec.startswith(COPIED_PROFILES)
        and picture.average <= rung.rate * COPY_MARGIN
        and picture.peak <= rung.rate * PEAK_MARGIN
    )


def _top(picture: Picture) -> Rung:
    """Return the best rung: the source, or the largest class if the source is larger still."""
    area = picture.width * picture.height
    largest = CLASSES[0]
    if area > largest.area * LARGER:
        return _scaled(picture, largest)
    nearest = min(CLASSES, key=lambda one: max(one.area / area, area / one.area))
    width, height = _even(picture.width), _even(picture.height)
    return Rung(width, height, _rate(width, height, nearest))


def _scaled(picture: Picture, step: Class) -> Rung:
    factor = min(sqrt(step.area / (picture.width * picture.height)), 1.0)
    width, height = _even(picture.width * factor), _even(picture.height * factor)
    return Rung(width, height, _rate(width, height, step))


def _rate(width: int, height: int, step: Class) -> int:
    return round(width * height * FRAMES * step.bits_per_pixel / 1000) * 1000


def _even(pixels: float) -> int:
    """Return whole, even pixels: colour has half the resolution."""
    return max(round(pixels / 2) * 2, 2)
