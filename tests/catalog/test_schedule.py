"""The page of the schedule: what it shows to whom, and how it narrows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.rules import STRANGER
from catalog.models import Host, Livestream, LivestreamAudience
from catalog.schedule import queries as schedule_queries
from catalog.schedule.enums import Span
from catalog.schedule.queries import programme_of
from catalog.schedule.rules import Period, Selection
from media.models import TextTrack
from tests.conftest import NOW
from tests.fakes.programme import World
from web import assets

pytestmark = pytest.mark.integration

WEEK = Period(Span.WEEK, NOW.date(), ZoneInfo("UTC"))


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


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
        statements.append(str(arguments[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def signed_in(client: FlaskClient, world: World, name: str) -> FlaskClient:
    user = world.session.get_one(User, world.actors[name].user_id)
    with client.session_transaction() as login:
        login["_user_id"] = user.fs_uniquifier
        login["_fresh"] = True
    return client


def shown(page: str) -> list[str]:
    return re.findall(r'<li class="talk [^>]*>.*?href="[^"]*/livestreams/([^"]+)"', page)


def test_talks_stand_under_their_day_in_the_readers_zone(client: FlaskClient, world: World) -> None:
    late = world.livestream(state="scheduled")  # 19:00 UTC
    client.set_cookie("zone", "Asia/Shanghai")
    page = client.get("/schedule").text
    assert shown(page) == [late.id]
    day = page.index('id="d2026-03-11"')  # 03:00 on the next day
    assert day < page.index(late.id) < page.index('id="d2026-03-12"')
    assert '<time datetime="2026-03-11T03:00:00+08:00">03:00</time>' in page
    assert page.count("Shanghai (UTC+8)") == 1


def test_a_row_says_who_about_what_in_which_language_and_state(
    client: FlaskClient, world: World
) -> None:
    replay = world.livestream(
        state="published",
        topics=("anxiety", "sleep"),
        language="zh-Hans",
        titles={"zh-Hans": "凌晨 <三点>"},
    )
    world.session.add(
        TextTrack(
            broadcast_id=replay.broadcast_id,
            kind="captions",
            language="zh-Hans",
            source="human",
            object_key="k",
            size=1,
            sha256="0",
            created_at=NOW,
        )
    )
    world.session.commit()
    page = client.get("/schedule").text
    assert '<h3 class="talk__title" lang="zh-Hans">' in page
    assert "凌晨 &lt;三点&gt;</a>" in page
    words = re.sub(r"<[^>]+>", " ", page[page.index("<ol") : page.index("</ol>")]).split()
    assert " ".join(words) == (
        "Now, 18:00 19:00 60 min 凌晨 &lt;三点&gt; "
        "Dr. host Anxiety, Sleep Mandarin captions in 中文 Replay"
    )


@pytest.mark.parametrize(
    ("state", "badge"),
    [
        ("live", "Live now"),
        ("published", "Replay"),
        ("cancelled", "Cancelled"),
        ("ended", "Ended"),
        ("missed", "Did not take place"),
    ],
)
def test_states_are_named(client: FlaskClient, world: World, state: str, badge: str) -> None:
    world.livestream(state=state).announced_at = NOW
    world.session.commit()
    page = client.get("/schedule").text
    assert badge in re.sub(r"<[^>]+>", " ", page[page.index("<ol") : page.index("</ol>")])


def test_what_was_never_announced_is_shown_to_nobody(client: FlaskClient, world: World) -> None:
    for state in ("draft", "proposed", "cancelled"):
        world.livestream(state=state)
    world.session.commit()
    assert shown(client.get("/schedule").text) == []
    assert shown(signed_in(client, world, "editor").get("/schedule").text) == []


def test_a_private_livestream_is_shown_to_its_company_alone(
    client: FlaskClient, world: World
) -> None:
    private = world.private()
    world.session.commit()
    assert shown(client.get("/schedule").text) == []
    assert shown(signed_in(client, world, "employee_b").get("/schedule").text) == []
    mine = signed_in(client, world, "employee_a").get("/schedule")
    assert shown(mine.text) == [private.id]
    assert "For your organisation" in mine.text
    assert "private" in mine.headers["Cache-Control"]
    with client.session_transaction() as login:
        login.clear()
    assert shown(client.get("/schedule").text) == []


def _varied(world: World) -> dict[str, Livestream]:
    made = {
        "sleep": world.livestream(state="scheduled"),
        "anxiety": world.livestream(state="live", topics=("anxiety",)),
        "mandarin": world.livestream(state="scheduled", language="zh-Hans"),
        "other_host": world.livestream(state="scheduled", host_id="otherhost"),
        "frontline": world.livestream(state="scheduled"),
    }
    frontline = LivestreamAudience(livestream_id=made["frontline"].id, audience="frontline")
    world.session.add(frontline)
    world.session.commit()
    return made


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("topic=anxiety", "anxiety"),
        ("language=zh-Hans", "mandarin"),
        ("host=otherhost", "other_host"),
        ("audience=frontline", "frontline"),
        ("state=live", "anxiety"),
    ],
)
def test_each_filter_narrows_and_can_be_removed(
    client: FlaskClient, world: World, query: str, name: str
) -> None:
    made = _varied(world)
    page = client.get(f"/schedule?date=2026-03-10&{query}").text
    assert shown(page) == [made[name].id]
    assert 'href="/schedule?view=week&amp;date=2026-03-10">Remove' in page
    assert f'href="/calendar/schedule.ics?{query}"' in page
    assert len(shown(client.get("/schedule").text)) == len(made)


def test_when_nothing_matches_each_filter_can_be_removed(client: FlaskClient, world: World) -> None:
    world.livestream(state="scheduled")
    world.session.commit()
    page = client.get("/schedule?topic=anxiety&language=en&date=2026-03-10").text
    assert "Nothing matches on these days" in page
    assert 'href="/schedule?view=week&amp;date=2026-03-10&amp;language=en">Remove “Anxiety”' in page
    assert 'href="/schedule?view=week&amp;date=2026-03-10">Remove all filters' in page


def test_the_form_needs_no_script_and_keeps_the_days(client: FlaskClient, world: World) -> None:
    del world
    page = client.get("/zh/schedule?view=day&date=2026-03-12").text
    form = page[page.index('<form class="narrowing__form"') :]
    form = form[: form.index("</form>")]
    assert 'method="get" action="/zh/schedule"' in form
    assert 'name="view" value="day"' in form
    assert 'name="date" value="2026-03-12"' in form
    assert re.findall(r'<select [^>]*name="([a-z]+)"', form) == [
        "topic",
        "language",
        "audience",
        "host",
        "state",
    ]


def test_days_before_and_after_are_one_link_away(client: FlaskClient, world: World) -> None:
    del world
    week = client.get("/schedule?topic=sleep").text
    assert 'rel="prev" href="/schedule?view=week&amp;date=2026-03-03&amp;topic=sleep"' in week
    assert 'rel="next" href="/schedule?view=week&amp;date=2026-03-17&amp;topic=sleep"' in week
    day = client.get("/schedule?view=day&date=2026-05-01").text
    assert 'rel="next" href="/schedule?view=day&amp;date=2026-05-02"' in day
    assert 'href="/schedule?view=day&amp;date=2026-03-10"' in day
    assert "Friday 1 May 2026" in day


def test_now_stands_between_what_was_and_what_comes(client: FlaskClient, world: World) -> None:
    before = NOW - timedelta(hours=1)
    past = world.livestream(state="published", starts_at=before, ends_at=NOW)
    comes = world.livestream(state="scheduled")
    world.session.commit()
    page = client.get("/schedule").text
    assert page.index(past.id) < page.index('id="now"') < page.index(comes.id)
    assert "Now, 18:00" in page
    assert 'id="now"' not in client.get("/schedule?date=2026-03-01").text


def test_a_page_that_is_too_long_says_so(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule_queries._chosen.cache_clear()  # noqa: SLF001 -- its limit is part of what it keeps
    monkeypatch.setattr(schedule_queries, "MOST", 2)
    for _ in range(3):
        world.livestream(state="scheduled")
    world.session.commit()
    page = client.get("/schedule").text
    schedule_queries._chosen.cache_clear()  # noqa: SLF001
    assert len(shown(page)) == 2
    assert "These are the first 1000 talks." in page


def test_query_counts_are_the_same_for_one_and_three_livestreams(world: World) -> None:
    counts = []
    for _ in range(2):
        world.livestream(state="scheduled", topics=("sleep", "anxiety"))
        with counting(world.session) as statements:
            found = programme_of(
                world.session,
                actor=STRANGER,
                selection=Selection(),
                period=WEEK,
                language="en",
                now=NOW,
            )
        counts.append((len(found.entries), len(statements)))
        world.livestream(state="live")
    assert counts == [(1, 3), (3, 3)]


def test_the_mark_of_an_example_says_that_it_is_one(world: World, client: FlaskClient) -> None:
    host = world.session.get_one(Host, world.livestream(state="scheduled").host_id)
    world.session.commit()
    assert 'aria-label="Licence verified"' in client.get("/schedule").text
    host.is_example = True
    world.session.commit()
    page = client.get("/schedule").text
    assert 'aria-label="Licence verified (example)"' in page
    assert 'aria-label="Licence verified"' not in page
