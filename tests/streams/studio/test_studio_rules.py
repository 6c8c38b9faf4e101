"""Which face of the studio a state shows."""

import pytest

from catalog.enums import LivestreamState
from streams.studio.rules import Face, face_of, is_draining

pytestmark = pytest.mark.unit


def test_every_state_has_a_face() -> None:
    assert {state.value: face_of(state) for state in LivestreamState} == {
        "draft": Face.GREEN,
        "proposed": Face.GREEN,
        "scheduled": Face.GREEN,
        "live": Face.AIR,
        "ended": Face.AFTER,
        "published": Face.AFTER,
        "cancelled": Face.OVER,
        "missed": Face.OVER,
    }


def test_a_recording_is_in_place_when_all_is_over() -> None:
    pairs = [("live", "receiving"), ("ended", "receiving"), ("published", "ended")]
    assert [is_draining(*pair) for pair in pairs] == [True, True, False]
