from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.ffmpeg.sound import FRAME, RATE
from media.ladder.plan import (
    LONGEST_US,
    PART_US,
    SLIVER_US,
    LadderPlan,
    Part,
    PlannedSegment,
    SourcePiece,
    plan_parts,
    plan_segments,
)
from media.ladder.rungs import Rung
from media.ladder.sound_cuts import sound_cuts, sound_runs

pytestmark = pytest.mark.unit


def pieces(*lengths_us: int) -> list[SourcePiece]:
    starts = [sum(lengths_us[:at]) for at in range(len(lengths_us))]
    return [
        SourcePiece(number, start, length)
        for number, (start, length) in enumerate(zip(starts, lengths_us, strict=True))
    ]


def lengths(*lengths_us: int) -> list[int]:
    return [one.duration_us for one in plan_segments(pieces(*lengths_us), first_sequence=0)]


def part(number: int, run: int, segments: tuple[PlannedSegment, ...]) -> Part:
    return Part(number, run, f"run{run}", "2026-03-10T18:00:00+00:00", segments)


def test_segments_of_four_seconds_are_made_of_whole_pieces() -> None:
    found = plan_segments(pieces(*[1_000_000] * 10), first_sequence=7)
    assert found == (
        PlannedSegment(7, 0, 4_000_000, 0, 3),
        PlannedSegment(8, 4_000_000, 4_000_000, 4, 7),
        PlannedSegment(9, 8_000_000, 2_000_000, 8, 9),
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ([1_000_000] * 9, [4_000_000, 3_000_000, 2_000_000]),  # no sliver of one second
        ([1_400_000] * 6, [4_200_000, 4_200_000]),
        ([1_000_000] * 4 + [300_000], [4_300_000]),
        ([900_000], [900_000]),
    ],
)
def test_boundaries_lie_nearest_to_four_seconds(source: list[int], expected: list[int]) -> None:
    assert lengths(*source) == expected


@given(st.lists(st.integers(500_000, 1_450_000), min_size=1, max_size=200))
def test_segments_leave_nothing_out_and_keep_the_target(source: list[int]) -> None:
    found = plan_segments(pieces(*source), first_sequence=0)
    assert sum(one.duration_us for one in found) == sum(source)
    assert [one.sequence for one in found] == list(range(len(found)))
    assert all(one.ends_us == following.starts_us for one, following in pairwise(found))
    assert max(one.duration_us for one in found) <= LONGEST_US
    if sum(source) >= 2 * LONGEST_US:
        assert found[-1].duration_us >= SLIVER_US


@given(st.integers(1, 2000))
def test_parts_are_about_equal_and_at_most_five_minutes(count: int) -> None:
    segments = plan_segments(pieces(*[1_000_000] * count), first_sequence=0)
    parts = plan_parts(segments, first_number=3, run_number=0, run_id="r", zero="z")
    assert [one for each in parts for one in each.segments] == list(segments)
    assert [one.number for one in parts] == list(range(3, 3 + len(parts)))
    assert max(one.duration_us for one in parts) <= PART_US + LONGEST_US


def test_plan_survives_being_stored() -> None:
    segments = plan_segments(pieces(*[1_000_000] * 9), first_sequence=0)
    plan = LadderPlan(
        2,
        {"rendition": "source"},
        (Rung(640, 360, 657_000, copied=True), Rung(426, 240, 163_000, framed=True)),
        has_sound=True,
        frame_rate=25.0,
        parts=(part(0, 0, segments),),
    )
    assert LadderPlan.from_json(plan.as_json()) == plan
    assert plan.renditions == ("g2v360", "g2v240", "g2audio")
    assert plan.segments == segments


@given(
    st.lists(
        st.lists(st.integers(500_000, 1_450_000), min_size=1, max_size=60), min_size=1, max_size=4
    ),
    st.integers(0, 200_000),
)
def test_sound_is_cut_within_a_frame_of_the_picture(runs: list[list[int]], delay_us: int) -> None:
    parts, sequence = [], 0
    for number, source in enumerate(runs):
        moved = [
            SourcePiece(one.sequence, one.starts_us + delay_us, one.duration_us)
            for one in pieces(*source)
        ]
        segments = plan_segments(moved, first_sequence=sequence)
        sequence += len(segments)
        parts.append(part(number, number, segments))
    cuts = sound_cuts(sound_runs(parts))
    frame_us = FRAME * 1_000_000 // RATE
    assert [cut.planned for cut in cuts] == [one for each in parts for one in each.segments]
    assert all(abs(cut.starts_us - cut.planned.starts_us) <= frame_us + 1 for cut in cuts)
    assert all(cut.starts >= 0 and cut.last > cut.first for cut in cuts)
    for one, following in pairwise(cuts):
        assert following.first == one.last  # every frame is in one segment
        if one.part is following.part:
            assert one.starts_us + one.duration_us == following.starts_us
