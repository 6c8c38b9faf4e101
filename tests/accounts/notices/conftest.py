"""The ledger with a worker, for what is sent."""

from datetime import datetime

import pytest

from core.database import Sessions
from tests.fakes.notices import FixedClock, Post, says


@pytest.fixture
def post(sessions: Sessions, now: datetime) -> Post:
    known = ("registered", "day_before", "changed", "replay_ready", "host_asked", "host_day_before")
    sources = {kind: says() for kind in (*known, "confirm_registration", "staff_proposal")}
    return Post(sessions, FixedClock(now), sources=sources)
