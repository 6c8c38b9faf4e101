"""Null characters, which PostgreSQL takes in no text, and questions that would cost too much."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import DatedHours, Search, SentBack
from streams.planning.services import handover
from tests.fakes.handover import open_always, scheduled
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration

NUL = "\x00"


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def series(**changed: str) -> Mapping[str, object]:
    return {
        "title_en": "Sleep",
        "topics": ["sleep"],
        "language": "en",
        "frequency": "weekly",
        "every": "1",
        "date": "2199-01-01",
        "time": "20:00",
        "minutes": "45",
        "times": "2",
        "timezone": "UTC",
        **changed,
    }


def test_a_reason_is_kept_without_its_null_character(app: Site, world: World) -> None:
    soon = scheduled(world, ahead=timedelta(days=8000))  # by the real clock, too
    proposal = world.livestream(state="proposed", host_id="otherhost")
    world.session.commit()
    page = f"/livestreams/{soon.id}/withdraw"
    left = send(browser_of(app, world, "host"), page, page, reason=f"ill{NUL}")
    queue = "/administration/proposals"
    back = send(
        browser_of(app, world, "editor"), f"{queue}/{proposal.id}/return", queue, reason=f"why{NUL}"
    )
    assert (left.status_code, back.status_code) == (303, 303)
    assert world.session.scalars(select(Search.reason)).all() == ["ill"]
    assert world.session.scalars(select(SentBack.reason)).all() == ["why"]


def test_a_note_is_kept_without_its_null_character(app: Site, world: World) -> None:
    page = "/hosting/away"
    world.session.commit()
    answer = send(
        browser_of(app, world, "host"), page, page, first="2199-12-31", note=f"a{NUL}b", version="0"
    )
    assert answer.status_code == 303
    assert world.session.scalars(select(DatedHours.note)).all() == ["ab"]


@pytest.mark.parametrize("who", ["host", "editor"])
def test_a_filter_with_a_null_character_finds_nothing(app: Site, world: World, who: str) -> None:
    page = {"host": "/hosting/slots", "editor": "/administration/slots"}[who]
    world.session.commit()
    browser = browser_of(app, world, who)
    assert browser.get(f"{page}?topic=%00sleep&language=%00").status_code == 200


def test_nobody_by_such_an_id_is_asked(app: Site, world: World) -> None:
    livestream = scheduled(world, ahead=timedelta(days=8000))
    open_always(world, "otherhost")
    search = handover.withdraw_host(
        world.session, livestream_id=livestream.id, reason="", now=world.now
    )
    world.session.commit()
    page = "/administration/substitutes"
    answer = send(browser_of(app, world, "editor"), f"{page}/{search.id}/ask", page, host=NUL)
    assert answer.status_code == 409


@pytest.mark.parametrize("changed", [{"host": NUL}, {"topics": NUL}, {"language": NUL}])
def test_a_series_with_a_null_character_is_refused(
    app: Site, world: World, changed: dict[str, str]
) -> None:
    page = "/hosting/series/new"
    world.session.commit()
    answer = send(browser_of(app, world, "editor"), page, page, **series(**changed))
    assert answer.status_code == 422


def test_hosts_are_matched_with_few_topics(client: FlaskClient, world: World) -> None:
    world.session.commit()
    query = "&".join(("topic=" + ",".join(f"t{number}" for number in range(70)),))
    answer = client.get(
        f"/api/v1/hosts/matching?{query}&from=2199-01-01T20:00:00Z",
        headers={"Authorization": f"Bearer {world.tokens['editor']}"},
    )
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "topic")
