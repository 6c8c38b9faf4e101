"""What a host is told of a feed."""

import pytest

from media.rules import FAULTS, faults_to_tell

pytestmark = pytest.mark.unit


def test_a_browser_is_told_only_what_its_host_can_mend() -> None:
    codes = [*FAULTS, "a code of a later release"]
    told = faults_to_tell(codes, by_browser=True)
    assert told == [FAULTS[code] for code in ("no_picture", "no_sound", "unreadable")]
    assert faults_to_tell(codes, by_browser=False) == list(FAULTS.values())
