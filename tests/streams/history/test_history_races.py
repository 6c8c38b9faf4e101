"""Saying no to a history while a page is writing down how far somebody came."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.joining.enums import ConsentKind
from accounts.joining.services.consents import give_consent, withdraw_consent
from core.database import Sessions
from streams.history import access
from streams.history.errors import HistoryOff
from streams.history.models import Position
from streams.history.rules import owner_key
from streams.history.services import forget
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration

GRACE = 0.5
"""Seconds in which a no that waits for nobody would be through."""


@pytest.mark.parametrize("first", ["write", "no"])
def test_nothing_is_left_after_a_no_whoever_was_first(
    sessions: Sessions, now: datetime, first: str
) -> None:
    with sessions() as session:
        world = World(session, now).build()
        talk, me = world.livestream(state="scheduled").id, world.actors["viewer"]
        user_id = str(me.user_id)
        give_consent(session, user_id=user_id, kind=ConsentKind.HISTORY, version=1, now=now)
        session.commit()
    owner = owner_key(DATA_KEY, user_id)

    def write(session: Session) -> None:
        access.keep_own_position(
            session,
            actor=me,
            livestream_id=talk,
            seconds=60,
            duration=600,
            data_key=DATA_KEY,
            now=now,
        )

    def say_no(session: Session) -> None:
        withdraw_consent(
            session,
            user_id=user_id,
            kind=ConsentKind.HISTORY,
            now=now,
        )
        forget(session, owner=owner)

    def follow(act: Callable[[Session], None]) -> None:
        with sessions() as session:
            try:
                act(session)
            except HistoryOff:
                session.rollback()
            else:
                session.commit()

    begins, follows = (write, say_no) if first == "write" else (say_no, write)
    with sessions() as session, ThreadPoolExecutor(1) as pool:
        begins(session)
        other = pool.submit(follow, follows)
        wait([other], timeout=GRACE)
        session.commit()
        other.result()
    with sessions() as session:
        assert session.scalars(select(Position)).all() == []
