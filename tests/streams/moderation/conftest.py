from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.fakes.desks import Desk, open_desk


@pytest.fixture
def desk(session: Session, now: datetime) -> Desk:
    """Return a livestream with two moderators, and a room in which people ask."""
    return open_desk(session, now)
