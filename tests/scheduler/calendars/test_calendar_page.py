"""The page of one's own calendar, and the same buttons behind the link of a mail."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices import services as notices
from accounts.notices.links import Purpose, make_token
from scheduler.calendars.rules import secret_of
from scheduler.models import CalendarFeed
from tests.conftest import NOW
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration

PAGE = "/account/calendar"


@pytest.fixture
def world(session: Session) -> World:
    return World(session, NOW).build()


@pytest.fixture(autouse=True)
def _at_the_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def sign_in(client: FlaskClient, world: World, name: str = "viewer") -> None:
    user = world.session.get_one(User, name)
    with client.session_transaction() as login:
        login.update({"_user_id": user.fs_uniquifier, "_fresh": True})


def press(client: FlaskClient, act: str) -> str:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get(PAGE).text)[-1]
    answer = client.post(PAGE, data={"csrf_token": token, "act": act})
    assert answer.status_code == 303
    return answer.headers["Location"]


def shown(client: FlaskClient, page: str = PAGE) -> list[str]:
    """Return the addresses on the page, without the site."""
    found = re.findall(r"(?:http|webcal)://localhost(/calendar/my/[^\"<]+)", client.get(page).text)
    return list(dict.fromkeys(found))


def feeds(session: Session) -> list[tuple[str, bool]]:
    rows = session.execute(
        select(CalendarFeed.id, CalendarFeed.revoked_at).order_by(CalendarFeed.created_at)
    )
    return [(one, revoked_at is not None) for one, revoked_at in rows]


def test_an_address_is_made_changed_and_ended(client: FlaskClient, world: World) -> None:
    sign_in(client, world)
    assert shown(client) == []
    assert feeds(world.session) == []  # looking makes nothing
    assert press(client, "make").endswith("?done=made")
    (first,) = shown(client)
    assert client.get(first).status_code == 200
    assert press(client, "make").endswith("?done=made")
    assert shown(client) == [first]
    assert press(client, "renew").endswith("?done=renewed")
    (second,) = shown(client)
    assert [client.get(one).status_code for one in (first, second)] == [404, 200]
    assert press(client, "off").endswith("?done=ended")
    assert shown(client) == []
    assert client.get(second).status_code == 404


def test_the_page_is_for_one_person_alone(client: FlaskClient, world: World) -> None:
    sign_in(client, world)
    press(client, "make")
    page = client.get(PAGE)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    other = client.application.test_client()
    sign_in(other, world, "host")
    assert shown(other) == []
    assert client.application.test_client().get(PAGE).status_code == 401


def test_the_address_is_the_same_in_both_languages(client: FlaskClient, world: World) -> None:
    sign_in(client, world)
    press(client, "make")
    assert shown(client, f"/zh{PAGE}") == shown(client)


def test_a_form_of_another_site_changes_nothing(client: FlaskClient, world: World) -> None:
    sign_in(client, world)
    assert client.post(PAGE, data={"act": "make"}).status_code == 400
    assert feeds(world.session) == []


def test_people_without_an_account_press_the_same_buttons(
    client: FlaskClient, world: World
) -> None:
    somebody = notices.recipient_of_address(
        world.session,
        email="somebody@example.org",
        language="en",
        timezone="UTC",
        data_key=DATA_KEY,
        now=NOW,
    )
    world.session.commit()
    token = make_token(DATA_KEY, Purpose.MANAGE, somebody.id, somebody.link_version)
    for act in ("make", "renew"):
        answer = client.post(f"/zh/notices/mine/{token}/calendar", data={"act": act})
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/zh/notices/mine/{token}#calendar"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
    (first, is_over), (second, is_on) = feeds(world.session)
    assert sorted([is_over, is_on]) == [False, True]
    statuses = [
        client.get(f"/calendar/my/{secret_of(DATA_KEY, one)}.ics").status_code
        for one in (first, second)
    ]
    assert sorted(statuses) == [200, 404]
    wrong = make_token(DATA_KEY, Purpose.CONFIRM, somebody.id, somebody.link_version)
    assert client.post(f"/notices/mine/{wrong}/calendar").status_code == 404
