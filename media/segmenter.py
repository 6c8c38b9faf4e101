"""Gathering fragments into segments that keep the rules of media.md. Pure.

A fragment begins with a keyframe. A segment lasts about a second: several short fragments are
joined, and one that would make the segment too long begins the next. A rung below the source has
its keyframes where the source has them, and is cut where the source is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from media.mp4 import Fragment

ENOUGH_US = 750_000  # from here on a segment is closed at once, so that viewers wait least
MOST_US = 1_450_000  # EXTINF must round to the target of 1 s and stay below target + 0.5 s
APART_US = (
    100_000  # B-frames and the delay of a sound encoder move a rung by this against the source
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A closed segment: its bytes and its times on the timeline of the run, in microseconds."""

    data: bytes
    starts_us: int
    duration_us: int
    frames: int = 0


@dataclass(slots=True)
class Segmenter:
    """Joins fragments; ``take`` answers with what they close, ``finish`` with the rest.

    From ``enough_us`` on a segment is closed at once; none that joins fragments passes ``most_us``.
    A recording that came as a file takes longer ones than a live broadcast.
    """

    enough_us: int = ENOUGH_US
    most_us: int = MOST_US
    _waiting: list[Fragment] = field(default_factory=list)

    def take(self, fragment: Fragment) -> list[Cut]:
        """Add a fragment; return the segments this closes, oldest first."""
        cuts = []
        if self._waiting and self._length() + fragment.duration_us > self.most_us:
            cuts += self.finish()
        self._waiting.append(fragment)
        if self._length() >= self.enough_us:
            cuts += self.finish()
        return cuts

    def finish(self) -> list[Cut]:
        """Close what is waiting; nothing when nothing is, or when it has no duration."""
        waiting, self._waiting = self._waiting, []
        return _joined(waiting)

    def _length(self) -> int:
        return sum(fragment.duration_us for fragment in self._waiting)


@dataclass(slots=True)
class Follower:
    """Cuts a rung where the source is cut: tell it of every cut of the source by ``follow``."""

    _waiting: list[Fragment] = field(default_factory=list)
    _leading: list[Cut] = field(default_factory=list)

    def follow(self, cut: Cut) -> list[Cut]:
        """Learn where the source was cut; return what this closes."""
        self._leading.append(cut)
        return self._settle()

    def take(self, fragment: Fragment) -> list[Cut]:
        """Add a fragment; return the segments this closes, oldest first."""
        self._waiting.append(fragment)
        return self._settle()

    def finish(self) -> list[Cut]:
        """Close what is waiting: the source has said all its cuts.

        The last picture of a rung lasts as long as the source does: no next one says so. What a
        rung has after the source's last cut is left out, for its playlist would list one segment
        more: an encoder may make a picture more than the sound that it belongs to.
        """
        waiting, self._waiting = self._waiting, []
        if not self._leading:
            return []
        end = _end(self._leading[-1])
        return [
            replace(cut, duration_us=max(cut.duration_us, end - cut.starts_us))
            for cut in _joined(waiting)
        ]

    def _settle(self) -> list[Cut]:
        cuts: list[Cut] = []
        while self._leading and self._waiting:
            until = _until(self._leading[0])
            if self._waiting[0].starts_us >= until:  # the rung has nothing for this cut
                del self._leading[0]
                continue
            count = next((n for n, one in enumerate(self._waiting, 1) if _end(one) >= until), 0)
            if not count:
                break
            cuts += _joined(self._waiting[:count])
            del self._waiting[:count], self._leading[0]
        return cuts


def _joined(fragments: Sequence[Fragment]) -> list[Cut]:
    """Return one cut of all fragments; none when they have no duration."""
    length = sum(fragment.duration_us for fragment in fragments)
    if length <= 0:
        return []
    data = b"".join(fragment.data for fragment in fragments)
    frames = sum(fragment.frames for fragment in fragments)
    return [Cut(data, fragments[0].starts_us, length, frames)]


def _until(cut: Cut) -> int:
    """Return from where on a fragment of a rung belongs to the next cut, or ends this one."""
    return _end(cut) - min(APART_US, cut.duration_us // 2)  # the last cut may be a single picture


def _end(one: Fragment | Cut) -> int:
    return one.starts_us + one.duration_us
