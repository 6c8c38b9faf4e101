"""Gathering fragments of a file into segments of about four seconds. Pure.

A fragment begins with a keyframe and is never cut: one that is longer becomes a segment by itself.
"""

from dataclasses import dataclass, field
from typing import Final

from media.mp4 import Fragment
from media.segmenter import Cut

ENOUGH_US: Final = 3_500_000
MOST_US: Final = 4_450_000  # EXTINF must round to the target of 4 s


@dataclass(slots=True)
class Joiner:
    """``take`` answers with the segments a fragment closes, ``finish`` with the rest."""

    _waiting: list[Fragment] = field(default_factory=list)

    def take(self, fragment: Fragment) -> list[Cut]:
        """Add a fragment; return the segments this closes, oldest first."""
        cuts = self.finish() if self._length() + fragment.duration_us > MOST_US else []
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
