"""The editors' pages of slots: offered weekly by the clock on the wall, changed, withdrawn."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from catalog.rules import nearest_times
from core.clock import utc_now
from scheduler.models import Slot
from scheduler.slots import services as slots
from scheduler.slots.queries import teacher_of
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from tests.fakes.slots import offered
from web.site import Site

pytestmark = pytest.mark.integration

PAGE = "/administration/slots"
FORM: dict[str, Any] = {
    "topics": ["sleep"],
    "language": "en",
    "scope": "education",
    "date": "2099-03-22",
    "time": "20:00",
    "timezone": "Europe/Berlin",
    "minutes": "45",
    "weeks": "1",
}


@pytest.fixture
def world(session: Session, app: Site) -> World:
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def offer(app: Site, world: World, **changes: object) -> Any:  # noqa: ANN401 -- a response
    editor = browser_of(app, world, "editor")
    return send(editor, f"{PAGE}/new", f"{PAGE}/new", **{**FORM, **changes})


def starts(world: World) -> list[tuple[datetime, str, int]]:
    rows = select(Slot.starts_at, Slot.local_start, Slot.local_fold).order_by(Slot.starts_at)
    return [(row[0], row[1], row[2]) for row in world.session.execute(rows)]


def test_weekly_slots_keep_the_clock_on_the_wall_when_it_changes(app: Site, world: World) -> None:
    answer = offer(app, world, weeks="3")  # clocks go forward on 29 March 2099
    assert answer.status_code == 303
    assert starts(world) == [
        (datetime(2099, 3, 22, 19, 0, tzinfo=UTC), "2099-03-22T20:00:00", 0),
        (datetime(2099, 3, 29, 18, 0, tzinfo=UTC), "2099-03-29T20:00:00", 0),
        (datetime(2099, 4, 5, 18, 0, tzinfo=UTC), "2099-04-05T20:00:00", 0),
    ]
    acts = world.session.scalars(select(AuditEntry.act)).all()
    assert acts == ["slot.offer"] * 3


def test_a_skipped_time_in_a_later_week_names_its_day_and_makes_nothing(
    app: Site, world: World
) -> None:
    answer = offer(app, world, time="02:30", weeks="3")
    assert answer.status_code == 422
    assert (
        "On 2099-03-29 the clocks go forward and skip this time. "
        "The nearest are 01:55 and 03:00." in answer.text
    )
    assert starts(world) == []


def test_a_repeated_hour_is_asked_about_and_stored_as_chosen(app: Site, world: World) -> None:
    asked = offer(app, world, date="2099-10-25", time="02:30")
    assert (asked.status_code, "Which of the two" in asked.text) == (422, True)
    assert offer(app, world, date="2099-10-25", time="02:30", fold="1").status_code == 303
    assert starts(world) == [(datetime(2099, 10, 25, 1, 30, tzinfo=UTC), "2099-10-25T02:30:00", 1)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date": "soon"}, "date"),
        ({"time": "late"}, "time"),
        ({"time": "20:03"}, "time"),
        ({"minutes": "42"}, "minutes"),
        ({"minutes": "many"}, "minutes"),
        ({"weeks": "27"}, "weeks"),
        ({"weeks": "0"}, "weeks"),
        ({"timezone": "Mars"}, "timezone"),
        ({"topics": []}, "topics"),
        ({"date": "2001-01-01"}, "time"),
    ],
)
def test_faults_stand_beside_their_fields(
    app: Site, world: World, changes: dict[str, object], field: str
) -> None:
    answer = offer(app, world, **changes)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert starts(world) == []


def test_an_open_slot_is_changed(app: Site, world: World) -> None:
    slot = offered(world)
    world.session.commit()
    page = f"{PAGE}/{slot.id}/edit"
    editor = browser_of(app, world, "editor")
    assert 'value="Sleeping again"' in editor.get(page).text
    assert send(editor, page, page, **FORM, title_zh="重新入睡").status_code == 303
    world.session.expire_all()
    assert (slot.starts_at, slot.timezone, slot.titles) == (
        datetime(2099, 3, 22, 19, 0, tzinfo=UTC),
        "Europe/Berlin",
        {"zh-Hans": "重新入睡"},
    )


def test_a_withdrawn_slot_is_offered_again(app: Site, world: World) -> None:
    slot = offered(world)
    world.session.commit()
    editor = browser_of(app, world, "editor")
    answer = send(editor, f"{PAGE}/{slot.id}/withdraw", f"{PAGE}/new")
    assert answer.status_code == 303
    told = editor.get(answer.location).text
    assert "Withdrawn. Hosts do not see it any more." in told
    assert browser_of(app, world, "host").get(f"/hosting/slots/{slot.id}/claim").status_code == 409
    assert send(editor, f"{PAGE}/{slot.id}/offer", f"{PAGE}/new").status_code == 303
    world.session.expire_all()
    assert slot.state == "open"


def test_a_slot_whose_form_is_open_is_neither_changed_nor_withdrawn(
    app: Site, world: World
) -> None:
    slot = offered(world)
    teacher = teacher_of(world.session, host_id="host")
    assert teacher is not None
    slots.hold_slot(world.session, slot=slot, teacher=teacher, now=utc_now())
    world.session.commit()
    editor = browser_of(app, world, "editor")
    page = f"{PAGE}/{slot.id}/edit"
    refused = [
        send(editor, page, page, **FORM).status_code,
        send(editor, f"{PAGE}/{slot.id}/withdraw", f"{PAGE}/new").status_code,
    ]
    world.session.expire_all()
    assert (refused, slot.state, slot.titles) == ([409, 409], "open", {"en": "Sleeping again"})


def test_list_shows_one_week_and_narrows_it(app: Site, world: World) -> None:
    monday = datetime(2099, 3, 23, 12, 0, tzinfo=UTC)
    for day, words in ((0, "Early in it"), (6, "Late in it"), (7, "The week after")):
        start = monday + timedelta(days=day)
        topic = "anxiety" if day == 6 else "sleep"
        ends_at = start + timedelta(minutes=45)
        offered(world, starts_at=start, ends_at=ends_at, titles={"en": words}, topics=(topic,))
    world.session.commit()
    editor = browser_of(app, world, "editor")

    def shown(query: str) -> list[str]:
        text = editor.get(f"{PAGE}?week=2099-03-25{query}").text
        return [words for words in ("Early in it", "Late in it", "The week after") if words in text]

    assert shown("") == ["Early in it", "Late in it"]
    assert shown("&topic=anxiety") == ["Late in it"]
    assert (shown("&state=claimed"), shown("&language=zh-Hans")) == ([], [])
