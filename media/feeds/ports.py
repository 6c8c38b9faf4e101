"""What a packager needs of a feed, whatever its container."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Protocol

TAIL_US = 100_000  # less than this after the last segment is its own last frame
LONGEST_GOP_US = 1_250_000  # a longer one would break the target duration of a copied feed


class Fitness(StrEnum):
    """Whether the picture can be copied as it comes."""

    FIT = "fit"
    OTHER_CODEC = "other_codec"
    LONG_GOP = "long_gop"
    OPEN_GOP = "open_gop"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a feed carries; empty codec names mean that there is no such track.

    ``width`` and ``height`` are in pixels, ``frame_rate`` in frames per second (0: not said),
    ``sample_rate`` in hertz.
    """

    video: str = ""
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    audio: str = ""
    sample_rate: int = 0
    channels: int = 0

    def as_row(self) -> dict[str, Any]:
        """Return the shape as a JSON document."""
        return asdict(self)


class Feed(Protocol):
    """One ingest's media, in order."""

    container: str
    """The name of ffmpeg's demuxer."""

    def shape(self) -> Shape | None:
        """Return what the feed carries, or None while too little of it has come."""

    def fitness(self) -> Fitness:
        """Tell whether what came so far can be copied."""

    def begin(self, at_us: int, *, encode: bool) -> int:
        """Go to the keyframe for ``at_us``; return how much to skip from there, in microseconds.

        A copy begins at the keyframe nearest to ``at_us`` and skips nothing; an encode begins at
        the one before it.
        """

    def begun_at_us(self) -> int:
        """Return the time of that keyframe, in microseconds after the ingest's first media."""

    def has_more(self, after_us: int) -> bool:
        """Tell whether media lies after a moment, or may still come."""

    def read(self) -> bytes | None:
        """Return what has come since the last call: ``b""`` nothing yet, None no more ever."""

    def packaged(self, until_us: int) -> None:
        """Learn that everything before ``until_us`` is durable elsewhere."""
