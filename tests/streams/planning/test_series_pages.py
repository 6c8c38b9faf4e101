import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.models import Host, Livestream
from scheduler.models import Occurrence
from streams.life import services as life
from tests.fakes.hosting import browser_of
from tests.fakes.programme import World
from tests.streams.planning.test_series_services import confirm, members, plan, take
from web.site import Site

pytestmark = pytest.mark.integration

NEW = "/hosting/series/new"
VALUES = {
    "title_en": "Sleep well",
    "topics": "sleep",
    "language": "en",
    "scope": "education",
    "numbered": "y",
    "frequency": "weekly",
    "every": "1",
    "nth": "1",
    "date": "2026-03-17",
    "time": "20:00",
    "minutes": "60",
    "times": "3",
    "timezone": "Europe/Berlin",
}


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    for host in session.scalars(select(Host)):
        host.verified_until = now + timedelta(days=900)
    return made


@pytest.fixture
def host(app: Site, world: World) -> FlaskClient:
    return browser_of(app, world, "host")


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Any:  # noqa: ANN401 -- a fixture that yields
    with time_machine.travel(now, tick=False):
        yield


def post(browser: FlaskClient, address: str, **values: Any) -> TestResponse:  # noqa: ANN401 -- form values
    page = browser.get(NEW)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[-1]
    return browser.post(address, data={"csrf_token": token, **values})


def first_id(session: Session) -> str:
    ids = select(Occurrence.livestream_id).order_by(Occurrence.original_local_start)
    return session.scalars(ids).all()[0]


def test_a_series_is_looked_at_then_proposed(host: FlaskClient, session: Session) -> None:
    looked = post(host, NEW, **VALUES, intent="check")
    assert (looked.status_code, "All 3 dates are free." in looked.text) == (200, True)
    assert session.scalars(select(Livestream)).all() == []
    made = post(host, NEW, **VALUES, intent="confirm")
    assert (made.status_code, [row[:3] for row in members(session)]) == (
        303,
        [
            ("1: Sleep well", "proposed", "2026-03-17T20:00:00"),
            ("2: Sleep well", "proposed", "2026-03-24T20:00:00"),
            ("3: Sleep well", "proposed", "2026-03-31T20:00:00"),
        ],
    )
    dates = host.get(made.headers["Location"])
    assert dates.text.count("/desk") == 3


def test_a_taken_date_refuses_all_and_nothing_typed_is_lost(
    host: FlaskClient, world: World, session: Session
) -> None:
    take(world, datetime(2026, 3, 24, 19, 30, tzinfo=UTC))
    refused = post(host, NEW, **VALUES, intent="confirm")
    assert refused.status_code == 409
    assert "Nothing was changed." in refused.text
    assert 'value="Sleep well"' in refused.text
    assert "When the 3 a.m. thoughts arrive" in refused.text
    assert members(session) == []
    offered = re.search(r'name="at-2026-03-24T20:00">.*?</select>', refused.text, re.DOTALL)
    assert offered is not None
    assert re.findall(r'<option value="(.*?)"', offered[0])[1:] == [
        "2026-03-24T18:00:00Z",
        "2026-03-24T17:45:00Z",
        "2026-03-24T17:30:00Z",
    ]


def test_a_date_is_taken_out_and_another_is_moved(host: FlaskClient, session: Session) -> None:
    keys = ["2026-03-17T20:00", "2026-03-24T20:00", "2026-03-31T20:00"]
    chosen = {
        "seen": keys,
        "keep": keys[1:],
        f"at-{keys[1]}": "2026-03-24T17:00:00Z",
        "intent": "confirm",
    }
    assert post(host, NEW, **VALUES, **chosen).status_code == 303
    assert [row[:3] for row in members(session)] == [
        ("1: Sleep well", "proposed", "2026-03-24T18:00:00"),
        ("2: Sleep well", "proposed", "2026-03-31T20:00:00"),
    ]


def test_a_host_without_a_valid_licence_is_told_on_the_form(
    app: Site, world: World, session: Session
) -> None:
    session.get_one(Host, "host").verified_until = world.now
    editor = browser_of(app, world, "editor")
    refused = post(editor, NEW, **{**VALUES, "host": "host", "intent": "confirm"})
    assert refused.status_code == 403
    assert "licence is not verified at present" in refused.text
    assert 'value="Sleep well"' in refused.text
    assert members(session) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"date": "soon"}, "date"),
        ({"time": "20:03"}, "time"),
        ({"every": "13"}, "every"),
        ({"times": "0"}, "times"),
        ({"minutes": "7"}, "minutes"),
        ({"timezone": "Berlin"}, "timezone"),
        ({"frequency": "daily"}, "frequency"),
        ({"frequency": "monthly", "nth": "5"}, "nth"),
        ({"title_en": ""}, "title_en"),
        ({"topics": ""}, "topics"),
    ],
)
def test_a_fault_stands_beside_its_field(
    host: FlaskClient, wrong: dict[str, str], field: str
) -> None:
    page = post(host, NEW, **{**VALUES, **wrong})
    links = re.findall(r'<li><a href="#(\w+)">', page.text)
    assert (page.status_code, links) == (422, [field])


def test_a_change_of_all_is_seen_before_it_is_saved(
    host: FlaskClient, world: World, session: Session
) -> None:
    confirm(world, plan(times=2), "editor")
    address = f"/livestreams/{first_id(session)}/series"
    values = {
        "reach": "all",
        "weekday": "2",
        "time": "19:00",
        "minutes": "60",
        "title_en": "Sleep well",
        "title_zh": "睡个好觉",
    }
    before = members(session)
    seen = post(host, address, **values, intent="check")
    assert (seen.status_code, "Change these 2 livestreams" in seen.text) == (200, True)
    assert members(session) == before
    assert post(host, address, **values, intent="confirm").status_code == 303
    session.expire_all()
    assert [row[2] for row in members(session)] == ["2026-03-18T19:00:00", "2026-03-25T19:00:00"]


def test_the_following_are_called_off_from_the_page(
    host: FlaskClient, world: World, session: Session
) -> None:
    confirm(world, plan(times=3), "editor")
    ids = select(Occurrence.livestream_id).order_by(Occurrence.original_local_start)
    second = session.scalars(ids).all()[1]
    done = post(host, f"/livestreams/{second}/series/cancel", reach="following")
    session.expire_all()
    assert (done.status_code, [row[1] for row in members(session)]) == (
        303,
        ["scheduled", "cancelled", "cancelled"],
    )


def test_what_went_to_another_host_is_not_shown(
    host: FlaskClient, world: World, session: Session
) -> None:
    series = confirm(world, plan(times=3), "editor")
    session.get_one(Livestream, first_id(session)).host_id = "otherhost"
    session.flush()
    page = host.get(f"/hosting/series/{series.id}").text
    assert ("1: Sleep well" in page, "2: Sleep well" in page) == (False, True)


def test_the_desk_leads_to_its_series_and_another_time(
    host: FlaskClient, world: World, session: Session
) -> None:
    confirm(world, plan(times=3), "editor")
    page = host.get(f"/livestreams/{first_id(session)}/desk").text
    assert "This is number 1 of 3." in page
    assert f"/livestreams/{first_id(session)}/series" in page
    assert f"/livestreams/{first_id(session)}/reschedule" in page


def scheduled(world: World, start: datetime) -> Livestream:
    made = world.livestream(starts_at=start, ends_at=start + timedelta(hours=1))
    return life.schedule(world.session, livestream=made, now=world.now)


def when(day: str, clock: str, zone: str = "UTC") -> dict[str, str]:
    return {"date": day, "time": clock, "timezone": zone, "minutes": "60"}


def test_a_livestream_is_moved_into_free_time(host: FlaskClient, world: World) -> None:
    made = scheduled(world, world.now + timedelta(days=3))
    moved = post(host, f"/livestreams/{made.id}/reschedule", **when("2026-03-20", "09:30"))
    world.session.expire_all()
    assert (moved.status_code, made.starts_at) == (303, datetime(2026, 3, 20, 9, 30, tzinfo=UTC))


def test_taken_time_is_answered_with_three_buttons_and_one_of_them_moves_it(
    host: FlaskClient, world: World
) -> None:
    take(world, datetime(2026, 3, 20, 9, 30, tzinfo=UTC))
    made = scheduled(world, world.now + timedelta(days=3))
    address = f"/livestreams/{made.id}/reschedule"
    taken = post(host, address, **when("2026-03-20", "09:30"))
    choices = re.findall(r'name="choice" value="(.*?)"', taken.text)
    assert (taken.status_code, len(choices), 'value="2026-03-20"' in taken.text) == (409, 3, True)
    world.session.expire_all()
    assert made.starts_at == world.now + timedelta(days=3)
    moved = post(host, address, **when("2026-03-20", "09:30"), choice=choices[0])
    world.session.expire_all()
    assert (moved.status_code, made.starts_at) == (303, datetime.fromisoformat(choices[0]))


def test_looking_at_another_time_moves_nothing(host: FlaskClient, world: World) -> None:
    made = scheduled(world, world.now + timedelta(days=3))
    looked = post(
        host, f"/livestreams/{made.id}/reschedule", **when("2026-03-20", "09:30"), intent="check"
    )
    world.session.expire_all()
    assert (looked.status_code, "This time is free." in looked.text, made.starts_at) == (
        200,
        True,
        world.now + timedelta(days=3),
    )


@pytest.mark.parametrize(
    ("day", "clock", "field"),
    [("2026-03-29", "02:30", "time"), ("2026-10-25", "02:30", "fold"), ("2026-03-01", "12:00", "")],
)
def test_what_the_clocks_do_not_show_once_is_refused_beside_its_field(
    host: FlaskClient, world: World, day: str, clock: str, field: str
) -> None:
    made = scheduled(world, world.now + timedelta(days=3))
    page = post(host, f"/livestreams/{made.id}/reschedule", **when(day, clock, "Europe/Berlin"))
    assert page.status_code == 422
    assert f'href="#{field}' in page.text


def test_a_host_comes_too_late_a_day_before_and_an_editor_does_not(
    app: Site, host: FlaskClient, world: World
) -> None:
    made = scheduled(world, world.now + timedelta(hours=23))
    address = f"/livestreams/{made.id}/reschedule"
    editor = browser_of(app, world, "editor")
    assert (host.get(address).status_code, editor.get(address).status_code) == (403, 200)
    assert address not in host.get(f"/livestreams/{made.id}/desk").text
    assert address in editor.get(f"/livestreams/{made.id}/desk").text


def test_who_comes_too_late_reads_why_and_what_else_can_be_done(
    host: FlaskClient, world: World
) -> None:
    livestream = scheduled(world, world.now + timedelta(hours=3))
    begun = world.livestream(state="live")
    world.session.commit()
    late = host.get(f"/livestreams/{livestream.id}/reschedule")
    assert late.status_code == 403
    assert "It starts within 24 hours, so only an editor can still move it." in late.text
    assert f'href="/livestreams/{livestream.id}/withdraw"' in late.text
    over = host.get(f"/livestreams/{begun.id}/reschedule")
    assert (over.status_code, "It has begun or is over" in over.text) == (409, True)
