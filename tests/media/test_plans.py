"""What is copied, what is encoded, what is made up, and what the host is told."""

import pytest

from media.feeds.ports import Fitness, Shape
from media.plans import Plan, Source, faults_of, make_plan
from media.rules import FAULTS

pytestmark = pytest.mark.unit

GOOD = Shape("avc", 1280, 720, 50.0, "aac", 48_000, 2)


@pytest.mark.parametrize(
    ("shape", "fitness", "video", "audio", "faults"),
    [
        (GOOD, Fitness.FIT, "copy", "copy", []),
        (GOOD, Fitness.LONG_GOP, "encode", "copy", ["long_gop"]),
        (GOOD, Fitness.OPEN_GOP, "encode", "copy", ["open_gop"]),
        (Shape("hvc1", audio="aac"), Fitness.OTHER_CODEC, "encode", "copy", ["other_codec"]),
        (Shape("avc", audio="mp3"), Fitness.FIT, "copy", "encode", []),
        (Shape("avc"), Fitness.FIT, "copy", "made", ["no_sound"]),
        (Shape(audio="aac"), Fitness.OTHER_CODEC, "made", "copy", ["no_picture"]),
        (Shape("avc", audio="aac", sample_rate=8_000), Fitness.FIT, "copy", "copy", ["thin_sound"]),
    ],
)
def test_plans(shape: Shape, fitness: Fitness, video: str, audio: str, faults: list[str]) -> None:
    plan = make_plan(shape, fitness, container="flv")
    assert (plan.video, plan.audio) == (Source(video), Source(audio))
    assert plan.mode == ("copy" if video == "copy" else "encode")
    assert faults_of(shape, fitness) == faults
    assert set(faults) <= set(FAULTS)


def test_a_plan_keeps_what_the_feed_is() -> None:
    plan = make_plan(GOOD, Fitness.FIT, container="flv")
    assert plan == Plan("flv", Source.COPY, Source.COPY, 1280, 720, 50.0, 0)
    assert plan.skipping(7) == Plan("flv", Source.COPY, Source.COPY, 1280, 720, 50.0, 7)


@pytest.mark.parametrize(
    ("video", "rate", "told"),
    [
        (Source.COPY, 59.94, 59.94),
        (Source.ENCODE, 25.0, 25.0),
        (Source.ENCODE, 29.97, 30.0),
        (Source.ENCODE, 120.0, 30.0),
        (Source.ENCODE, 0.0, 30.0),
        (Source.ENCODE, 0.2, 1.0),
    ],
)
def test_viewers_are_told_the_frame_rate_that_they_get(
    video: Source, rate: float, told: float
) -> None:
    assert Plan("flv", video, Source.COPY, frame_rate=rate).output_rate == told
