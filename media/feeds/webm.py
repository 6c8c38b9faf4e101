"""The feed of a browser's recording in WebM: chunks of a Matroska stream, cut anywhere."""

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from media import webm
from media.ebml import EbmlError
from media.feeds.chunks import ChunkFiles
from media.feeds.ports import LONGEST_GOP_US, TAIL_US, Fitness, Shape
from media.journal import Position, drop_before, write_durably

HEAD = "head.json"  # what is needed to go on after the first chunks have been dropped
SLACK_US = 20_000  # timestamps are whole milliseconds
SOUND_STEP_US = (
    1_000_000  # without a picture decoding may begin at any block: one a second is enough
)
PICTURES = 9  # times of pictures that a frame rate is read from
PICTURES_US = 1_000_000
RATES = (24.0, 25.0, 30.0, 50.0, 60.0)
NO_TRACK = webm.Track(0, 0, "")
KEPT_BEFORE_DROP = 16  # chunks; dropping writes to the disk
CODECS = {
    "V_MPEG4/ISO/AVC": "avc",
    "V_MPEGH/ISO/HEVC": "hvc1",
    "V_VP8": "vp8",
    "V_VP9": "vp9",
    "V_AV1": "av1",
    "A_OPUS": "opus",
    "A_VORBIS": "vorbis",
    "A_AAC": "aac",
}


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A place where decoding can begin: its time after the ingest's first media, and its block."""

    at_us: int
    offset: int
    cluster_ticks: int


class WebmFeed:
    """Reads an ingest's chunks from the first that is still there.

    Args:
        folder: The ingest's chunks.
        closed: Tells whether no more will come.
    """

    container = "matroska"

    def __init__(self, folder: Path, *, closed: Callable[[], bool]) -> None:
        self._folder = folder
        self._closed = closed
        self._files = ChunkFiles(folder)
        self._scanner = webm.Scanner()
        self._damaged = False
        self._at: Position | None = None  # the chunk that is scanned next
        self._starts: list[tuple[int, int]] = []  # (place in the stream, chunk)
        self._ends: list[tuple[int, int]] = []  # (last media of this chunk and all before, chunk)
        self._unread: list[tuple[int, int]] = []  # (place after it, chunk) of chunks not in _ends
        self._size = 0
        self._first_us: int | None = None
        self._last_us = 0
        self._gap_us = 0
        self._keyframes: list[Keyframe] = []
        self._pictures: list[int] = []  # the times of the first ones
        self._next: Position | None = None
        self._head = b""
        self._begun_us = 0
        self._restore()

    def shape(self) -> Shape | None:
        """Scan what has come; a shape is there when the first blocks have shown the frame rate."""
        done = self._closed()
        self._scan()
        if self._first_us is None:
            return None
        picture = self._scanner.track(webm.VIDEO_TRACK) or NO_TRACK
        sound = self._scanner.track(webm.AUDIO_TRACK) or NO_TRACK
        frame_rate = picture.frame_rate
        if _codec(picture) == "avc" and not frame_rate:  # may be copied: players are told the rate
            if len(self._pictures) < PICTURES and self._last_us < PICTURES_US and not done:
                return None
            frame_rate = usual_rate(self._pictures)
        return Shape(
            video=_codec(picture),
            width=picture.width,
            height=picture.height,
            frame_rate=frame_rate,
            audio=_codec(sound),
            sample_rate=sound.sample_rate,
            channels=sound.channels,
        )

    def fitness(self) -> Fitness:
        """Judge by the codec and the keyframes so far."""
        picture = self._scanner.track(webm.VIDEO_TRACK)
        if picture is None or _codec(picture) != "avc":
            return Fitness.OTHER_CODEC
        last = self._keyframes[-1].at_us if self._keyframes else 0
        longest = max(self._gap_us, self._last_us - last)
        return Fitness.LONG_GOP if longest > LONGEST_GOP_US else Fitness.FIT

    def begin(self, at_us: int, *, encode: bool) -> int:
        """See :class:`media.feeds.ports.Feed`."""
        self._scan()
        keyframe = self._keyframe_for(at_us, encode=encode)
        if keyframe is None:
            self._next, self._head, self._begun_us = None, b"", 0
            return 0
        self._next, self._begun_us = self._place(keyframe.offset), keyframe.at_us
        self._head = self._scanner.header + webm.cluster_head(keyframe.cluster_ticks)
        return max(at_us - keyframe.at_us, 0) if encode else 0

    def begun_at_us(self) -> int:
        """See :class:`media.feeds.ports.Feed`."""
        return self._begun_us

    def has_more(self, after_us: int) -> bool:
        """See :class:`media.feeds.ports.Feed`."""
        done = self._closed()
        self._scan()
        return not done or self._last_us > after_us + TAIL_US

    def read(self) -> bytes | None:
        """Return the header and the beginning of a cluster, then the bytes as they came."""
        done = self._closed()
        self._scan()
        if self._next is None:
            first = self._files.first()
            if first is None:
                return None if done else b""
            self._next = Position(first)
        data, self._next = self._files.read_some(self._next)
        data, self._head = self._head + data, b""
        return None if done and not data else data

    def packaged(self, until_us: int) -> None:
        """Drop the chunks before the last keyframe that a restart could begin at."""
        old = [keyframe for keyframe in self._keyframes if keyframe.at_us <= until_us]
        if len(old) < 2:  # noqa: PLR2004 -- the one to begin at, and one before it to be safe
            return
        keyframe = old[-2]
        place = self._place(keyframe.offset)
        if place.part - self._starts[0][1] < KEPT_BEFORE_DROP:
            return
        self._remember(keyframe, place)
        drop_before(self._folder, place.part)
        self._keyframes = self._keyframes[len(old) - 2 :]
        self._starts = [start for start in self._starts if start[1] >= place.part]

    def chunk_before(self, until_us: int) -> int:
        """See :class:`media.feeds.chunks.ChunkFeed`."""
        found = bisect_right(self._ends, until_us, key=lambda end: end[0])
        return self._ends[found - 1][1] if found else -1

    def _keyframe_for(self, at_us: int, *, encode: bool) -> Keyframe | None:
        if encode:
            before = [one for one in self._keyframes if one.at_us <= at_us + SLACK_US]
            return before[-1] if before else None
        return min(self._keyframes, key=lambda one: abs(one.at_us - at_us), default=None)

    def _place(self, offset: int) -> Position:
        """Return the chunk in which a place of the stream lies."""
        found = bisect_right(self._starts, offset, key=lambda start: start[0])
        start, part = self._starts[found - 1]
        return Position(part, offset - start)

    def _scan(self) -> None:
        if self._at is None:
            first = self._files.first()
            if first is None:
                return
            self._at = Position(first)
        while not self._damaged:
            part = self._at.part
            data, after = self._files.read(self._at)
            if after == self._at:
                return
            self._at = after
            self._scan_chunk(part, data)

    def _scan_chunk(self, part: int, data: bytes) -> None:
        if not self._starts or self._starts[-1][1] != part:
            self._starts.append((self._size, part))
        self._size += len(data)
        self._unread.append((self._size, part))
        try:
            for block in self._scanner.feed(data):
                self._settle(block.offset)
                self._note(block)
        except EbmlError:
            self._damaged = True  # ffmpeg may still find its way; nothing more is known here
            return
        self._settle(self._scanner.position)

    def _settle(self, position: int) -> None:
        """Note the last moment of chunks in which nothing begins any more."""
        while self._unread and self._unread[0][0] <= position:
            self._ends.append((self._last_us, self._unread.pop(0)[1]))

    def _note(self, block: webm.Block) -> None:
        if self._first_us is None:
            self._first_us = block.time_us
        at_us = block.time_us - self._first_us
        self._last_us = max(self._last_us, at_us)
        self._note_picture(block.track, at_us)
        if block.keyframe and self._is_entry(block.track, at_us):
            if self._keyframes:
                self._gap_us = max(self._gap_us, at_us - self._keyframes[-1].at_us)
            self._keyframes.append(Keyframe(at_us, block.offset, block.cluster_ticks))

    def _note_picture(self, track: int, at_us: int) -> None:
        picture = self._scanner.track(webm.VIDEO_TRACK)
        if picture is not None and track == picture.number and len(self._pictures) < PICTURES:
            self._pictures.append(at_us)

    def _is_entry(self, track: int, at_us: int) -> bool:
        picture = self._scanner.track(webm.VIDEO_TRACK)
        if picture is not None:
            return track == picture.number
        return not self._keyframes or at_us >= self._keyframes[-1].at_us + SOUND_STEP_US

    def _remember(self, keyframe: Keyframe, place: Position) -> None:
        head = {
            "header": self._scanner.header.hex(),
            "first_us": self._first_us,
            "part": place.part,
            "offset": place.offset,
            "cluster_ticks": keyframe.cluster_ticks,
            "before_us": self._last_before(place.part),
        }
        write_durably(self._folder / HEAD, json.dumps(head).encode())

    def _last_before(self, part: int) -> int:
        return next((end for end, number in reversed(self._ends) if number < part), 0)

    def _restore(self) -> None:
        path = self._folder / HEAD
        if not path.exists():
            return
        head = json.loads(path.read_bytes())
        part, offset = int(head["part"]), int(head["offset"])
        self._scanner.resume(
            bytes.fromhex(head["header"]), position=offset, cluster_ticks=head["cluster_ticks"]
        )
        self._first_us = head["first_us"]
        self._last_us = head["before_us"]
        self._ends = [(self._last_us, part - 1)]
        self._at, self._size = Position(part, offset), offset
        self._starts.append((0, part))
        drop_before(self._folder, part)  # what a kill in the middle of dropping left


def usual_rate(times_us: Sequence[int]) -> float:
    """Return the usual frame rate nearest to the median distance of pictures; 0: too few to tell.

    A recorder's clock is coarse and a shared screen stands still for a while, so that the figure
    itself would mislead players.
    """
    distances = sorted(after - before for before, after in pairwise(times_us) if after > before)
    if not distances:
        return 0.0
    measured = 1_000_000 / distances[len(distances) // 2]
    return min(RATES, key=lambda rate: abs(rate - measured))


def _codec(track: webm.Track) -> str:
    return CODECS.get(track.codec, track.codec.lower())
