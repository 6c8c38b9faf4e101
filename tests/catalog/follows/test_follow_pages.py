"""The button on three pages, the page of what is new, and the API; none of it for anybody else."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.notices.models import Recipient
from catalog.follows.models import Follow
from catalog.follows.rules import VISIT
from catalog.rules import nearest_times
from core.clock import utc_now
from tests.catalog.follows.conftest import Programme
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from web import assets
from web.logs import WITHOUT_ADDRESS
from web.site import Site

pytestmark = pytest.mark.integration

PAGE = "/following"
API = "/api/v1/follows"
PLACES = {
    "topic:sleep": "/topics/sleep",
    "series:nights": "/series/nights",
    "host:host": "/hosts/host",
}


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def now(app: Site) -> datetime:
    """Return a time that pages, which read the clock, agree with."""
    del app
    return nearest_times(utc_now())[0]


@pytest.fixture
def browser(app: Site, world: World, programme: Programme) -> FlaskClient:
    programme.coming(series="nights", known=-timedelta(hours=2))
    return browser_of(app, world, "viewer")


def press(browser: FlaskClient, page: str, **values: object) -> TestResponse:
    return send(browser, PAGE, page, **values)


def followed(session: Session) -> set[str]:
    return {one.subject.key for one in session.scalars(select(Follow))}


def shown(text: str) -> list[str]:
    """Return the ids of the livestreams under "New", in their order."""
    part = text.partition('id="new-h"')[2].partition("</section>")[0]
    return list(dict.fromkeys(re.findall(r'href="/livestreams/(\w+)"', part)))


@pytest.mark.parametrize(("key", "place"), PLACES.items(), ids=list(PLACES))
def test_follow_unfollow_and_undo_without_scripts(
    browser: FlaskClient, session: Session, key: str, place: str
) -> None:
    assert f'name="what" value="{key}"' in browser.get(place).text
    answer = press(browser, place, what=key)
    assert (answer.status_code, answer.location) == (303, f"{place}?done=followed#follow")
    on = browser.get(answer.location).text
    assert (followed(session), "Following" in on, "You follow this now." in on) == (
        {key},
        True,
        True,
    )
    answer = press(browser, place, what=key, act="end")
    off = browser.get(answer.location).text
    assert followed(session) == set()
    assert ("You follow this no more." in off, "Undo" in off) == (True, True)


@pytest.mark.parametrize("place", [*PLACES.values(), PAGE])
def test_page_of_somebody_goes_into_no_cache(browser: FlaskClient, place: str) -> None:
    assert browser.get(place).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("place", PLACES.values())
def test_stranger_is_told_what_needs_no_account_and_led_back(
    browser: FlaskClient, client: FlaskClient, place: str
) -> None:
    del browser
    first, second = client.get(place), client.get(place)
    assert second.headers["ETag"] == first.headers["ETag"]  # drawn once for all
    text = first.text
    for words in ("/sign-in?next=", "/sign-up?next=", "Remind me", "RSS"):
        assert words in text, words
    assert f"next={place}" in text.replace("%2F", "/")
    assert 'action="/following"' not in text
    if place.startswith("/topics/"):
        assert "/calendar/topics/sleep.ics" in text


def test_stranger_finds_a_kind_page_and_follows_nothing(
    client: FlaskClient, session: Session, world: World
) -> None:
    del world
    answer = client.get("/zh/following")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert ("/zh/sign-in?next=" in answer.text, "没有账号也可以" in answer.text) == (True, True)
    assert client.post(PAGE, data={"what": "topic:sleep"}).status_code in {400, 401}
    assert followed(session) == set()


def test_form_without_its_token_changes_nothing(browser: FlaskClient, session: Session) -> None:
    assert browser.post(PAGE, data={"what": "topic:sleep"}).status_code == 400
    assert followed(session) == set()


def test_news_stands_there_once_and_through_the_visit(
    browser: FlaskClient, session: Session, programme: Programme
) -> None:
    for key, place in PLACES.items():
        press(browser, place, what=key)
    new, replay = programme.coming(days=4), programme.replay()
    _visit(session, seen=20, visited=10)
    for age, expected in ((5, [new.id, replay.id]), (15, [new.id, replay.id]), (25, [])):
        new.announced_at = replay.published_at = ago(age)
        session.commit()
        assert shown(browser.get(PAGE).text) == expected, age


def test_next_visit_shows_what_came_after_the_last_one_began(
    browser: FlaskClient, session: Session, programme: Programme
) -> None:
    press(browser, "/topics/sleep", what="topic:sleep")
    new = programme.coming(days=4)
    new.announced_at = ago(35)
    _visit(session, seen=50, visited=40)
    assert [shown(browser.get(PAGE).text) for _load in range(2)] == [[new.id], [new.id]]
    row = session.scalars(select(Follow).execution_options(populate_existing=True)).one()
    assert row.seen_at < new.announced_at < row.visited_at
    _visit(session, seen=40, visited=31)
    assert [shown(browser.get(PAGE).text) for _load in range(2)] == [[], []]


def ago(minutes: float) -> datetime:
    return utc_now() - timedelta(minutes=minutes)


def _visit(session: Session, *, seen: float, visited: float) -> None:
    """Let the visit before have begun so many minutes ago, and the last one."""
    assert timedelta(minutes=30) == VISIT
    for one in session.scalars(select(Follow).execution_options(populate_existing=True)):
        one.since = one.seen_at = ago(seen)
        one.visited_at = ago(visited)
    session.commit()


def test_page_takes_as_many_questions_for_one_follow_as_for_three(
    browser: FlaskClient, connection: object
) -> None:
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    counts = []
    for key, place in PLACES.items():
        press(browser, place, what=key)
        event.listen(connection, "before_cursor_execute", note)
        asked.clear()
        browser.get(PAGE)
        counts.append(len([one for one in asked if one.startswith("SELECT")]))
        event.remove(connection, "before_cursor_execute", note)
    assert len(set(counts)) == 1, counts


def test_unfollow_all_shows_the_way_back_on_the_page_itself(
    browser: FlaskClient, session: Session
) -> None:
    for key, place in PLACES.items():
        press(browser, place, what=key)
    gone = press(browser, PAGE, what="all", act="end", here="1")
    assert (gone.status_code, followed(session)) == (200, set())
    assert (gone.headers["Cache-Control"], "Set-Cookie" in gone.headers) == (
        "private, no-store",
        False,
    )
    keys = re.findall(r'name="what" value="([^"]+)"', gone.text)
    assert "You follow nothing yet" in gone.text
    back = press(browser, PAGE, what=keys, here="1")
    assert (back.location, followed(session)) == (PAGE, set(PLACES))


def test_empty_page_suggests_topics(browser: FlaskClient) -> None:
    text = browser.get(PAGE).text
    assert ("You follow nothing yet" in text, 'href="/topics/anxiety"' in text) == (True, True)


def test_mails_are_off_until_she_says_yes_and_can_be_off_again(
    browser: FlaskClient, session: Session
) -> None:
    press(browser, "/topics/sleep", what="topic:sleep")
    chosen = []
    for pace in ("", "daily", "off"):
        if pace:
            send(browser, f"{PAGE}/mail", PAGE, pace=pace)
        text = browser.get(PAGE).text
        chosen.append(re.findall(r'name="pace" value="(\w+)" checked', text))
    assert chosen == [["off"], ["daily"], ["off"]]
    assert session.scalars(select(Recipient.choices)).one() == {"follows": "off"}
    assert send(browser, f"{PAGE}/mail", PAGE, pace="hourly").status_code == 422
    assert 'name="pace-follows"' in browser.get("/account/notices").text


def test_nobody_sees_what_another_follows(app: Site, world: World, browser: FlaskClient) -> None:
    press(browser, "/topics/sleep", what="topic:sleep")
    for name in ("editor", "administrator", "host"):
        other = browser_of(app, world, name)
        assert "Following" not in other.get("/topics/sleep").text
        assert "You follow nothing yet" in other.get(PAGE).text


def test_addresses_name_no_topic_and_are_logged_without_one_of_the_net(app: Site) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules() if "follow" in rule.endpoint]
    assert {re.sub(r"<\w+>", "", rule) for rule in rules} == {
        PAGE,
        f"{PAGE}/mail",
        API,
        f"{API}/",
    }
    assert all(rule.startswith(WITHOUT_ADDRESS) for rule in rules)


def test_follows_over_the_api(client: FlaskClient, world: World, browser: FlaskClient) -> None:
    del browser
    ids = []
    for key in ("topic:sleep", "series:nights", "topic:sleep"):
        kind, _colon, name = key.partition(":")
        made = client.post(API, json={"kind": kind, "id": name}, headers=bearer(world))
        assert (made.status_code, made.headers["Cache-Control"]) == (201, "private, no-store")
        ids.append(json.loads(made.text)["id"])
    assert ids[0] == ids[2]
    mine = listed(client, world)
    assert {(one["kind"], one["subject"]) for one in mine["items"]} == {
        ("topic", "sleep"),
        ("series", "nights"),
    }
    first = listed(client, world, "?limit=1")
    rest = listed(client, world, f"?cursor={first['next_cursor']}")
    assert [*first["items"], *rest["items"]] == mine["items"]
    assert listed(client, world, name="editor")["items"] == []
    foreign = client.delete(f"{API}/{ids[0]}", headers=bearer(world, "editor"))
    ended = [client.delete(f"{API}/{one}", headers=bearer(world)) for one in (*ids[:2], ids[0])]
    assert (foreign.status_code, [one.status_code for one in ended]) == (404, [204, 204, 404])


def listed(client: FlaskClient, world: World, query: str = "", name: str = "viewer") -> Any:  # noqa: ANN401 -- JSON
    return json.loads(client.get(API + query, headers=bearer(world, name)).text)


@pytest.mark.parametrize(
    ("body", "status"),
    [({"kind": "topic", "id": "nothing"}, 404), ({"kind": "mood", "id": "sleep"}, 422), ({}, 422)],
)
def test_api_refuses_what_is_not_there(
    client: FlaskClient, world: World, body: dict[str, str], status: int
) -> None:
    assert client.post(API, json=body, headers=bearer(world)).status_code == status


def bearer(world: World, name: str = "viewer") -> Mapping[str, str]:
    return {"Authorization": f"Bearer {world.tokens[name]}"}
