"""How a feed becomes segments: what is copied, what is encoded, what is made up. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from media.enums import PackagerMode
from media.feeds.ports import Fitness, Shape

MOST_HEIGHT = 720  # of a live encode; what is copied keeps its size
MOST_FRAMES = 30.0
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
