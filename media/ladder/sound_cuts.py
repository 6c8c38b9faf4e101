"""Frames of sound to the planned segments. Pure.

Frames are 1024 samples and segments begin where pictures do, so a boundary lies at the nearest
frame. Runs are encoded in one go; each keeps its own timeline.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from media.ffmpeg.sound import FRAME, PRIMING, RATE
from media.ladder.plan import Part, PlannedSegment

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class SoundRun:
    """One run: its parts, and where it begins in the sound as a whole, in samples."""

    parts: tuple[Part, ...]
    offset: int
    samples: int

    @property
    def segments(self) -> tuple[PlannedSegment, ...]:
        """Its segments in order."""
        return tuple(segment for part in self.parts for segment in part.segments)


@dataclass(frozen=True, slots=True)
class SoundCut:
    """A segment of sound: frames ``first`` to ``last`` (exclusive) as the encoder counts them.

    ``starts`` is in samples on the timeline of the run.
    """

    part: Part
    planned: PlannedSegment
    first: int
    last: int
    starts: int

    @property
    def starts_us(self) -> int:
        """Where it begins on the timeline of its run."""
        return self.starts * MICROSECONDS // RATE

    @property
    def duration_us(self) -> int:
        """How long it is; exact to a microsecond over all segments of a run."""
        ends = self.starts + (self.last - self.first) * FRAME
        return ends * MICROSECONDS // RATE - self.starts_us


def sound_runs(parts: Sequence[Part]) -> list[SoundRun]:
    """Return the runs of a plan, one after the other."""
    runs: list[SoundRun] = []
    offset = 0
    for _number, group in groupby(parts, key=lambda part: part.run_number):
        some = tuple(group)
        samples = _samples(sum(part.duration_us for part in some))
        runs.append(SoundRun(some, offset, samples))
        offset += samples
    return runs


def sound_cuts(runs: Sequence[SoundRun]) -> list[SoundCut]:
    """Return the segments of the whole sound, in order and without gaps within a run."""
    return [cut for run in runs for cut in _cuts(run)]


def _cuts(run: SoundRun) -> Iterator[SoundCut]:
    zero_us = run.segments[0].starts_us
    whole = [(part, one) for part in run.parts for one in part.segments]
    # The first frame of a run may not lie before its beginning, where there is no time.
    firsts = [-(-run.offset // FRAME)]
    firsts += [
        round((run.offset + _samples(one.starts_us - zero_us)) / FRAME) for _, one in whole[1:]
    ]
    ends = [*firsts[1:], -(-(run.offset + run.samples) // FRAME)]
    for (part, one), first, last in zip(whole, firsts, ends, strict=True):
        starts = _samples(zero_us) + first * FRAME - run.offset
        yield SoundCut(part, one, first + PRIMING, last + PRIMING, starts)


def _samples(microseconds: int) -> int:
    return round(microseconds * RATE / MICROSECONDS)
