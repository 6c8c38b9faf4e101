"""The faces of the one page of a livestream."""

import pytest

from catalog.enums import LivestreamState as L
from streams.phases import Phase, phase_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("state", [L.DRAFT, L.PROPOSED, L.SCHEDULED])
def test_what_has_not_begun_is_before_even_for_its_crew(state: L) -> None:
    assert phase_of(state, interrupted=False, playable=True, crew=True) is Phase.BEFORE


@pytest.mark.parametrize(
    ("interrupted", "playable", "phase"),
    [
        (False, False, Phase.OPENING),
        (False, True, Phase.LIVE),
        (True, True, Phase.INTERRUPTED),
        (True, False, Phase.INTERRUPTED),
    ],
)
def test_a_live_page_follows_the_picture(
    *, interrupted: bool, playable: bool, phase: Phase
) -> None:
    found = phase_of(L.LIVE, interrupted=interrupted, playable=playable, crew=False)
    assert found is phase


@pytest.mark.parametrize(
    ("state", "playable", "crew", "phase"),
    [
        (L.ENDED, True, False, Phase.ENDED),  # players drain what was live
        (L.ENDED, True, True, Phase.REVIEW),
        (L.ENDED, False, False, Phase.ENDED),
        (L.PUBLISHED, True, False, Phase.REPLAY),
        (L.PUBLISHED, False, False, Phase.ENDED),
        (L.CANCELLED, True, True, Phase.CANCELLED),
        (L.MISSED, False, False, Phase.MISSED),
    ],
)
def test_what_is_over_shows_a_replay_only_to_who_may_play_it(
    state: L, *, playable: bool, crew: bool, phase: Phase
) -> None:
    assert phase_of(state, interrupted=False, playable=playable, crew=crew) is phase


def test_only_phases_with_a_picture_are_playable() -> None:
    playable = {phase for phase in Phase if phase.is_playable}
    assert playable == {Phase.LIVE, Phase.INTERRUPTED, Phase.REVIEW, Phase.REPLAY}
