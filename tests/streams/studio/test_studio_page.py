"""The studio as HTML: who sits in it, what each state shows, and what becomes of a recording."""

import re
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from catalog.models import Livestream
from catalog.rules import nearest_times
from core.clock import utc_now
from media.cuts.rules import choose_cut
from media.recording import replay_rows
from media.window import Cut
from streams.doors.keys import key_of
from streams.studio.queries import recorded_of
from tests.fakes.duties import moderator, on_duty
from tests.fakes.hosting import Tags, browser_of, send
from tests.fakes.programme import DATA_KEY, World
from tests.fakes.shows import Show
from web import assets
from web.home import write_services
from web.site import Site

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def world(session: Session, app: Site) -> World:
    """Return an installation at the real present: pages read the clock."""
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def studio_of(livestream: Livestream) -> str:
    return f"/livestreams/{livestream.id}/studio"


def facts(text: str) -> dict[str, str | None]:
    """Return what the root of the studio says to its script."""
    return next(one for one in Tags(text).all("div") if "data-studio" in one)


def acts(text: str) -> set[str]:
    return {str(one["data-act"]) for one in Tags(text).all("button") if "data-act" in one}


def test_the_host_has_camera_key_and_notes_and_the_staff_no_notes(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    mine = browser_of(app, world, "host").get(studio_of(made))
    theirs = browser_of(app, world, "editor").get(studio_of(made)).text
    key = key_of(world.session, livestream_id=made.id, data_key=DATA_KEY)
    door = f"/ingest/chunks/{made.id}/{key}"
    assert (facts(mine.text)["data-upload-url"], facts(theirs)["data-upload-url"]) == (door, door)
    assert {"open", "golive", "end", "mark", "rehearse"} <= acts(mine.text)
    assert ("data-notes=" in mine.text, "data-notes=" in theirs) == (True, False)
    assert mine.headers["Cache-Control"] == "private, no-store"


def test_a_premiere_is_led_to_its_desk_and_has_no_camera(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled", premiere=True)
    world.session.commit()
    text = browser_of(app, world, "host").get(studio_of(made)).text
    said = facts(text)
    assert ("data-premiere" in said, "data-runs" in said) == (True, False)
    assert acts(text).isdisjoint({"open", "share", "golive", "end", "rehearse"})
    assert {"mark", "script"} <= acts(text)
    desk = f"/livestreams/{made.id}/desk"
    for place in ("premiere", "upload"):
        assert f'href="{desk}#{place}"' in text
    assert str(key_of(world.session, livestream_id=made.id, data_key=DATA_KEY)) not in text


def test_whoever_looks_at_the_page_is_here(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    moderator(world, "mo")
    on_duty(world, made, "mo")
    world.session.commit()
    mine = browser_of(app, world, "host").get(studio_of(made)).text
    theirs = browser_of(app, world, "mo").get(studio_of(made)).text
    for text in (mine, theirs):
        assert (text.count("here now"), text.count("not here yet")) == (1, 1)


def test_an_assigned_moderator_sees_readiness_and_no_key(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    moderator(world, "mo")
    moderator(world, "other")
    on_duty(world, made, "mo")
    world.session.commit()
    page = browser_of(app, world, "mo").get(studio_of(made))
    assert page.status_code == 200
    assert 'id="fresh-ready"' in page.text
    assert 'id="fresh-crew"' in page.text
    assert str(key_of(world.session, livestream_id=made.id, data_key=DATA_KEY)) not in page.text
    assert acts(page.text) == set()
    assert "data-runs" not in facts(page.text)
    assert browser_of(app, world, "other").get(studio_of(made)).status_code == 403
    assert browser_of(app, world, "mo").get(f"/livestreams/{made.id}/encoder").status_code == 403


def test_a_moderator_of_a_private_livestream_may_know_of_it(app: Site, world: World) -> None:
    made = world.private()
    moderator(world, "mo")
    moderator(world, "other")
    on_duty(world, made, "mo")
    world.session.commit()
    statuses = [
        browser_of(app, world, name).get(studio_of(made)).status_code for name in ("mo", "other")
    ]
    assert statuses == [200, 404]


@pytest.mark.parametrize(
    ("state", "broadcast", "face", "words"),
    [
        ("draft", "idle", "green", "It is still a draft."),
        ("proposed", "idle", "green", "The editors have not scheduled it yet."),
        ("scheduled", "idle", "green", "Go live"),
        ("live", "receiving", "air", "On air"),
        ("ended", "receiving", "after", "The last seconds are being put in place."),
        ("ended", "ended", "after", "Ended, and kept for your review"),
        ("published", "ended", "after", "The replay is released"),
        ("cancelled", "idle", "over", "This livestream was cancelled."),
        ("missed", "idle", "over", "Nobody began this livestream in time"),
    ],
)
def test_each_state_shows_its_face(
    app: Site, world: World, state: str, broadcast: str, face: str, words: str
) -> None:
    made = world.livestream(state=state, broadcast=broadcast)
    world.session.commit()
    text = browser_of(app, world, "host").get(studio_of(made)).text
    assert (facts(text)["data-face"], words in text) == (face, True)


def test_missing_items_are_named_with_their_remedies(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    parts = browser_of(app, world, "host").get(f"{studio_of(made)}/state").text
    assert "Moderators: 0 of 1 are assigned." in parts
    assert re.search(r"\d+ things? (is|are) still needed", parts)
    chinese = browser_of(app, world, "host").get(f"/zh{studio_of(made)}/state").text
    assert re.search("还缺 [0-9]+ 项", chinese)


def test_the_same_state_is_the_same_text(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    browser = browser_of(app, world, "host")
    page, first, again = (
        browser.get(address).text
        for address in (studio_of(made), *(f"{studio_of(made)}/state",) * 2)
    )
    assert first == again
    assert "csrf_token" not in first
    for part in ("fresh-standing", "fresh-ready", "fresh-crew", "fresh-after"):
        assert page.count(f'id="{part}"') == 1


def test_whether_it_is_recorded_is_chosen_without_scripts(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    browser, studio = browser_of(app, world, "host"), studio_of(made)
    chosen = []
    for values in ({}, {"recorded": "y"}):
        assert send(browser, f"{studio}/recording", studio, **values).status_code == 303
        world.session.expire_all()
        chosen.append(world.session.get_one(Livestream, made.id).recorded)
    assert chosen == [False, True]


def test_a_recording_is_released_from_the_studio(app: Site, world: World) -> None:
    made = world.livestream(state="ended", broadcast="ended")
    made.started_at = world.now
    world.session.commit()
    browser, studio = browser_of(app, world, "host"), studio_of(made)
    assert 'id="release"' in browser.get(studio).text
    assert send(browser, f"{studio}/release", studio).status_code == 303
    world.session.expire_all()
    assert world.session.get_one(Livestream, made.id).state == "published"
    assert 'id="release"' not in browser.get(studio).text


def test_length_of_a_cut_recording_is_what_is_left_of_it(session: Session, now: datetime) -> None:
    show = Show(session, now, "source", "sound")
    show.begin_run(0)
    for _ in range(30):
        show.add()
    show.end()
    made = World(session, now).build().livestream(state="ended")
    made.broadcast_id = show.id
    rows = replay_rows(session, broadcast_id=show.id)
    chosen = choose_cut(rows, start_us=5_000_000, end_us=30_000_000, cut=Cut())
    show.broadcast.shown_from = chosen.cut.shown_from
    session.flush()
    found = recorded_of(session, livestream_id=made.id, broadcast_id=show.id)
    assert (found.seconds, chosen.left_us) == (25.0, 25_000_000)


def encoder_of(made: Livestream) -> str:
    return f"/livestreams/{made.id}/encoder"


def test_the_key_is_nowhere_before_it_is_asked_for(
    app: Site, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    home = app.extensions["mindcast.settings"].home
    home.mkdir()
    write_services(home, {"rtmp_port": 19350})
    browser, page = browser_of(app, world, "host"), encoder_of(made)
    key = str(key_of(world.session, livestream_id=made.id, data_key=DATA_KEY))
    hidden, fragment = browser.get(page), browser.get(f"{page}/state")
    assert "rtmp://127.0.0.1:19350/live" in hidden.text
    assert (key in hidden.text, key in fragment.text) == (False, False)
    shown = browser.get(f"{page}?key=shown")
    assert f'<code id="key">{key}</code>' in shown.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    rotated = send(browser, f"{page}/key", page)
    assert rotated.location == f"{page}?key=shown"
    new = str(key_of(world.session, livestream_id=made.id, data_key=DATA_KEY))
    again = browser.get(rotated.location).text
    assert (key in again, new in again, new == key) == (False, True, False)
    logged = "".join(capfd.readouterr())
    assert "encoder" in logged
    assert (key in logged, new in logged) == (False, False)


def test_no_key_is_shown_when_it_opens_nothing_any_more(app: Site, world: World) -> None:
    made = world.livestream(state="ended")
    world.session.commit()
    text = browser_of(app, world, "host").get(f"{encoder_of(made)}?key=shown").text
    assert str(key_of(world.session, livestream_id=made.id, data_key=DATA_KEY)) not in text


def test_desk_list_and_page_lead_to_the_studio(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    browser = browser_of(app, world, "host")
    for page in (f"/livestreams/{made.id}/desk", "/hosting", f"/livestreams/{made.id}"):
        assert f'href="{studio_of(made)}"' in browser.get(page).text
    assert (
        studio_of(made) not in browser_of(app, world, "viewer").get(f"/livestreams/{made.id}").text
    )
