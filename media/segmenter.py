"""Gathering fragments into segments that keep the rules of media.md. Pure.

A fragment begins with a keyframe. A segment lasts about a second: several short fragments are
joined, and one that would make the segment too long begins the next.
"""

from dataclasses import dataclass, field

from media.mp4 import Fragment

ENOUGH_US = 750_000  # from here on a segment is closed at once, so that viewers wait least
MOST_US = 1_450_000  # EXTINF must round to the target of 1 s and stay below target + 0.5 s


@dataclass(frozen=True, slots=True)
class Cut:
    """A closed segment: its bytes and its times on the timeline of the run, in microseconds."""

    data: bytes
    starts_us: int
    duration_us: int
    frames: int = 0


@dataclass(slots=True)
class Segmenter:
    """Joins fragments; ``take`` answers with what they close, ``finish`` with the rest."""

    _waiting: list[Fragment] = field(default_factory=list)

    def take(self, fragment: Fragment) -> list[Cut]:
        """Add a fragment; return the segments this closes, oldest first."""
        cuts = []
        if self._waiting and self._length() + fragment.duration_us > MOST_US:
            cuts += self.finish()
        self._waiting.append(fragment)
        if self._length() >= ENOUGH_US:
            cuts += self.finish()
        return cuts

    def finish(self) -> list[Cut]:
        """Close what is waiting; nothing when nothing is, or when it has no duration."""
        waiting, self._waiting = self._waiting, []
        length = sum(fragment.duration_us for fragment in waiting)
        if length <= 0:
            return []
        data = b"".join(fragment.data for fragment in waiting)
        frames = sum(fragment.frames for fragment in waiting)
        return [Cut(data, waiting[0].starts_us, length, frames)]

    def _length(self) -> int:
        return sum(fragment.duration_us for fragment in self._waiting)
