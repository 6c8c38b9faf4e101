"""The sound of a ladder: fetched whole, measured, made as loud as speech is, encoded once.

The same packets are the rendition with sound alone and the file to download.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.clock import utc_now
from core.database import reading
from core.errors import _
from media import paths
from media.errors import StepRefused
from media.ffmpeg.sound import Loudness, measuring_arguments, read_loudness
from media.ffmpeg.sound import sound_arguments as _arguments
from media.ladder.boxes import sound_fragment, sound_frames
from media.ladder.encoder import OffPlanError, run_with_pipes
from media.ladder.kinds import sound_name
from media.ladder.plan import LadderPlan
from media.ladder.rows import (
    MadeSegment,
    add_init,
    add_segments,
    drop_segments,
    hold_broadcast,
    made_init,
    plan_of,
    renditions_of,
)
from media.ladder.sound_cuts import SoundCut, sound_cuts, sound_runs
from media.ladder.sound_source import FetchedSound, fetch_sound
from media.mp4 import AUDIO, FragmentReader, Init
from media.steps import StepContext, run_program

MEASURED: Final = 0.3
ENCODED: Final = 0.95
DOWNLOAD: Final = "sound.m4a"
NO_SOUND: Final = _("The recording has no sound.")


@dataclass(frozen=True, slots=True)
class MadeSound:
    """What was made: the download, how loud the sound was, and the segments in storage."""

    file: Path
    loudness: Loudness
    init: Init
    cuts: tuple[tuple[SoundCut, MadeSegment], ...]


@dataclass(slots=True)
class _Taker:
    """Takes the encoder's fragments; gives every planned segment to storage when it is whole."""

    context: StepContext
    name: str
    cuts: Sequence[SoundCut]
    reader: FragmentReader = field(default_factory=FragmentReader)
    frames: list[bytes] = field(default_factory=list)
    first: int = 0
    made: list[tuple[SoundCut, MadeSegment]] = field(default_factory=list)

    def take(self, data: bytes) -> None:
        """Read what came, and store what became whole."""
        for found in self.reader.feed(data):
            if not isinstance(found, Init) and self.reader.init is not None:
                self.frames += sound_frames(self.reader.init, found.data)
        while len(self.made) < len(self.cuts):
            cut = self.cuts[len(self.made)]
            if self.first + len(self.frames) < cut.last:
                return
            self._store(cut)

    def finish(self) -> Init:
        """Store the last segment, which may lack a frame, and return the init segment.

        Raises:
            OffPlanError: There is less sound than planned.
        """
        if len(self.made) == len(self.cuts) - 1 and self.frames:
            self._store(self.cuts[-1])
        if len(self.made) < len(self.cuts) or self.reader.init is None:
            raise OffPlanError(0, f"{len(self.made)} of {len(self.cuts)} segments of sound")
        return self.reader.init

    def _store(self, cut: SoundCut) -> None:
        init = self.reader.init
        track = init.track(AUDIO) if init is not None else None
        if track is None:
            raise OffPlanError(0, "there is no sound")
        frames = self.frames[cut.first - self.first : cut.last - self.first]
        del self.frames[: cut.last - self.first]
        self.first = cut.last
        number = cut.planned.sequence
        data = sound_fragment(frames, number=number + 1, track=track, starts=cut.starts)
        key = paths.segment_key(self.context.subject, self.name, cut.part.run_number, number)
        self.context.storage.put_bytes(key, data, content_type=paths.content_type(key))
        digest = hashlib.sha256(data).hexdigest()
        row = MadeSegment(cut.planned, cut.starts_us, cut.duration_us, len(data), digest)
        self.made.append((cut, row))


def planned_sound(context: StepContext) -> LadderPlan:
    """Return the plan of the ladder whose sound is wanted.

    Raises:
        StepRefused: There is none, or it has no sound.
    """
    with reading(), context.sessions() as session:
        plan = plan_of(session, broadcast_id=context.subject, generation=context.revision)
    if plan is None or not plan.has_sound:
        raise StepRefused(NO_SOUND)
    return plan


def make_sound_rendition(context: StepContext, plan: LadderPlan, folder: Path) -> MadeSound:
    """Encode the sound of a recording; segments and init segments are stored, rows are not."""
    runs = sound_runs(plan.parts)
    fetched = fetch_sound(context.within(0.0, 0.1), runs, folder=folder)
    loudness = _measure(context.within(0.1, MEASURED), fetched, plan, folder)
    encoding = context.within(MEASURED, ENCODED)
    cuts = sound_cuts(runs)
    taker = _Taker(context, sound_name(plan.generation), cuts)
    pipe = os.pipe()
    run_with_pipes(
        _arguments(
            fetched.clips,
            folder / DOWNLOAD,
            channels=fetched.channels,
            loudness=loudness,
            fd=pipe[1],
        ),
        [pipe],
        [taker.take],
        look=lambda: encoding.progress(len(taker.made) / len(cuts)),
        deadline=context.deadline,
        log=folder / "errors.log",
    )
    init = taker.finish()
    for run in runs:
        key = paths.init_key(context.subject, taker.name, run.parts[0].run_number)
        context.storage.put_bytes(key, init.data, content_type=paths.content_type(key))
    return MadeSound(folder / DOWNLOAD, loudness, init, tuple(taker.made))


def record_sound(context: StepContext, plan: LadderPlan, sound: MadeSound) -> None:
    """Write the rows of the sound in the place of any that are there: it is not shown yet."""
    with context.sessions.begin() as session:
        broadcast = hold_broadcast(session, broadcast_id=context.subject)
        if broadcast.generation >= plan.generation:
            return
        rows = renditions_of(session, broadcast_id=context.subject, generation=plan.generation)
        rendition = rows[sound_name(plan.generation)]
        drop_segments(session, rendition)
        init = made_init(sound.init)
        for part in plan.parts:
            made = [row for cut, row in sound.cuts if cut.part is part]
            add_init(session, rendition, part, init, now=utc_now())
            add_segments(session, rendition, part, made, now=utc_now())


def _measure(
    context: StepContext, fetched: FetchedSound, plan: LadderPlan, folder: Path
) -> Loudness:
    """Return how loud all of it is together."""
    arguments = measuring_arguments(fetched.clips, channels=fetched.channels)
    duration_us = sum(part.duration_us for part in plan.parts)
    run_program(context, arguments, folder=folder, duration_us=duration_us)
    return read_loudness((folder / "errors.log").read_text(errors="replace"))
