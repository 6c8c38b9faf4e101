"""Playlist text back to rows: for the checker, the tests and the benches.

It reads the tags we write and ignores others, and never guesses: a value that cannot be read is an
error, a value that is missing stays missing so that the checker can name it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from core.clock import as_utc
from media.errors import MediaError
from media.hls.rows import SegmentRow

_SKIPPED: Final = re.compile(r"SKIPPED-SEGMENTS=([0-9]+)")
_CAN_SKIP: Final = re.compile(r"CAN-SKIP-UNTIL=([0-9.]+)")
_URI: Final = re.compile(r'URI="([^"]+)"')


class PlaylistUnreadableError(MediaError):
    """A line of a playlist cannot be read."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__(f"line {number} cannot be read: {line[:120]}")


@dataclass(frozen=True, slots=True)
class ParsedSegment:
    """A segment as listed; ``tags`` are the names of the tags that stood above its URI."""

    sequence: int
    run_number: int
    duration_us: int
    program_at: datetime | None
    uri: str
    init_uri: str
    tags: frozenset[str]

    def as_row(self) -> SegmentRow:
        """Return the row it was rendered from; it must have a time."""
        if self.program_at is None:
            raise PlaylistUnreadableError(0, f"{self.uri} has no PROGRAM-DATE-TIME")
        return SegmentRow(
            self.sequence,
            self.run_number,
            self.duration_us,
            self.program_at,
            self.uri,
            self.init_uri,
        )


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    """A media playlist; ``tags`` maps the names of header tags to their values."""

    tags: dict[str, str]
    segments: tuple[ParsedSegment, ...]
    skipped: int = 0

    @property
    def ended(self) -> bool:
        """Whether it says that nothing will follow."""
        return "EXT-X-ENDLIST" in self.tags

    @property
    def playlist_type(self) -> str:
        """``EVENT``, ``VOD`` or nothing."""
        return self.tags.get("EXT-X-PLAYLIST-TYPE", "")

    @property
    def target_duration(self) -> int:
        """Seconds; 0 when missing."""
        return int(self.tags.get("EXT-X-TARGETDURATION", "0"))

    @property
    def media_sequence(self) -> int:
        """The number of the first segment, skipped or not."""
        return int(self.tags.get("EXT-X-MEDIA-SEQUENCE", "0"))

    @property
    def discontinuity_sequence(self) -> int:
        """The number of the first run."""
        return int(self.tags.get("EXT-X-DISCONTINUITY-SEQUENCE", "0"))

    @property
    def can_skip_until(self) -> float:
        """The skip boundary in seconds; 0 when there are no delta updates."""
        found = _CAN_SKIP.search(self.tags.get("EXT-X-SERVER-CONTROL", ""))
        return float(found[1]) if found else 0.0

    def rows(self) -> tuple[SegmentRow, ...]:
        """Return the rows it was rendered from."""
        return tuple(segment.as_row() for segment in self.segments)


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    tags: dict[str, str] = field(default_factory=dict)
    segments: list[ParsedSegment] = field(default_factory=list)
    pending: dict[str, str] = field(default_factory=dict)
    skipped: int = 0
    run: int = 0
    init_uri: str = ""
    clock: datetime | None = None


_ABOVE_A_SEGMENT: Final = {
    "EXTINF",
    "EXT-X-DISCONTINUITY",
    "EXT-X-MAP",
    "EXT-X-PROGRAM-DATE-TIME",
}


def parse_media_playlist(text: str) -> MediaPlaylist:
    """Read a full playlist or a delta update.

    In a delta update the run numbers count from the header; :func:`merge_delta` sets them right.

    Raises:
        PlaylistUnreadableError: A line makes no sense; its number is in the message.
    """
    reading = _Reading()
    for number, line in _lines(text):
        try:
            _read_line(reading, line)
        except (ValueError, ArithmeticError, KeyError, TypeError) as error:
            raise PlaylistUnreadableError(number, line) from error
    return MediaPlaylist(reading.tags, tuple(reading.segments), reading.skipped)


def merge_delta(previous: MediaPlaylist, delta: MediaPlaylist) -> MediaPlaylist:
    """Return the full playlist that ``delta`` stands for, given the older full one.

    Raises:
        MediaError: The delta skips segments that ``previous`` does not have.
    """
    if not delta.skipped:
        return delta
    start = delta.media_sequence - previous.media_sequence
    kept = previous.segments[start : start + delta.skipped]
    if start < 0 or len(kept) < delta.skipped:
        raise DeltaTooFarError(delta.skipped, len(previous.segments))
    base = kept[-1].run_number - delta.discontinuity_sequence
    added = (replace(one, run_number=one.run_number + base) for one in delta.segments)
    return MediaPlaylist(delta.tags, (*kept, *added))


class DeltaTooFarError(MediaError):
    """A delta update skips what its reader has never seen."""

    def __init__(self, skipped: int, known: int) -> None:
        super().__init__(f"the delta skips {skipped} segments, but only {known} are known")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, line.strip()


def _read_line(reading: _Reading, line: str) -> None:
    if not line.startswith("#"):
        _read_uri(reading, line)
        return
    name, _, value = line[1:].partition(":")
    if name in _ABOVE_A_SEGMENT:
        reading.pending[name] = value
    elif name == "EXT-X-SKIP":
        reading.skipped = int(_SKIPPED.findall(value)[0])
    elif name.startswith("EXT"):
        reading.tags[name] = value
    if name == "EXT-X-DISCONTINUITY-SEQUENCE":
        reading.run = int(value)


def _read_uri(reading: _Reading, uri: str) -> None:
    pending = reading.pending
    duration_us = int(Decimal(pending["EXTINF"].partition(",")[0]) * 1_000_000)
    if "EXT-X-DISCONTINUITY" in pending:
        reading.run += 1
        reading.clock = None
    if "EXT-X-MAP" in pending:
        reading.init_uri = _URI.findall(pending["EXT-X-MAP"])[0]
    if "EXT-X-PROGRAM-DATE-TIME" in pending:
        stated = pending["EXT-X-PROGRAM-DATE-TIME"]
        reading.clock = as_utc(datetime.fromisoformat(stated))
    _append(reading, uri, duration_us)
    reading.pending = {}


def _append(reading: _Reading, uri: str, duration_us: int) -> None:
    first = int(reading.tags.get("EXT-X-MEDIA-SEQUENCE", "0")) + reading.skipped
    reading.segments.append(
        ParsedSegment(
            sequence=first + len(reading.segments),
            run_number=reading.run,
            duration_us=duration_us,
            program_at=reading.clock,
            uri=uri,
            init_uri=reading.init_uri,
            tags=frozenset(reading.pending),
        )
    )
    if reading.clock is not None:
        reading.clock += timedelta(microseconds=duration_us)
