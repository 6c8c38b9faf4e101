"""The pages of hours as a browser without scripts uses them, and the API over the same services."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import AuditEntry
from catalog.rules import nearest_times
from core.clock import rfc3339, utc_now
from scheduler.enums import Part, ReservationKind
from scheduler.grid.rules import Need, Wanted
from scheduler.grid.services import reserve
from scheduler.hours.queries import hours_of
from scheduler.hours.rules.hours import Day, Hours
from scheduler.hours.rules.intervals import Interval
from scheduler.hours.services import save
from scheduler.spans import Span
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration

WEEK = "/hosting/hours"
AWAY = "/hosting/away"
API = "/api/v1/hosts/host"
SHARED = Interval(1080, 1200)


@pytest.fixture
def world(session: Session, app: object) -> World:
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    weekly = ((SHARED,), (Interval(1110, 1215),), *((),) * 5)
    save(session, person_id="host", hours=Hours("UTC", weekly=weekly), now=made.now)
    session.commit()
    return made


@pytest.fixture
def host(app: Site, world: World) -> FlaskClient:
    return browser_of(app, world, "host")


def ticks(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of the boxes of a page."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(day-\d)" value="([^"]+)" checked', page):
        found.setdefault(name, []).append(value)
    return found


def press(browser: FlaskClient, do: str = "save", **values: Any) -> TestResponse:  # noqa: ANN401 -- form values
    page = browser.get(WEEK).text
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    sent = {"version": version, "do": do, **ticks(page), **values}
    return send(browser, WEEK, WEEK, **sent)


def stored(session: Session, person: str = "host") -> Hours:
    session.expire_all()
    return hours_of(session, person_id=person)


def test_ticks_are_saved_and_parts_of_hours_stay_parts(host: FlaskClient, session: Session) -> None:
    typed: dict[str, Any] = {"day-6": ["09:00-10:00", "10:00-11:00"]}
    answer = press(host, **typed)
    assert answer.status_code == 303
    assert answer.location == "/hosting/hours?done=saved"
    assert stored(session).weekly == (
        *((SHARED,), (Interval(1110, 1215),), (), (), (), ()),
        (Interval(540, 660),),
    )
    page = host.get(answer.location).text
    assert "Hours saved. 5.75 open this week." in page
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    undo = {"csrf_token": token, "version": "2", "back": "week"}
    assert host.post("/hosting/hours/undo", data=undo).location == "/hosting/hours?done=undone"
    assert (stored(session).version, stored(session).weekly[6]) == (3, ())


def test_buttons_add_remove_copy_and_clear_without_scripts(
    host: FlaskClient, session: Session
) -> None:
    typed = {"weekday": "workdays", "start": "18:30", "end": "20:15"}
    assert press(host, "add", **typed).status_code == 303
    both = (Interval(1080, 1215),)
    evening = (Interval(1110, 1215),)
    assert stored(session).weekly == (both, evening, evening, evening, evening, (), ())
    press(host, "remove", weekday="0", start="18:00", end="19:00")
    assert stored(session).weekly[0] == (Interval(1140, 1215),)
    press(host, "copy", whole="0", to="every")
    assert stored(session).weekly == ((Interval(1140, 1215),),) * 7
    press(host, "clear", whole="3")
    assert [bool(day) for day in stored(session).weekly] == [True] * 3 + [False] + [True] * 3


def test_typed_time_that_is_none_is_told_beside_its_field_and_ticks_stay(
    host: FlaskClient, session: Session
) -> None:
    answer = press(host, "add", weekday="6", start="20:00", end="19:00", **{"day-5": "09:00-10:00"})
    assert answer.status_code == 422
    assert 'name="day-5" value="09:00-10:00" checked' in answer.text
    assert 'id="start-error"' in answer.text
    assert 'value="20:00"' in answer.text
    assert stored(session).version == 1


def test_an_older_form_is_told_and_its_ticks_stay(host: FlaskClient, session: Session) -> None:
    old = {"version": "1", "do": "save", "day-4": "09:00-10:00"}
    press(host, **{"day-2": "10:00-11:00"})
    answer = send(host, WEEK, WEEK, **old)
    assert answer.status_code == 409
    assert 'name="day-4" value="09:00-10:00" checked' in answer.text
    assert "Wednesday: 10:00 to 11:00" in answer.text
    assert stored(session).weekly[4] == ()
    version = re.findall(r'name="version" value="(\d+)"', answer.text)[0]
    assert send(host, WEEK, WEEK, **{**old, "version": version}).status_code == 303
    assert stored(session).weekly == (*((),) * 4, (Interval(540, 600),), (), ())


def test_zone_and_buffers_are_kept_and_nonsense_is_refused(
    host: FlaskClient, session: Session
) -> None:
    good = {
        "version": "1",
        "day-0": "18:00-20:00",
        "timezone": "Asia/Shanghai",
        "buffer_before": "0",
        "buffer_after": "45",
    }
    bad = {**good, "timezone": "Mars/Base", "buffer_after": "7"}
    answer = send(host, WEEK, WEEK, **bad)
    assert (answer.status_code, stored(session).version) == (422, 1)
    assert 'id="timezone-error"' in answer.text
    assert 'id="buffer_after-error"' in answer.text
    assert 'value="Mars/Base"' in answer.text
    assert send(host, WEEK, WEEK, **good).status_code == 303
    kept = stored(session)
    assert (kept.timezone, kept.buffers, kept.weekly[0]) == ("Asia/Shanghai", (0, 45), (SHARED,))


def test_days_that_differ_are_added_warned_about_and_removed(
    host: FlaskClient, session: Session, world: World
) -> None:
    start = (world.now + timedelta(days=3)).replace(hour=18, minute=0)
    end = start + timedelta(minutes=30)
    made = world.livestream(state="scheduled", starts_at=start, ends_at=end)
    day = start.date()
    wanted = Wanted(
        kind=ReservationKind.LIVESTREAM,
        subject_id=made.id,
        needs=(Need("host", Part.HOST),),
        span=Span(made.starts_at, end),
    )
    reserve(session, wanted=wanted, now=world.now)
    session.commit()
    sent = {"version": "1", "first": day.isoformat(), "kind": "away", "note": "Family"}
    sent["last"] = (day + timedelta(days=1)).isoformat()
    assert send(host, AWAY, AWAY, **sent).location == f"{AWAY}?done=added"
    away = Day((), "Family")
    assert stored(session).dated == {day: away, day + timedelta(days=1): away}
    page = host.get(AWAY).text
    assert page.count("Family") == 1
    assert f'<a href="/livestreams/{made.id}">When the 3 a.m.' in page
    gone = {"version": "2", "first": day.isoformat(), "last": day.isoformat()}
    assert send(host, f"{AWAY}/remove", AWAY, **gone).status_code == 303
    assert list(stored(session).dated) == [day + timedelta(days=1)]


def test_faults_of_a_day_stand_beside_their_fields_and_nothing_typed_is_lost(
    host: FlaskClient, session: Session
) -> None:
    today = utc_now().date()
    past = (today - timedelta(days=2)).isoformat()
    sent = {"version": "1", "first": past, "kind": "hours", "start": "20:00", "end": "19:00"}
    answer = send(host, AWAY, AWAY, **sent, note="Clinic")
    assert answer.status_code == 422
    for name in ("first", "start"):
        assert f'id="{name}-error"' in answer.text
    assert 'value="Clinic"' in answer.text
    late = {**sent, "first": "2099-01-10", "last": "2099-01-09", "start": "", "end": ""}
    answer = send(host, AWAY, AWAY, **late)
    assert 'id="last-error"' in answer.text
    assert 'id="start-error"' in answer.text
    assert stored(session).version == 1


def test_staff_write_for_a_host_without_the_notes_and_leave_a_trace(
    app: Site, world: World, session: Session
) -> None:
    hours = stored(session)
    day = utc_now().date() + timedelta(days=9)
    dated = {day: Day((), "Doctor")}
    save(session, person_id="host", hours=Hours("UTC", version=1, dated=dated), now=world.now)
    session.commit()
    editor = browser_of(app, world, "editor")
    for address in (WEEK, AWAY):
        page = editor.get(f"{address}?person=host").text
        assert "These are the hours of Dr. host." in page
        assert "Doctor" not in page
    sent = {"version": "2", "person": "host", "do": "save", "day-0": "18:00-19:00"}
    answer = send(editor, WEEK, f"{WEEK}?person=host", **sent)
    assert answer.location == "/hosting/hours?person=host&done=saved"
    assert stored(session).dated == dated
    assert stored(session).weekly[0] == (Interval(1080, 1140),)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == "host")).all()
    assert "hours.save_week" in acts
    other = browser_of(app, world, "other_host")
    assert other.get(f"{WEEK}?person=host").status_code == 403
    assert send(other, WEEK, WEEK, **sent).status_code == 403
    del hours


@pytest.mark.parametrize("address", [WEEK, AWAY])
def test_pages_are_said_in_chinese_and_kept_by_nobody(host: FlaskClient, address: str) -> None:
    answer = host.get(f"/zh{address}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "时间按" in answer.text
    assert host.get(f"{WEEK}?week=nonsense").status_code == 200
    assert host.get(f"{WEEK}?week=9999-12-31").status_code == 200


def bearer(world: World, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[name]}"}


def test_availability_is_read_and_written_whole(
    client: FlaskClient, world: World, session: Session
) -> None:
    read = client.get(f"{API}/availability", headers=bearer(world, "host")).get_json()
    assert read == {
        "timezone": "UTC",
        "buffer_before": 15,
        "buffer_after": 15,
        "weekly": [
            {"weekday": 0, "start": "18:00", "end": "20:00"},
            {"weekday": 1, "start": "18:30", "end": "20:15"},
        ],
        "dated": [],
        "version": 1,
    }
    body = {
        "timezone": "Asia/Shanghai",
        "buffer_before": 5,
        "buffer_after": 30,
        "weekly": [
            {"weekday": 6, "start": "20:00", "end": "24:00"},
            {"weekday": 6, "start": "19:00", "end": "20:00"},
        ],
        "dated": [{"date": "2099-01-05", "hours": [], "note": "Family"}],
        "version": 1,
    }
    written = client.put(f"{API}/availability", json=body, headers=bearer(world, "host"))
    merged = [{"weekday": 6, "start": "19:00", "end": "24:00"}]
    assert written.get_json() == {**body, "weekly": merged, "version": 2}
    late = client.put(f"{API}/availability", json=body, headers=bearer(world, "host"))
    assert (late.status_code, late.get_json()["code"]) == (409, "hours_changed")
    assert stored(session).dated == {date(2099, 1, 5): Day((), "Family")}
    seen = client.get(f"{API}/availability", headers=bearer(world, "editor")).get_json()
    assert seen["dated"] == [{"date": "2099-01-05", "hours": [], "note": ""}]
    client.put(
        f"{API}/availability", json={**seen, "buffer_after": 0}, headers=bearer(world, "editor")
    )
    assert stored(session).dated == {date(2099, 1, 5): Day((), "Family")}
    assert stored(session).buffers == (5, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"timezone": "Nowhere"}, "timezone"),
        ({"buffer_after": 7}, "buffer_after"),
        ({"weekly": [{"weekday": 7, "start": "18:00", "end": "19:00"}]}, "weekly.0.weekday"),
        ({"weekly": [{"weekday": 1, "start": "18:00", "end": "17:00"}]}, "weekly.0"),
        ({"weekly": [{"weekday": 1, "start": "18:01", "end": "19:00"}]}, "weekly.0.start"),
        ({"dated": [{"date": "2099-01-05"}, {"date": "2099-01-05"}]}, "dated"),
    ],
)
def test_availability_that_is_none_names_its_field(
    client: FlaskClient, world: World, change: dict[str, Any], field: str
) -> None:
    body = {"timezone": "UTC", "version": 1, **change}
    answer = client.put(f"{API}/availability", json=body, headers=bearer(world, "host"))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.get_json()["errors"]] == [field]


def test_open_times_leave_out_what_is_taken(
    client: FlaskClient, world: World, session: Session
) -> None:
    monday = world.now + timedelta(days=14 - world.now.weekday())
    evening = monday.replace(hour=18, minute=0)
    wanted = Wanted(
        kind=ReservationKind.LIVESTREAM,
        subject_id="one",
        needs=(Need("host", Part.HOST),),
        span=Span(evening, evening + timedelta(minutes=30)),
    )
    reserve(session, wanted=wanted, now=world.now)
    session.commit()

    def ask(**query: str | int) -> TestResponse:
        return client.get(f"{API}/open-times", query_string=query, headers=bearer(world, "host"))

    def at(moment: datetime) -> str:
        return rfc3339(moment)

    start, end = at(evening.replace(hour=0)), at(evening.replace(hour=0) + timedelta(days=1))
    free = {
        "starts_at": at(evening + timedelta(minutes=60)),
        "ends_at": at(evening + timedelta(hours=2)),
    }
    query: dict[str, str | int] = {"from": start, "to": end, "minutes": 45}
    assert ask(**query).get_json() == {"items": [free], "next_cursor": None}
    assert ask(**{**query, "minutes": 65}).get_json()["items"] == []
    assert len(ask().get_json()["items"]) in {7, 8, 9}
    for wrong in ({"to": start, "from": end}, {"to": at(evening + timedelta(weeks=20))}):
        answer = ask(**wrong)
        assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "to")
    others = client.get(f"{API}/open-times", headers=bearer(world, "other_host"))
    assert others.status_code == 403
    nobody = client.get("/api/v1/hosts/nobody/open-times", headers=bearer(world, "editor"))
    assert nobody.status_code == 404
