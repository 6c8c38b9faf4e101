from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import User
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.models import Livestream
from media.paths import master_url
from streams.playback.access import COOKIE
from streams.playback.models import Grant
from streams.playback.rules import GRANT_LIFE
from tests.streams.playback.conftest import World

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("present", "storage")]

Browser = Callable[[User | None], FlaskClient]
Outcome = tuple[int, str | None, int]


def ask(
    client: FlaskClient, livestream: Livestream, token: str = "", site: str = "http://localhost"
) -> TestResponse:
    # a browser says which site the page is of; a program has its token
    headers = {"Authorization": f"Bearer {token}"} if token else {"Sec-Fetch-Site": "same-origin"}
    address = f"/api/v1/livestreams/{livestream.id}/playback"
    return client.post(address, headers=headers, base_url=site)


def plays(client: FlaskClient, livestream: Livestream) -> bool:
    return client.get(master_url(livestream.broadcast_id)).status_code == 200


def cookie_of(answer: TestResponse) -> str:
    found = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(COOKIE)]
    return found[0] if found else ""


def grants(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Grant)) or 0


def test_take_gives_a_member_address_and_cookie(
    browser: Browser, world: World, private: Livestream
) -> None:
    client = browser(world.users["employee"])
    assert not plays(client, private)
    answer = ask(client, private)
    address = master_url(private.broadcast_id)
    assert (answer.status_code, answer.json) == (200, {"playback_url": address})
    value, *attributes = cookie_of(answer).split("; ")
    assert value.startswith(f"{COOKIE}=")
    path = f"Path=/media/{private.broadcast_id}/"
    assert sorted(attributes) == ["HttpOnly", path, "SameSite=Lax"]
    assert plays(client, private)


def test_take_over_https_makes_a_secure_cookie(
    browser: Browser, world: World, private: Livestream
) -> None:
    answer = ask(browser(world.users["hr"]), private, site="https://localhost")
    assert "Secure" in cookie_of(answer).split("; ")


@pytest.mark.parametrize("who", [None, "viewer", "other employee", "other hr", "other host"])
def test_take_tells_outsiders_nothing(
    browser: Browser, session: Session, world: World, private: Livestream, who: str | None
) -> None:
    client = browser(world.users[who] if who else None)
    for method in ("POST", "DELETE"):
        answer = client.open(f"/api/v1/livestreams/{private.id}/playback", method=method)
        assert (answer.status_code, cookie_of(answer)) == (404, "")
        assert b"PRIVATE" not in answer.data
        assert private.broadcast_id.encode() not in answer.data
    assert grants(session) == 0


@pytest.mark.parametrize(
    ("state", "visibility", "who", "expected"),
    [
        (L.LIVE, Visibility.PUBLIC, None, (200, "address", 0)),
        (L.LIVE, Visibility.PUBLIC, "host", (200, "address", 0)),
        (L.SCHEDULED, Visibility.PUBLIC, "viewer", (200, None, 0)),
        (L.SCHEDULED, Visibility.PUBLIC, "host", (200, "address", 1)),
        (L.ENDED, Visibility.PUBLIC, "editor", (200, "address", 1)),
        (L.SCHEDULED, Visibility.ORGANISATION, "employee", (200, None, 1)),
        (L.PUBLISHED, Visibility.ORGANISATION, "representative", (200, "address", 1)),
    ],
)
def test_take_gives_a_grant_only_where_one_is_needed(
    browser: Browser,
    session: Session,
    world: World,
    state: L,
    visibility: Visibility,
    who: str | None,
    expected: Outcome,
) -> None:
    livestream = world.livestream(state, visibility)
    answer = ask(browser(world.users[who] if who else None), livestream)
    assert answer.json is not None
    address = answer.json["playback_url"]
    named = "address" if address == master_url(livestream.broadcast_id) else address
    assert (answer.status_code, named, grants(session)) == expected
    assert bool(cookie_of(answer)) is bool(expected[2])


def test_take_before_the_start_plays_after_it(
    browser: Browser, session: Session, world: World
) -> None:
    livestream = world.livestream(L.SCHEDULED)
    client = browser(world.users["employee"])
    ask(client, livestream)
    assert not plays(client, livestream)
    livestream.state = L.LIVE
    session.flush()
    assert plays(client, livestream)


def test_take_in_a_second_tab_leaves_the_first_playing(
    browser: Browser, session: Session, world: World, private: Livestream
) -> None:
    client = browser(world.users["employee"])
    cookies = {cookie_of(ask(client, private)) for _ in range(4)}
    assert (len(cookies), grants(session), plays(client, private)) == (1, 1, True)


def test_take_on_a_third_device_ends_the_first(
    browser: Browser, world: World, private: Livestream
) -> None:
    devices = [browser(world.users["employee"]) for _ in range(3)]
    for minutes, device in enumerate(devices):
        with time_machine.travel(world.now + timedelta(minutes=minutes), tick=False):
            ask(device, private)
    assert [plays(device, private) for device in devices] == [False, True, True]


def test_take_again_after_the_grant_expired(
    browser: Browser, session: Session, world: World, private: Livestream
) -> None:
    client = browser(world.users["employee"])
    ask(client, private)
    with time_machine.travel(world.now + GRANT_LIFE, tick=False):
        assert not plays(client, private)
        ask(client, private)
        assert (plays(client, private), grants(session)) == (True, 1)


def test_take_by_a_program_is_one_device_per_token(
    browser: Browser, session: Session, world: World, private: Livestream
) -> None:
    token = world.token("employee")
    answers = [ask(browser(None), private, token) for _ in range(3)]
    assert len({cookie_of(answer) for answer in answers}) == 1
    assert grants(session) == 1
    assert not [
        line for one in answers for line in one.headers.getlist("Set-Cookie") if "session" in line
    ]


def test_leave_ends_play_on_this_device_alone(
    browser: Browser, world: World, private: Livestream
) -> None:
    here, there = (browser(world.users["employee"]) for _ in range(2))
    for client in (here, there):
        ask(client, private)
    kept = here.get_cookie(COOKIE, path=f"/media/{private.broadcast_id}/")
    assert kept is not None
    answer = here.delete(f"/api/v1/livestreams/{private.id}/playback")
    assert (answer.status_code, answer.data) == (204, b"")
    assert here.get_cookie(COOKIE, path=f"/media/{private.broadcast_id}/") is None
    here.set_cookie(COOKIE, kept.value, path=f"/media/{private.broadcast_id}/")
    assert [plays(client, private) for client in (here, there)] == [False, True]


def test_sign_out_ends_play_in_this_browser_alone(
    browser: Browser, world: World, private: Livestream
) -> None:
    here, there = (browser(world.users["employee"]) for _ in range(2))
    for client in (here, there):
        ask(client, private)
    assert here.post("/sign-out").status_code == 302
    assert [plays(client, private) for client in (here, there)] == [False, True]
