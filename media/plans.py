"""How a feed becomes segments: what is copied, what is encoded, what is made up. Pure."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import ceil

from media.enums import PackagerMode
from media.feeds.ports import Fitness, Shape
from media.rungs import MOST_FRAMES, Ladder, Picture

MOST_HEIGHT = 720  # of a live encode; what is copied keeps its size
BLANK_SIZE = (640, 360)
ENOUGH_SOUND_RATE = 8_000


class Source(StrEnum):
    """Where a track of the output comes from."""

    COPY = "copy"
    ENCODE = "encode"
    MADE = "made"  # a still card, or silence: players need both tracks all the way through


@dataclass(frozen=True, slots=True)
class Plan:
    """What a packager does with one feed; sizes in pixels, ``skip_us`` in microseconds."""

    container: str
    video: Source
    audio: Source
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    skip_us: int = 0
    ladder: Ladder = field(default_factory=Ladder)

    @property
    def mode(self) -> PackagerMode:
        """Whether the picture is copied."""
        return PackagerMode.COPY if self.video is Source.COPY else PackagerMode.ENCODE

    @property
    def output_rate(self) -> float:
        """Frames per second of the picture that viewers get; an encode has a constant rate."""
        if self.video is Source.COPY:
            return self.frame_rate
        wanted = self.frame_rate if 0 < self.frame_rate <= MOST_FRAMES else MOST_FRAMES
        return float(max(round(wanted), 1))

    @property
    def rung_rate(self) -> float:
        """Frames per second of the rungs below; 0: not known, or only a keyframe now and then."""
        if self.ladder.slides:
            return 0.0
        rate = self.output_rate
        return rate / max(ceil(rate / MOST_FRAMES), 1)

    @property
    def picture(self) -> Picture:
        """What the rungs are made of."""
        if self.video is Source.MADE:
            return Picture(*BLANK_SIZE, self.output_rate, encoded=True)
        return Picture(self.width, self.height, self.frame_rate, self.video is Source.ENCODE)

    def with_ladder(self, ladder: Ladder) -> "Plan":
        """Return the same plan with these rungs below the source."""
        slides = ladder.slides and self.video is Source.COPY  # else every frame is decoded anyway
        return replace(self, ladder=replace(ladder, slides=slides))

    def skipping(self, microseconds: int) -> "Plan":
        """Return the same plan for a run that begins later than its keyframe."""
        return replace(self, skip_us=microseconds)


def make_plan(shape: Shape, fitness: Fitness, *, container: str) -> Plan:
    """Choose the cheapest plan that keeps the rules of HLS."""
    return Plan(
        container=container,
        video=_video_source(shape, fitness),
        audio=_audio_source(shape),
        width=shape.width,
        height=shape.height,
        frame_rate=shape.frame_rate,
    )


def faults_of(shape: Shape, fitness: Fitness) -> list[str]:
    """Return codes of what the host should know about the feed (see :data:`media.rules.FAULTS`)."""
    faults = []
    if not shape.video:
        faults.append("no_picture")
    elif fitness is not Fitness.FIT:
        faults.append(fitness.value)
    if not shape.audio:
        faults.append("no_sound")
    elif 0 < shape.sample_rate <= ENOUGH_SOUND_RATE:
        faults.append("thin_sound")
    return faults


def _video_source(shape: Shape, fitness: Fitness) -> Source:
    if not shape.video:
        return Source.MADE
    return Source.COPY if fitness is Fitness.FIT else Source.ENCODE


def _audio_source(shape: Shape) -> Source:
    if not shape.audio:
        return Source.MADE
    return Source.COPY if shape.audio == "aac" else Source.ENCODE
