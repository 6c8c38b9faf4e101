"""The feed of an RTMP ingest: FLV tags in the parts of a journal."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from media import flv
from media.feeds.ports import LONGEST_GOP_US, TAIL_US, Fitness, Shape
from media.journal import Position, drop_before, part_numbers, part_path, write_durably

MILLISECOND = 1_000  # in microseconds
WAIT_FOR_BOTH_MS = 1_000  # a track that has not come by then is taken to be missing
HEAD = "head.flv"  # the moment of the first tag and the decoder configurations
READ_BYTES = 4 * 2**20  # of one read: a packager that has fallen behind holds no more
SLACK_US = 20 * MILLISECOND  # timestamps are whole milliseconds; frames of 120 fps are 8 apart


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A place where decoding can begin: time after the ingest's first tag, and where it stands."""

    at_us: int
    position: Position


class FlvFeed:
    """Reads a journal from the first part that is still there.

    Args:
        folder: The journal's parts.
        closed: Tells whether the journal grows no more.
    """

    container = "flv"

    def __init__(self, folder: Path, *, closed: Callable[[], bool]) -> None:
        self._folder = folder
        self._closed = closed
        self._scanned = Position()
        self._next: Position | None = None
        self._headers: dict[int, bytes] = {}  # the newest decoder configuration per kind of tag
        self._first_ms: int | None = None
        self._last_ms = 0
        self._keyframes: list[Keyframe] = []
        self._video = ""
        self._audio = ""
        self._gap_us = 0
        self._open_gop = False
        self._head_sent = False
        self._begun_us = 0
        self._restore()

    def shape(self) -> Shape | None:
        """Scan what has come; a shape is there when both tracks are known, or one is overdue."""
        done = self._closed()
        self._scan()
        waited = self._last_ms - (self._first_ms or 0)
        both = self._known(flv.VIDEO, self._video) and self._known(flv.AUDIO, self._audio)
        if self._first_ms is None or not (both or waited >= WAIT_FOR_BOTH_MS or done):
            return None
        self._remember()
        return self._read_shape()

    def fitness(self) -> Fitness:
        """Judge by the keyframes so far; a feed without picture is no copy of one."""
        if self._video != "avc":
            return Fitness.OTHER_CODEC
        if self._open_gop:
            return Fitness.OPEN_GOP
        since = self._last_ms - (self._first_ms or 0)
        last = self._keyframes[-1].at_us if self._keyframes else 0
        if max(self._gap_us, since * MILLISECOND - last) > LONGEST_GOP_US:
            return Fitness.LONG_GOP
        return Fitness.FIT

    def begin(self, at_us: int, *, encode: bool) -> int:
        """See :class:`media.feeds.ports.Feed`."""
        self._scan()
        self._head_sent = False
        keyframe = self._keyframe_for(at_us, encode=encode)
        if keyframe is None:
            self._next, self._begun_us = Position(min(part_numbers(self._folder), default=0)), 0
            return 0
        self._next, self._begun_us = keyframe.position, keyframe.at_us
        return max(at_us - keyframe.at_us, 0) if encode else 0

    def begun_at_us(self) -> int:
        """See :class:`media.feeds.ports.Feed`."""
        return self._begun_us

    def has_more(self, after_us: int) -> bool:
        """See :class:`media.feeds.ports.Feed`."""
        done = self._closed()
        self._scan()
        last_us = (self._last_ms - (self._first_ms or 0)) * MILLISECOND
        return not done or last_us > after_us + TAIL_US

    def read(self) -> bytes | None:
        """Return whole tags, the file header and the decoder configuration first."""
        done, size = self._closed(), 0
        self._scan()
        out = [] if self._head_sent else [self._head()]
        self._head_sent = True
        for tag, position in self._tags(self._next or Position()):
            self._next = position
            if tag.kind != flv.SCRIPT:
                out.append(flv.write_tag(tag.kind, tag.timestamp_ms, tag.payload))
                size += tag.size
            if size >= READ_BYTES:
                break
        data = b"".join(out)
        return None if done and not data else data

    def packaged(self, until_us: int) -> None:
        """Drop the parts before the last keyframe that a restart could begin at."""
        old = [keyframe for keyframe in self._keyframes if keyframe.at_us <= until_us]
        if len(old) > 1:
            drop_before(self._folder, old[-2].position.part)
            self._keyframes = self._keyframes[len(old) - 2 :]

    def _remember(self) -> None:
        """Keep what a restart needs after the first part has been dropped."""
        head = self._folder / HEAD
        if not head.exists():
            start = flv.write_tag(flv.SCRIPT, self._first_ms or 0, b"")
            tags = [flv.write_tag(kind, 0, data) for kind, data in self._headers.items()]
            write_durably(head, flv.header() + start + b"".join(tags))

    def _restore(self) -> None:
        head = self._folder / HEAD
        if head.exists():
            for tag in flv.iter_tags(head.read_bytes()):
                if tag.kind == flv.SCRIPT:
                    self._first_ms = tag.timestamp_ms
                else:
                    self._note_media(tag, Position())

    def _head(self) -> bytes:
        start = flv.header(video=bool(self._video), audio=bool(self._audio))
        at = self._first_ms or 0
        return start + b"".join(
            flv.write_tag(kind, at, data) for kind, data in self._headers.items()
        )

    def _keyframe_for(self, at_us: int, *, encode: bool) -> Keyframe | None:
        if encode:
            before = [k for k in self._keyframes if k.at_us <= at_us + SLACK_US]
            return before[-1] if before else None
        return min(self._keyframes, key=lambda k: abs(k.at_us - at_us), default=None)

    def _scan(self) -> None:
        for tag, position in self._tags(self._scanned):
            self._note(tag, self._scanned)
            self._scanned = position

    def _tags(self, start: Position) -> Iterator[tuple[flv.Tag, Position]]:
        """Yield each complete tag from ``start`` on with the position after it."""
        for number in part_numbers(self._folder):
            if number < start.part:
                continue
            offset = start.offset if number == start.part else 0
            with part_path(self._folder, number).open("rb") as file:
                for tag in _readable_tags(file, offset):
                    yield tag, Position(number, tag.offset + tag.size)

    def _note(self, tag: flv.Tag, position: Position) -> None:
        if tag.kind == flv.SCRIPT:
            return
        if self._first_ms is None:
            self._first_ms = tag.timestamp_ms
        self._last_ms = max(self._last_ms, tag.timestamp_ms)
        try:
            self._note_media(tag, position)
        except flv.FlvError:
            return  # a damaged packet: the decoder will say so if it matters

    def _note_media(self, tag: flv.Tag, position: Position) -> None:
        if tag.kind == flv.AUDIO:
            audio = flv.read_audio(tag.payload)
            self._audio = audio.codec
            if audio.kind is flv.PacketKind.CONFIG:
                self._headers[flv.AUDIO] = tag.payload
            return
        video = flv.read_video(tag.payload)
        self._video = video.codec
        if video.kind is flv.PacketKind.CONFIG:
            self._headers[flv.VIDEO] = tag.payload
        elif video.keyframe and video.kind is flv.PacketKind.FRAME:  # not the end of a sequence
            self._note_keyframe(tag, position)

    def _note_keyframe(self, tag: flv.Tag, position: Position) -> None:
        at_us = (tag.timestamp_ms - (self._first_ms or 0)) * MILLISECOND
        if self._keyframes:
            self._gap_us = max(self._gap_us, at_us - self._keyframes[-1].at_us)
        if self._video == "avc" and not flv.contains_idr(tag.payload):
            self._open_gop = True
        self._keyframes.append(Keyframe(at_us, position))

    def _known(self, kind: int, codec: str) -> bool:
        """A track is known when its configuration came, or its codec needs none."""
        return bool(codec) and (kind in self._headers or codec not in {"avc", "aac", "hvc1"})

    def _read_shape(self) -> Shape:
        width = height = rate = channels = 0
        frames = 0.0
        try:
            if self._video == "avc" and flv.VIDEO in self._headers:
                avc = flv.parse_sps(self._headers[flv.VIDEO])
                width, height, frames = avc.width, avc.height, avc.frame_rate
            if self._audio == "aac" and flv.AUDIO in self._headers:
                aac = flv.aac_config(self._headers[flv.AUDIO])
                rate, channels = aac.sample_rate, aac.channels
        except flv.FlvError:
            pass  # ffmpeg may still read it; the sizes then come from its init segment
        return Shape(self._video, width, height, frames, self._audio, rate, channels)


def _readable_tags(file: BinaryIO, offset: int) -> Iterator[flv.Tag]:
    """Yield the tags of a part up to its end, or to where a fault of the disk has damaged it."""
    at_most = flv.tags.READ_AT_ONCE
    while True:
        try:
            tags, offset = flv.read_tags(file, offset, at_most=at_most)
        except flv.FlvError:
            if at_most == 1:
                return
            at_most = 1  # tag by tag up to the damage
            continue
        yield from tags
        if not tags:
            return
