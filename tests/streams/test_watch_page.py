"""What the page of a livestream offers besides its picture, by its state."""

from time import monotonic

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models import Host
from core.clock import utc_now
from core.shelf import Shelf
from tests.catalog.test_catalogue_pages import statements
from tests.fakes.programme import World
from web import assets

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.mark.parametrize(
    ("state", "calendar", "onward"),
    [("scheduled", True, False), ("cancelled", False, True), ("missed", False, True)],
)
def test_the_watch_page_offers_a_calendar_entry_before_and_a_way_on_when_there_is_no_talk(
    client: FlaskClient, session: Session, state: str, *, calendar: bool, onward: bool
) -> None:
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    made = World(session, now).build().livestream(state=state)
    made.announced_at = now
    session.commit()
    main = client.get(f"/livestreams/{made.id}").text.split("<main", 1)[1]
    found = (f'href="/livestreams/{made.id}.ics"' in main, "See the programme" in main)
    assert found == (calendar, onward)


def test_sentences_stand_apart_in_english_and_close_together_in_chinese(
    client: FlaskClient,
) -> None:
    assert "</strong> What hosts say" in client.get("/help").text
    assert "</strong>讲者在这里所说的" in client.get("/zh/help").text


@pytest.mark.parametrize(
    ("interests", "is_asked", "told"),
    [
        ({"en": "Shares of a maker of apps"}, True, "Shares of a maker of apps"),
        ({}, True, "None declared"),
        ({}, False, "Not declared yet"),
    ],
)
def test_conflicts_of_interest_stand_beside_the_player_as_they_were_declared(
    client: FlaskClient,
    session: Session,
    interests: dict[str, str],
    told: str,
    *,
    is_asked: bool,
) -> None:
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    made = World(session, now).build().livestream(state="scheduled")
    host = session.get_one(Host, made.host_id)
    host.interests, host.checked_at = interests, now if is_asked else None
    session.commit()
    beside = client.get(f"/livestreams/{made.id}").text.split('id="host-h"', 1)[1]
    assert told in beside.split("</section>", 1)[0]


def test_questions_come_right_after_the_title_in_the_markup_and_the_rest_after_them(
    client: FlaskClient, session: Session
) -> None:
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    made = World(session, now).build().livestream(state="scheduled", moderators=1)
    session.commit()
    main = client.get(f"/livestreams/{made.id}").text.split("<main", 1)[1]
    marks = ("<h1", 'id="poll"', "data-ask", 'id="asked"', "What helps at night.", 'id="host-h"')
    places = [main.index(mark) for mark in marks]
    assert places == sorted(places)


def test_a_replay_names_others_about_the_same_and_none_that_is_not_for_the_reader(
    client: FlaskClient, session: Session
) -> None:
    world = World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()
    made, other = (world.livestream(state="published", broadcast="ended") for _ in range(2))
    hidden = world.private(state="published", broadcast="ended")
    session.commit()
    related = client.get(f"/livestreams/{made.id}").text.split('id="related-h"', 1)[1]
    assert f"/livestreams/{other.id}" in related
    assert f"/livestreams/{hidden.id}" not in related


@pytest.mark.parametrize(
    ("state", "broadcast", "most"),
    [("scheduled", "idle", 11), ("live", "receiving", 11), ("published", "ended", 12)],
)
def test_the_page_that_is_asked_for_most_asks_little_of_the_database(
    app: Flask, client: FlaskClient, session: Session, state: str, broadcast: str, most: int
) -> None:
    app.extensions["mindcast.shelf"] = Shelf(clock=monotonic, seconds=600)
    world = World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()
    made = world.livestream(state=state, broadcast=broadcast, moderators=1)
    session.commit()
    client.get(f"/livestreams/{made.id}")
    session.expunge_all()
    assert len(statements(session, client, f"/livestreams/{made.id}")) <= most
