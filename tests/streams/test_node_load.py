"""What a node's broadcasts take, and which rungs are left for the next run."""

from pathlib import Path

import pytest

from core.settings import read_settings
from media.rungs import RUNGS, Capacity, Ladder, Picture
from streams.node.load import RUNG_ROOM, Load, load_of

pytestmark = pytest.mark.unit

HD = Picture(1280, 720, 25.0)
ONE_CORE = Capacity(cores=1, decode=0.001, rung=0.03, source=0.02)
V480, V360, V240 = RUNGS
ALL = {"v480", "v360", "v240"}


def load(*, free: int = 2 * RUNG_ROOM, allowed: tuple[int, ...] | None = None) -> Load:
    return Load(capacity=ONE_CORE, allowed=allowed, free_bytes=lambda: free)


def test_what_one_broadcast_takes_the_next_has_not() -> None:
    node = load()
    assert node.begin("a", HD, shown=None, most=3) == Ladder(RUNGS)
    assert node.begin("b", HD, shown=None, most=3) == Ladder((V240,))
    node.end("a")
    assert node.begin("b", HD, shown=None, most=3) == Ladder(RUNGS)


def test_a_broadcast_does_not_stand_in_its_own_way() -> None:
    node = load()
    for _ in range(3):
        assert node.begin("a", HD, shown=ALL, most=3) == Ladder(RUNGS)


@pytest.mark.parametrize(
    ("most", "ladder"),
    [
        (2, Ladder((V360, V240), (("v480", "v360"),))),
        (1, Ladder((V240,), (("v480", "v240"), ("v360", "v240")))),
        (0, Ladder((V240,), (("v480", "v240"), ("v360", "v240")), slides=True)),
    ],
)
def test_who_fell_behind_gets_fewer(most: int, ladder: Ladder) -> None:
    assert load().begin("a", HD, shown=ALL, most=most) == ladder


def test_a_disk_that_is_nearly_full_has_room_for_the_source_alone() -> None:
    node = load(free=RUNG_ROOM - 1, allowed=(480, 360, 240))
    assert node.is_disk_nearly_full()
    assert node.begin("a", HD, shown=None, most=3) == Ladder()
    assert node.begin("a", HD, shown=ALL, most=3).slides


def test_an_operator_may_want_none(tmp_path: Path) -> None:
    settings = read_settings({"MINDCAST_HOME": str(tmp_path), "LIVE_RUNGS": "0"})
    assert settings.live_rungs == ()
    assert load(allowed=settings.live_rungs).begin("a", HD, shown=None, most=3) == Ladder()


def test_before_anything_was_measured_a_guess_serves(tmp_path: Path) -> None:
    settings = read_settings({"MINDCAST_HOME": str(tmp_path)})
    found = load_of(settings).begin("a", HD, shown=None, most=3)
    assert V240 in found.encoded
