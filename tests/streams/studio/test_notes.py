"""The host's notes: kept as they are typed, never written over unseen, read by nobody else."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.rules import nearest_times
from core.clock import utc_now
from core.errors import InvalidInput
from streams.studio.errors import NotesChanged
from streams.studio.rules import LONGEST_NOTES
from streams.studio.services import keep_notes
from tests.fakes.hosting import browser_of
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, app: Site) -> World:
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def put(browser: FlaskClient, address: str, token: str, **body: object) -> TestResponse:
    return browser.put(address, json=body, headers={"X-CSRFToken": token})


def token_of(browser: FlaskClient, studio: str) -> str:
    return browser.get(studio).text.partition('data-token="')[2].partition('"')[0]


def test_notes_are_kept_and_another_windows_are_not_written_over(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    browser, studio = browser_of(app, world, "host"), f"/livestreams/{made.id}/studio"
    token, address = token_of(browser, studio), f"{studio}/notes"
    first = put(browser, address, token, text="Begin with sleep.", since=None)
    assert (first.status_code, first.get_json()["text"]) == (200, "Begin with sleep.")
    since = first.get_json()["since"]
    second = put(browser, address, token, text="Begin with breath.", since=since)
    assert second.status_code == 200
    late = put(browser, address, token, text="From the other window.", since=since)
    assert (late.status_code, late.get_json()["text"]) == (409, "Begin with breath.")
    assert "another window" in late.get_json()["detail"]
    assert browser.get(address).get_json()["text"] == "Begin with breath."
    assert "Begin with breath." in browser.get(studio).text


def test_the_staff_do_not_read_the_notes(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    keep_notes(
        world.session, livestream_id=made.id, text="For me alone.", since=None, now=world.now
    )
    world.session.commit()
    editor = browser_of(app, world, "editor")
    assert editor.get(f"/livestreams/{made.id}/studio/notes").status_code == 403
    assert "For me alone." not in editor.get(f"/livestreams/{made.id}/studio").text


def test_of_two_first_notes_the_second_is_told(world: World) -> None:
    made = world.livestream(state="scheduled")
    now = world.now

    def keep(text: str) -> None:
        keep_notes(world.session, livestream_id=made.id, text=text, since=None, now=now)

    keep("One.")
    with pytest.raises(NotesChanged):
        keep("Two.")
    with pytest.raises(NotesChanged):
        keep_notes(
            world.session,
            livestream_id=made.id,
            text="Three.",
            since=now - timedelta(seconds=1),
            now=now,
        )


def test_notes_have_an_end(world: World) -> None:
    made = world.livestream(state="scheduled")
    with pytest.raises(InvalidInput):
        keep_notes(
            world.session,
            livestream_id=made.id,
            text="x" * (LONGEST_NOTES + 1),
            since=None,
            now=world.now,
        )


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b", "a\\u001bb"])
def test_what_no_database_takes_is_left_out_of_notes(app: Site, world: World, text: str) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    browser, studio = browser_of(app, world, "host"), f"/livestreams/{made.id}/studio"
    kept = browser.put(
        f"{studio}/notes",
        data=f'{{"text": "{text}", "since": null}}',
        content_type="application/json",
        headers={"X-CSRFToken": token_of(browser, studio)},
    )
    assert (kept.status_code, kept.get_json()["text"]) == (200, "ab")


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_notes_of_no_moment_of_ours_are_written_over_nothing(
    app: Site, world: World, since: str
) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    browser, studio = browser_of(app, world, "host"), f"/livestreams/{made.id}/studio"
    answer = put(browser, f"{studio}/notes", token_of(browser, studio), text="New.", since=since)
    assert (answer.status_code, answer.get_json()["text"]) == (409, "")
