import pytest

from media.ladder.rungs import Picture, Rung, rungs_of

pytestmark = pytest.mark.unit


def picture(width: int, height: int, **more: object) -> Picture:
    facts: dict[str, object] = {
        "frame_rate": 30.0,
        "codec": "avc1.64001f",
        "average": 500_000,
        "peak": 900_000,
    } | more
    return Picture(width, height, **facts)  # type: ignore[arg-type]  # facts of the right kinds


def sizes(width: int, height: int) -> list[tuple[int, int]]:
    return [(rung.width, rung.height) for rung in rungs_of(picture(width, height))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ((1920, 1080), [(1920, 1080), (1280, 720), (854, 480), (640, 360), (426, 240)]),
        ((3840, 2160), [(1920, 1080), (1280, 720), (854, 480), (640, 360), (426, 240)]),
        ((1280, 720), [(1280, 720), (854, 480), (640, 360), (426, 240)]),
        ((640, 360), [(640, 360), (426, 240)]),
        ((426, 240), [(426, 240)]),
        ((320, 180), [(320, 180)]),
        ((720, 1280), [(720, 1280), (480, 854), (360, 640), (240, 426)]),
        ((640, 480), [(640, 480), (554, 416), (370, 278)]),
        ((1281, 721), [(1280, 720), (854, 480), (640, 360), (426, 240)]),
    ],
)
def test_rungs_go_by_area_and_never_above_the_source(
    source: tuple[int, int], expected: list[tuple[int, int]]
) -> None:
    assert sizes(*source) == expected


def test_rates_are_those_of_the_design() -> None:
    rates = [rung.rate for rung in rungs_of(picture(1920, 1080))]
    assert [round(rate / 1e6, 1) for rate in rates] == [5.0, 2.8, 1.2, 0.7, 0.2]
    assert rates[-1] + 96_000 < 300_000  # with its sound


@pytest.mark.parametrize(
    ("facts", "copied"),
    [
        ({}, True),
        ({"codec": "avc1.42c01f"}, True),
        ({"codec": "avc1.6e001f"}, False),  # ten bits
        ({"codec": "avc1.f4001f"}, False),  # 4:4:4
        ({"codec": "hvc1"}, False),
        ({"average": 9_000_000, "peak": 9_000_000}, False),
        ({"average": 2_000_000, "peak": 9_000_000}, False),
        ({"alike": False}, False),
    ],
)
def test_source_is_copied_only_where_it_fits(facts: dict[str, object], copied: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    rungs = rungs_of(picture(1280, 720, **facts))
    assert [rung.copied for rung in rungs] == [copied, False, False, False]
    assert {rung.framed for rung in rungs} == {facts.get("alike") is False}


def test_source_larger_than_the_largest_rung_is_not_copied() -> None:
    assert rungs_of(picture(2560, 1440))[0] == Rung(1920, 1080, 4_977_000)
    assert not rungs_of(picture(1280, 720), may_copy=False)[0].copied
