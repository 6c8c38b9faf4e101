"""Which rungs a run has: what the machine carries, and what viewers have been shown."""

import pytest

from media.plans import Plan, Source
from media.rungs import (
    RUNGS,
    Capacity,
    Ladder,
    Picture,
    affordable_rungs,
    cores_for,
    make_ladder,
    rungs_below,
)

pytestmark = pytest.mark.unit

TWO_CORES = Capacity(cores=2, decode=0.001, rung=0.011, source=0.008)  # as measured on one
HD = Picture(1280, 720, 25.0)
V480, V360, V240 = RUNGS


def lines(rungs: object) -> list[int]:
    return [rung.lines for rung in rungs]  # type: ignore[attr-defined]  # any collection of rungs


@pytest.mark.parametrize(
    ("picture", "below"),
    [
        (Picture(1920, 1080), [480, 360, 240]),
        (HD, [480, 360, 240]),
        (Picture(720, 1280), [480, 360, 240]),
        (Picture(640, 480), [360, 240]),
        (Picture(640, 360), [240]),
        (Picture(426, 240), []),
        (Picture(320, 180), []),
        (Picture(), [480, 360, 240]),
    ],
)
def test_rungs_are_smaller_than_the_source(picture: Picture, below: list[int]) -> None:
    assert lines(rungs_below(picture)) == below


@pytest.mark.parametrize(
    ("cores", "picture", "in_use", "chosen"),
    [
        (2, HD, 0.0, [480, 360, 240]),
        (2, Picture(1280, 720, 60.0), 0.0, [480, 360, 240]),
        (2, HD, 1.2, [360, 240]),
        (2, HD, 1.32, [240]),
        (2, HD, 1.4, []),
        (1, Picture(1280, 720, 25.0, encoded=True), 0.25, [480, 360, 240]),
        (1, Picture(1280, 720, 25.0, encoded=True), 0.35, [360, 240]),
        (2, Picture(320, 180, 25.0), 0.0, []),
    ],
)
def test_the_machine_carries_the_smallest_first(
    cores: int, picture: Picture, in_use: float, chosen: list[int]
) -> None:
    machine = Capacity(cores, TWO_CORES.decode, TWO_CORES.rung, TWO_CORES.source)
    found = affordable_rungs(machine, picture, allowed=None, in_use=in_use)
    assert lines(found) == chosen


@pytest.mark.parametrize(
    ("allowed", "chosen"), [([], []), ([480, 240], [480, 240]), ([360], [360])]
)
def test_an_operator_may_say_which(allowed: list[int], chosen: list[int]) -> None:
    found = affordable_rungs(TWO_CORES, HD, allowed=allowed, in_use=100.0)
    assert lines(found) == chosen


def test_a_rate_above_30_costs_in_decoding_only() -> None:
    at_30 = cores_for(TWO_CORES, Picture(1280, 720, 30.0), RUNGS)
    at_60 = cores_for(TWO_CORES, Picture(1280, 720, 60.0), RUNGS)
    assert at_60 - at_30 == pytest.approx(1280 * 720 * 30 * 0.001 / 1e6)
    assert cores_for(TWO_CORES, HD, ()) == 0.0


@pytest.mark.parametrize(
    ("affordable", "shown", "ladder"),
    [
        (RUNGS, None, Ladder(RUNGS)),
        ((), None, Ladder()),
        (RUNGS, {"v480", "v360", "v240"}, Ladder(RUNGS)),
        (RUNGS, {"v360", "v240"}, Ladder((V360, V240))),
        (RUNGS, set(), Ladder()),
        ((V360, V240), {"v480", "v360", "v240"}, Ladder((V360, V240), (("v480", "v360"),))),
        (
            (V240,),
            {"v480", "v360", "v240"},
            Ladder((V240,), (("v480", "v240"), ("v360", "v240"))),
        ),
        (
            (),
            {"v480", "v240"},
            Ladder((V240,), (("v480", "v240"),), slides=True),
        ),
        ((V240,), {"v480", "v360"}, Ladder((V360,), (("v480", "v360"),), slides=True)),
        ((V480,), {"v480", "v240"}, Ladder((V480, V240))),
    ],
)
def test_what_was_shown_goes_on_and_nothing_else_begins(
    affordable: tuple[object, ...], shown: set[str] | None, ladder: Ladder
) -> None:
    assert make_ladder(affordable, shown) == ladder  # type: ignore[arg-type]  # rungs, all of them


def test_whose_segments_go_where() -> None:
    ladder = Ladder((V240,), (("v480", "v240"), ("v360", "v240")))
    assert ladder.names_fed_by("v240") == ("v240", "v480", "v360")
    assert ladder.names_fed_by("source") == ("source",)
    assert (ladder.can_shed, Ladder().can_shed) == (True, False)
    assert not Ladder((V240,), slides=True).can_shed


@pytest.mark.parametrize(
    ("rate", "told"), [(25.0, 25.0), (50.0, 25.0), (59.94, 29.97), (120.0, 30.0), (0.0, 0.0)]
)
def test_a_rung_of_a_copy_has_30_frames_a_second_at_most(rate: float, told: float) -> None:
    assert Plan("flv", Source.COPY, Source.COPY, frame_rate=rate).rung_rate == told


@pytest.mark.parametrize(
    ("video", "slides"), [(Source.COPY, True), (Source.ENCODE, False), (Source.MADE, False)]
)
def test_slides_are_of_a_copy_alone(video: Source, *, slides: bool) -> None:
    """An encode decodes every frame anyway."""
    plan = Plan("flv", video, Source.COPY).with_ladder(Ladder((V240,), slides=True))
    assert plan.ladder.slides is slides
    assert plan.rung_rate == (0.0 if slides else 30.0)


@pytest.mark.parametrize(
    ("plan", "picture"),
    [
        (Plan("flv", Source.COPY, Source.COPY, 1280, 720, 50.0), Picture(1280, 720, 50.0)),
        (
            Plan("flv", Source.ENCODE, Source.COPY, 1280, 720, 50.0),
            Picture(1280, 720, 50.0, encoded=True),
        ),
        (Plan("flv", Source.MADE, Source.COPY), Picture(640, 360, 30.0, encoded=True)),
    ],
)
def test_the_picture_that_rungs_are_made_of(plan: Plan, picture: Picture) -> None:
    assert plan.picture == picture
