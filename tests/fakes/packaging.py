"""Packaging a whole feed without rows, and looking into what came out."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from media.binaries import ffprobe_path
from media.feeds.ports import Feed
from media.hls import SegmentRow, render_media_playlist
from media.mp4 import HEADER_SIZE, VIDEO, Init, boxes
from media.packager import SOURCE, Outcome, Packager
from media.plans import Plan, make_plan
from media.process import run_checked
from media.rungs import Ladder
from media.segmenter import Cut

NO_LADDER = Ladder()
BEGAN = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)


@dataclass
class Taken:
    """What one run gave: a sink."""

    base_us: int = 0
    plan: Plan | None = None
    outcome: Outcome | None = None
    inits: dict[str, Init] = field(default_factory=dict)
    cuts: dict[str, list[Cut]] = field(default_factory=dict)

    def init(self, rendition: str, init: Init) -> None:
        assert rendition not in self.inits
        self.inits[rendition] = init
        self.cuts[rendition] = []

    def cut(self, rendition: str, cut: Cut) -> None:
        self.cuts[rendition].append(cut)

    def ends_us(self, rendition: str = SOURCE) -> int:
        last = self.cuts[rendition][-1]
        return self.base_us + last.starts_us + last.duration_us

    def seconds(self, rendition: str = SOURCE) -> float:
        return sum(cut.duration_us for cut in self.cuts[rendition]) / 1e6

    def file(self, folder: Path, rendition: str = SOURCE, only: int | None = None) -> Path:
        """Write the init segment and all cuts, or one, into a file a player could open."""
        cuts = self.cuts[rendition] if only is None else [self.cuts[rendition][only]]
        path = folder / f"{rendition}-{only}.mp4"
        path.write_bytes(self.inits[rendition].data + b"".join(cut.data for cut in cuts))
        return path


def run_once(
    feed: Feed,
    *,
    at_us: int = 0,
    stopping: Callable[[], bool] = lambda: False,
    too_much: Callable[[], bool] = lambda: False,
    ladder: Ladder = NO_LADDER,
    monotonic: Callable[[], float] = time.monotonic,
) -> Taken:
    """Package a feed from ``at_us`` on, as its shape and fitness are now."""
    shape = feed.shape()
    assert shape is not None
    plan = make_plan(shape, feed.fitness(), container=feed.container)
    skip_us = feed.begin(at_us, encode=plan.mode == "encode")
    plan = plan.skipping(skip_us).with_ladder(ladder)
    taken = Taken(feed.begun_at_us() + skip_us, plan)
    wake, bell = os.pipe()
    try:
        taken.outcome = Packager(
            plan=plan,
            feed=feed,
            sink=taken,
            wake_fd=wake,
            stopping=stopping,
            too_much=too_much,
        ).run(monotonic=monotonic)
    finally:
        os.close(wake)
        os.close(bell)
    return taken


def probe(path: Path) -> dict[str, Any]:
    """Return what ffprobe says of a file; it says nothing bad on the way."""
    entries = "stream=codec_name,codec_type,width,height,r_frame_rate,sample_rate,channels"
    packets = "packet=codec_type,pts_time,dts_time,duration_time,flags"
    done = run_checked(
        [
            ffprobe_path(),
            "-v",
            "error",
            "-of",
            "json",
            "-show_entries",
            f"{entries}:{packets}",
            path,
        ],
        timeout=60,
    )
    assert done.stderr == b""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def stream_of(found: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the stream of a kind."""
    streams = [stream for stream in found["streams"] if stream["codec_type"] == kind]
    assert len(streams) == 1
    return dict(streams[0])


def packets_of(found: dict[str, Any], kind: str) -> list[dict[str, str]]:
    """Return the packets of a kind."""
    return [packet for packet in found["packets"] if packet["codec_type"] == kind]


def first_picture(init: Init, cut: Cut) -> set[int]:
    """Return the types of the NAL units of a segment's first picture (ITU-T H.264, table 7-1)."""
    track = init.track(VIDEO)
    assert track is not None
    moof = next(box for kind, box in boxes(cut.data) if kind == b"moof")
    for kind, traf in boxes(moof, HEADER_SIZE):
        found = dict(boxes(traf, HEADER_SIZE)) if kind == b"traf" else {}
        if found and int.from_bytes(found[b"tfhd"][12:16]) == track.id:
            return set(_unit_types(_first_sample(cut.data, found)))
    return set()


def _first_sample(data: bytes, traf: dict[bytes, bytes]) -> bytes:
    trun, tfhd = traf[b"trun"], traf[b"tfhd"]
    flags, offset = int.from_bytes(trun[9:12]), int.from_bytes(trun[16:20])
    assert flags & 0x01
    at = 24 if flags & 0x04 else 20
    if flags & 0x200:
        at += 4 if flags & 0x100 else 0
        size = int.from_bytes(trun[at : at + 4])
    else:  # the one size of all samples stands last but for their flags
        size = int.from_bytes(tfhd[-8:-4] if int.from_bytes(tfhd[9:12]) & 0x20 else tfhd[-4:])
    return data[offset : offset + size]


def _unit_types(sample: bytes) -> list[int]:
    types, at = [], 0
    while at + 4 < len(sample):
        types.append(sample[at + 4] & 0x1F)
        at += 4 + int.from_bytes(sample[at : at + 4])
    return types


def playlist(runs: list[Taken], rendition: str = SOURCE, *, ended: bool = True) -> str:
    """Return the playlist of what came out of several runs."""
    rows: list[SegmentRow] = []
    for number, taken in enumerate(runs):
        began = BEGAN + timedelta(microseconds=taken.base_us)
        for cut in taken.cuts.get(rendition, []):
            row = SegmentRow(
                len(rows),
                number,
                cut.duration_us,
                began + timedelta(microseconds=cut.starts_us),
                f"{number}-{len(rows)}.m4s",
                f"{number}-init.mp4",
            )
            rows.append(row)
    return render_media_playlist(rows, target_duration=1, ended=ended, skip=False)
