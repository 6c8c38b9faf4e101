"""What a ladder consists of: segments of about four seconds, and parts for workers. Pure.

Every rung has the same segments: the same numbers, boundaries and runs. A boundary lies where a
segment of the source begins, so a copied rung is cut at a keyframe.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from media.ladder import kinds
from media.ladder.rungs import Rung
from media.window import Cut

TARGET_SECONDS: Final = 4
TARGET_US: Final = TARGET_SECONDS * 1_000_000
LONGEST_US: Final = TARGET_US + 450_000  # EXTINF must round to the target
SLIVER_US: Final = 1_500_000  # a tail that is shorter is shared with the segment before it
PART_US: Final = 5 * 60 * 1_000_000
"""What a worker encodes at a time, and what a kill repeats at most."""


@dataclass(frozen=True, slots=True)
class SourcePiece:
    """A piece of the source that begins with a keyframe: where it lies on its run's timeline."""

    sequence: int
    starts_us: int
    duration_us: int


@dataclass(frozen=True, slots=True)
class PlannedSegment:
    """A segment of every rung: ``starts_us`` on the timeline of its run; pieces it is made of.

    ``first`` and ``last`` are the sequence numbers of the source's segments, both included.
    """

    sequence: int
    starts_us: int
    duration_us: int
    first: int = -1
    last: int = -1

    @property
    def ends_us(self) -> int:
        """Where it ends on the timeline of its run."""
        return self.starts_us + self.duration_us


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring segments of one run; ``zero`` is the wall time of the run's timeline zero."""

    number: int
    run_number: int
    run_id: str
    zero: str
    segments: tuple[PlannedSegment, ...]

    @property
    def duration_us(self) -> int:
        """Length in microseconds."""
        return sum(one.duration_us for one in self.segments)

    def as_json(self) -> dict[str, Any]:
        """Return the part as a JSON document; segments as rows of numbers, for they are many."""
        facts = {name: getattr(self, name) for name in ("number", "run_number", "run_id", "zero")}
        return facts | {"segments": [list(asdict(one).values()) for one in self.segments]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Part":
        """Return what :meth:`as_json` was made from."""
        segments = tuple(PlannedSegment(*row) for row in data["segments"])
        return cls(data["number"], data["run_number"], data["run_id"], data["zero"], segments)


@dataclass(frozen=True, slots=True)
class LadderPlan:
    """A whole ladder; ``source`` says what it is made from (``media.ladder.source``)."""

    generation: int
    source: Mapping[str, Any]
    rungs: tuple[Rung, ...]
    has_sound: bool
    frame_rate: float
    parts: tuple[Part, ...]

    @property
    def cut(self) -> Cut:
        """What was cut off the recording when it was planned: the ladder has none of it."""
        return Cut.from_json(self.source.get("cut"))

    @property
    def pictures(self) -> dict[str, Rung]:
        """The rungs by the names of their renditions, the best first."""
        return {kinds.picture_name(self.generation, rung.height): rung for rung in self.rungs}

    @property
    def renditions(self) -> tuple[str, ...]:
        """The names of all renditions."""
        sound = (kinds.sound_name(self.generation),) if self.has_sound else ()
        return (*self.pictures, *sound)

    @property
    def segments(self) -> tuple[PlannedSegment, ...]:
        """The segments of every rendition, in order."""
        return tuple(segment for part in self.parts for segment in part.segments)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as a JSON document."""
        return {
            "generation": self.generation,
            "source": dict(self.source),
            "rungs": [asdict(rung) for rung in self.rungs],
            "has_sound": self.has_sound,
            "frame_rate": self.frame_rate,
            "parts": [part.as_json() for part in self.parts],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "LadderPlan":
        """Return what :meth:`as_json` was made from."""
        return cls(
            data["generation"],
            data["source"],
            tuple(Rung(**rung) for rung in data["rungs"]),
            data["has_sound"],
            data["frame_rate"],
            tuple(Part.from_json(part) for part in data["parts"]),
        )


def plan_segments(
    pieces: Sequence[SourcePiece], *, first_sequence: int
) -> tuple[PlannedSegment, ...]:
    """Group the pieces of one run into segments of about four seconds."""
    groups: list[list[SourcePiece]] = []
    for piece in pieces:
        if groups and _joins(groups[-1], piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    if len(groups) > 1 and _length(groups[-1]) < SLIVER_US:
        _share_tail(groups)
    return tuple(
        PlannedSegment(
            first_sequence + number,
            group[0].starts_us,
            _length(group),
            group[0].sequence,
            group[-1].sequence,
        )
        for number, group in enumerate(groups)
    )


def plan_parts(
    segments: Sequence[PlannedSegment],
    *,
    first_number: int,
    run_number: int,
    run_id: str,
    zero: str,
) -> tuple[Part, ...]:
    """Divide the segments of one run into parts of about equal length, five minutes at most."""
    total = sum(one.duration_us for one in segments)
    count = max(-(-total // PART_US), 1)
    size = -(-len(segments) // count)
    return tuple(
        Part(first_number + number, run_number, run_id, zero, tuple(segments[at : at + size]))
        for number, at in enumerate(range(0, len(segments), size))
    )


def _joins(group: Sequence[SourcePiece], piece: SourcePiece) -> bool:
    """Tell whether ``piece`` makes the segment longer without going past four seconds.

    A little past it is allowed when that lies nearer to four seconds than stopping short.
    """
    before = _length(group)
    after = before + piece.duration_us
    if after > LONGEST_US:
        return False
    return after <= TARGET_US or after - TARGET_US < TARGET_US - before


def _share_tail(groups: list[list[SourcePiece]]) -> None:
    """Move the last pieces of the segment before the tail, so that the tail is no sliver."""
    before, tail = groups[-2], groups[-1]
    if _length(before) + _length(tail) <= LONGEST_US:
        before.extend(groups.pop())
        return
    while len(before) > 1 and _length(tail) < SLIVER_US:
        tail.insert(0, before.pop())


def _length(group: Iterable[SourcePiece]) -> int:
    return sum(piece.duration_us for piece in group)
