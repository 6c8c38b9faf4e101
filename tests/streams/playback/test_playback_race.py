from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask, Response
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from accounts.access import actor_for
from accounts.rules import Actor
from core.database import Sessions, reading
from core.ids import new_id
from streams.playback.access import COOKIE, issue_grant_cookie
from streams.playback.models import Grant
from streams.playback.rules import DEVICES, GRANT_LIFE
from streams.playback.services import check_gate, grant_playback
from tests.streams.playback.conftest import World

pytestmark = pytest.mark.integration

THREADS = 12


@pytest.fixture
def place(sessions: Sessions, now: datetime) -> tuple[str, Actor]:
    """Return a private broadcast that is live, committed, and one of its members."""
    with sessions() as session:
        world = World(session, now)
        world.populate()
        broadcast_id = world.livestream().broadcast_id
        session.commit()
        return broadcast_id, actor_for(session, world.users["employee"].id)


def test_grant_playback_on_many_devices_at_once(
    sessions: Sessions, place: tuple[str, Actor], now: datetime
) -> None:
    broadcast_id, actor = place
    together = Barrier(THREADS)

    def take(number: int) -> str:
        together.wait(timeout=20)
        with sessions() as session:
            token = grant_playback(
                session, actor=actor, broadcast_id=broadcast_id, device=f"device {number}", now=now
            )
            session.commit()
            return token

    with ThreadPoolExecutor(THREADS) as pool:
        tokens = list(pool.map(take, range(THREADS)))
    with sessions() as session:
        valid = [
            check_gate(session, broadcast_id=broadcast_id, grant_token=token, now=now)
            for token in tokens
        ]
        places = session.scalars(select(Grant.place)).all()
    assert (valid.count(True), sorted(places)) == (DEVICES, list(range(DEVICES)))


def test_grant_playback_in_many_tabs_at_once(
    sessions: Sessions, place: tuple[str, Actor], now: datetime
) -> None:
    broadcast_id, actor = place
    together = Barrier(THREADS)

    def take(_: int) -> str:
        together.wait(timeout=20)
        with sessions() as session:
            token = grant_playback(
                session, actor=actor, broadcast_id=broadcast_id, device="one browser", now=now
            )
            session.commit()
            return token

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(take, range(THREADS)))) == 1


@pytest.mark.parametrize("taken", [0, 2])
def test_the_table_has_no_room_for_a_third_grant(
    sessions: Sessions, place: tuple[str, Actor], now: datetime, taken: int
) -> None:
    broadcast_id, actor = place
    with sessions() as session:
        for number in (0, 1):
            session.execute(insert(Grant).values(_row(broadcast_id, actor, number, now)))
        with pytest.raises(IntegrityError):
            session.execute(insert(Grant).values(_row(broadcast_id, actor, taken, now)))
        session.rollback()


def _row(broadcast_id: str, actor: Actor, number: int, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "fingerprint": new_id(),
        "broadcast_id": broadcast_id,
        "user_id": actor.user_id,
        "device": new_id(),
        "place": number,
        "created_at": now,
        "expires_at": now + GRANT_LIFE,
    }


def test_issue_grant_cookie_on_a_page_that_only_reads(
    sessions: Sessions, place: tuple[str, Actor], now: datetime
) -> None:
    broadcast_id, actor = place
    app = Flask(__name__)
    app.secret_key = "a key for tests"
    with app.test_request_context(), reading(), sessions() as session:
        session.execute(select(Grant)).all()  # the page has read what is now old
        take_elsewhere(sessions, place, now)
        response = Response()
        assert issue_grant_cookie(
            response, session=session, actor=actor, broadcast_id=broadcast_id, now=now
        )
    token = response.headers["Set-Cookie"].partition(";")[0].removeprefix(f"{COOKIE}=")
    with sessions() as session:
        assert check_gate(session, broadcast_id=broadcast_id, grant_token=token, now=now)


def take_elsewhere(sessions: Sessions, place: tuple[str, Actor], now: datetime) -> None:
    broadcast_id, actor = place
    with sessions() as session:
        grant_playback(session, actor=actor, broadcast_id=broadcast_id, device="phone", now=now)
        session.commit()
