from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.heartbeats import beat, last_beats

pytestmark = pytest.mark.integration


def test_last_beats_is_the_latest_of_each_role(session: Session, now: datetime) -> None:
    later = now + timedelta(seconds=5)
    for role, node, at in [
        ("live", "a", now),
        ("live", "b", later),
        ("worker", "a", now),
        ("worker", "a", later),
    ]:
        beat(session, role=role, node=node, now=at)
    beat(session, role="live", node="a", now=now)
    assert last_beats(session) == {"live": later, "worker": later}
