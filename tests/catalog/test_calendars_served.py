"""Calendars as a stranger's program fetches them: what they hold, what they never hold, and 304."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import icalendar
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.access import livestream_for
from catalog.feeds.queries import list_events
from catalog.schedule.rules import Selection
from catalog.services import edit_livestream
from streams.life import services as life
from tests.conftest import NOW
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

TEN_DAYS = timedelta(days=10)
PUBLIC_CALENDARS = ("/calendar/schedule.ics", "/calendar/topics/sleep.ics")


@pytest.fixture
def world(session: Session) -> World:
    return World(session, NOW).build()


@pytest.fixture(autouse=True)
def _at_the_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        if str(arguments[2]).startswith("SELECT"):
            statements.append(str(arguments[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def sign_in(client: FlaskClient, world: World, name: str) -> None:
    user = world.session.get_one(User, world.actors[name].user_id)
    with client.session_transaction() as login:
        login["_user_id"] = user.fs_uniquifier
        login["_fresh"] = True


def events(client: FlaskClient, address: str) -> dict[str, icalendar.Component]:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    read = icalendar.Calendar.from_ical(answer.data)
    return {str(one["uid"]).partition("@")[0]: one for one in read.walk("VEVENT")}


def test_a_calendar_tells_when_and_where_but_not_what(client: FlaskClient, world: World) -> None:
    one = world.livestream(state="scheduled")
    world.session.commit()
    for address, summary, page in (
        ("/calendar/topics/sleep.ics", "Mindcast livestream", "/livestreams/"),
        ("/zh/calendar/topics/sleep.ics", "Mindcast 直播", "/zh/livestreams/"),
    ):
        found = events(client, address)[one.id]
        assert found.decoded("dtstart") == one.starts_at
        assert found["dtstart"].params["TZID"] == "Asia/Shanghai"
        assert str(found["summary"]) == summary
        assert str(found["url"]) == f"http://localhost{page}{one.id}"
        assert str(found["uid"]) == f"{one.id}@mindcast"
        body = client.get(address).text
        assert not any(word in body for word in (*one.titles.values(), "Sleep", "host"[:3] + " "))


def test_a_premiere_says_that_it_was_recorded_earlier(client: FlaskClient, world: World) -> None:
    shown = world.livestream(state="scheduled", premiere=True)
    world.livestream(
        state="scheduled", starts_at=NOW + TEN_DAYS, ends_at=NOW + TEN_DAYS + timedelta(hours=1)
    )
    world.session.commit()
    said = "Recorded earlier, questions live. Open the page to watch"
    for address in (*PUBLIC_CALENDARS, f"/livestreams/{shown.id}.ics"):
        entries = icalendar.Calendar.from_ical(client.get(address).data).walk("VEVENT")
        told = {
            str(entry["UID"]).split("@")[0]
            for entry in entries
            if said in str(entry["DESCRIPTION"])
        }
        assert told == {shown.id}
    chinese = client.get(f"/zh/livestreams/{shown.id}.ics").data.decode()
    assert "已提前录制，提问为实时。" in chinese.replace("\r\n ", "")  # noqa: RUF001 -- Chinese


def test_titles_stand_there_when_they_were_asked_for(client: FlaskClient, world: World) -> None:
    one = world.livestream(state="scheduled")
    world.session.commit()
    for address in (
        "/calendar/schedule.ics?titles=full",
        f"/livestreams/{one.id}.ics?titles=full",
    ):
        assert str(events(client, address)[one.id]["summary"]) == one.titles["en"]
        assert str(events(client, f"/zh{address}")[one.id]["summary"]) == one.titles["zh-Hans"]


@pytest.mark.parametrize("name", ["host", "employee_a", "editor", "administrator"])
def test_a_public_calendar_is_the_same_whoever_asks(
    client: FlaskClient, world: World, name: str
) -> None:
    public, private, draft = (
        world.livestream(state="scheduled"),
        world.private(),
        world.livestream(),
    )
    world.session.commit()
    stranger = [client.get(address).data for address in PUBLIC_CALENDARS]
    sign_in(client, world, name)
    # this person does know of the private one: the leak is possible
    livestream_for(world.session, livestream_id=private.id, actor=world.actors[name])
    assert client.get(f"/livestreams/{private.id}.ics").status_code == 200
    for address, before in zip(PUBLIC_CALENDARS, stranger, strict=True):
        answer = client.get(address)
        assert answer.data == before
        assert set(events(client, address)) == {public.id}
        assert private.id not in answer.text
        assert draft.id not in answer.text


def test_a_private_livestream_as_a_file_is_for_who_may_know(
    client: FlaskClient, world: World
) -> None:
    private = world.private()
    world.session.commit()
    address = f"/livestreams/{private.id}.ics"
    assert client.get(address).status_code == 404
    sign_in(client, world, "employee_b")
    assert client.get(address).status_code == 404
    sign_in(client, world, "employee_a")
    assert set(events(client, address)) == {private.id}
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    sign_in(client, world, "employee_b")
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(address, headers=known).status_code == 404


def test_filters_are_those_of_the_schedule(client: FlaskClient, world: World) -> None:
    sleep = world.livestream(state="scheduled")
    mandarin = world.livestream(state="scheduled", topics=("anxiety",), language="zh-Hans")
    world.session.commit()
    assert set(events(client, "/calendar/schedule.ics")) == {sleep.id, mandarin.id}
    assert set(events(client, "/calendar/schedule.ics?language=zh-Hans")) == {mandarin.id}
    assert set(events(client, "/calendar/topics/sleep.ics")) == {sleep.id}
    assert client.get("/calendar/topics/none.ics").status_code == 404


def test_create_move_cancel_as_a_subscriber_sees_it(client: FlaskClient, world: World) -> None:
    one = world.livestream(state="scheduled", timezone="Europe/Berlin")
    one.announced_at = NOW
    seen = []
    for minutes, change in enumerate(("", "move", "move", "move", "words", "cancel")):
        at = NOW + timedelta(minutes=minutes)
        if change == "move":  # over the change of the clock
            times = {name: getattr(one, name) + TEN_DAYS for name in ("starts_at", "ends_at")}
            edit_livestream(
                world.session, actor=world.actors["editor"], livestream=one, changes=times, now=at
            )
        if change == "words":
            edit_livestream(
                world.session,
                actor=world.actors["editor"],
                livestream=one,
                changes={"titles": {"en": "Another title"}},
                now=at,
            )
        if change == "cancel":
            life.cancel(world.session, livestream=one, now=at)
        world.session.commit()
        world.session.refresh(one)
        found = events(client, "/calendar/schedule.ics")
        assert list(found) == [one.id]
        entry = found[one.id]
        assert entry.decoded("dtstart") == one.starts_at
        assert entry.decoded("last-modified") == one.updated_at
        seen.append((str(entry["uid"]), entry.decoded("sequence"), str(entry["status"])))
    first = seen[0][1]
    told = [(f"{one.id}@mindcast", first + moved, "CONFIRMED") for moved in (0, 1, 2, 3, 3)]
    assert seen == [*told, (f"{one.id}@mindcast", first + 4, "CANCELLED")]


def test_what_was_cancelled_stays_for_30_days(world: World) -> None:
    one = world.livestream(state="cancelled")
    one.announced_at = NOW
    world.session.flush()
    last = one.ends_at + timedelta(days=30)

    def held(now: datetime) -> list[str]:
        found = list_events(
            world.session, selection=Selection(), language="en", with_titles=False, now=now
        )
        return [entry.id for entry in found]

    assert held(last) == [one.id]
    assert held(last + timedelta(minutes=5)) == []


@pytest.mark.parametrize("address", PUBLIC_CALENDARS)
def test_nothing_is_read_for_who_has_it_already(
    client: FlaskClient, world: World, address: str
) -> None:
    world.livestream(state="scheduled")
    world.session.commit()
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    with counting(world.session) as statements:
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert not any("starts_at" in statement for statement in statements)
    assert len(statements) == (1 if "schedule" in address else 2)
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(address, headers=since).status_code == 304


def test_a_change_is_told_to_who_has_an_older_calendar(client: FlaskClient, world: World) -> None:
    one = world.livestream(state="scheduled")
    world.session.commit()
    address = "/calendar/schedule.ics"
    old = {"If-None-Match": client.get(address).headers["ETag"]}
    one.updated_at = NOW + timedelta(microseconds=1)
    world.session.commit()
    assert client.get(address, headers=old).status_code == 200
    other = client.get(f"{address}?titles=full", headers=old)
    chinese = client.get(f"/zh{address}", headers=old)
    assert (other.status_code, chinese.status_code) == (200, 200)


def test_an_entry_that_leaves_by_time_alone_is_told_within_the_hour(
    client: FlaskClient, world: World
) -> None:
    one = world.livestream(state="scheduled")
    world.session.commit()
    old = {"If-None-Match": client.get("/calendar/schedule.ics").headers["ETag"]}
    with time_machine.travel(one.ends_at + timedelta(days=31), tick=False):
        answer = client.get("/calendar/schedule.ics", headers=old)
    assert answer.status_code == 200
    assert one.id not in answer.text


def test_an_empty_calendar_can_be_read(client: FlaskClient, world: World) -> None:
    del world
    assert events(client, "/calendar/schedule.ics") == {}


def test_what_comes_first_is_kept_when_a_calendar_is_too_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.feeds.queries.MOST_EVENTS", 2)
    made = []
    for days in (-3, 5, 2):
        one = world.livestream(state="scheduled")
        one.starts_at += timedelta(days=days)
        one.ends_at += timedelta(days=days)
        made.append(one)
    world.session.flush()
    found = list_events(
        world.session, selection=Selection(), language="en", with_titles=False, now=NOW
    )
    assert [one.id for one in found] == [made[2].id, made[1].id]


def test_query_counts_are_the_same_for_one_and_three_livestreams(
    client: FlaskClient, world: World
) -> None:
    counts = []
    for _ in range(2):
        world.livestream(state="scheduled")
        world.session.commit()
        with counting(world.session) as statements:
            found = events(client, "/calendar/schedule.ics")
        counts.append((len(found), len(statements)))
        world.livestream(state="live")
    assert counts == [(1, 2), (3, 2)]
