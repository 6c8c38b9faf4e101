from datetime import datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.access import actor_for
from accounts.models import User
from catalog.follows.models import Follow
from catalog.follows.queries import news_for, number_of
from web.demo import email_of, load_demo

pytestmark = pytest.mark.integration


def test_demo_viewer_finds_something_new_and_may_unfollow_it_for_good(
    session: Session, now: datetime
) -> None:
    load_demo(session, now=now, with_talks=False)
    viewer = session.scalars(select(User.id).where(User.email == email_of("viewer"))).one()
    assert number_of(session, user_id=viewer) > 1
    assert news_for(session, actor=actor_for(session, viewer), now=now) != ()
    session.execute(delete(Follow).where(Follow.user_id == viewer))
    load_demo(session, now=now, with_tokens=False, with_talks=False)  # as the clock does
    assert number_of(session, user_id=viewer) == 0
