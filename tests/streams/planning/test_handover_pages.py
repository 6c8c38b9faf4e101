"""Pages and API of handing over, through the application."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from catalog.models import Livestream
from core.clock import utc_now
from scheduler.models import Search
from scheduler.substitutes.queries import asked_of, open_search_of
from streams.planning.services import handover
from tests.fakes.handover import add_hosts, scheduled
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration

SEE_OTHER, CONFLICT, NOT_FOUND, UNREADABLE = 303, 409, 404, 422


@pytest.fixture
def world(session: Session) -> World:
    now = utc_now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    made = World(session, now).build()
    add_hosts(made, 3)
    made.now = utc_now()
    return made


@pytest.fixture
def livestream(world: World) -> Livestream:
    start = datetime.fromtimestamp(utc_now().timestamp() // 300 * 300, utc_now().tzinfo)
    return scheduled(world, ahead=start + timedelta(minutes=45) - world.now)


def searching(world: World, livestream: Livestream) -> Search:
    return handover.withdraw_host(
        world.session, livestream_id=livestream.id, reason="", now=utc_now()
    )


def offer_of(world: World, search: Search, host_id: str) -> str:
    offers = asked_of(world.session, search_id=search.id)
    return next(one.id for one in offers if one.host_id == host_id)


def test_host_who_cannot_come_is_replaced_and_everybody_reads_the_same(
    app: Site, client: FlaskClient, world: World, livestream: Livestream
) -> None:
    page = f"/livestreams/{livestream.id}/withdraw"
    answer = send(browser_of(app, world, "host"), page, page, reason="ill")
    assert answer.status_code == SEE_OTHER
    watched = client.get(f"/livestreams/{livestream.id}").text
    assert "Another host is being found." in watched
    assert "Dr. host" not in watched

    search = open_search_of(world.session, livestream_id=livestream.id)
    assert search is not None
    offer = f"/hosting/offers/{offer_of(world, search, 'stand1')}"
    taken = send(browser_of(app, world, "stand1"), f"{offer}/accept", offer)
    assert (taken.status_code, taken.location) == (
        SEE_OTHER,
        f"/livestreams/{livestream.id}/desk",
    )

    assert "Dr. Stand1" in client.get(f"/livestreams/{livestream.id}").text
    entry = client.get(f"/livestreams/{livestream.id}.ics?titles=full").text
    assert "SEQUENCE:2" in entry  # the withdrawal, then the yes
    shown = client.get(f"/api/v1/livestreams/{livestream.id}").get_json()
    assert shown["host"] == {"id": "stand1", "name": "Dr. Stand1"}
    acts = world.session.scalars(select(AuditEntry.act).order_by(AuditEntry.at))
    assert list(acts) == ["livestream.withdraw_host", "livestream.take_over"]


def test_page_lists_api_and_calendar_agree_while_another_host_is_being_found(
    client: FlaskClient, world: World, livestream: Livestream
) -> None:
    """None of them goes on naming who cannot come, and all name them again afterwards."""
    path = f"/livestreams/{livestream.id}"
    lists = ("/", f"/schedule?date={livestream.starts_at.date()}", "/topics/sleep")

    def told(sequence: int) -> list[object]:
        pages = [client.get(page).text for page in lists]
        calendars = [client.get(one).text for one in (f"{path}.ics", "/calendar/schedule.ics")]
        return [
            *("Another host is being found" in page for page in pages),
            *("Dr. host</strong>" in page or "Dr. host<svg" in page for page in pages),
            *("DESCRIPTION:Another host is being found. Open" in one for one in calendars),
            *(f"SEQUENCE:{sequence}" in one for one in calendars),
            client.get(f"/api/v1{path}").get_json()["host_wanted"],
            '"performer"' in client.get("/").text,
        ]

    named = [*[False] * 3, *[True] * 3, *[False] * 2, *[True] * 2, False, True]
    assert told(0) == named
    searching(world, livestream)
    world.session.commit()
    assert told(1) == [*[True] * 3, *[False] * 3, *[True] * 4, True, False]
    handover.take_back(world.session, livestream_id=livestream.id, now=utc_now())
    world.session.commit()
    assert told(2) == named


def test_second_to_accept_is_thanked(app: Site, world: World, livestream: Livestream) -> None:
    search = searching(world, livestream)
    first, second = (f"/hosting/offers/{offer_of(world, search, f'stand{n}')}" for n in (0, 1))
    browser = browser_of(app, world, "stand1")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(second).text)[-1]
    send(browser_of(app, world, "stand0"), f"{first}/accept", first)
    answer = browser.post(f"{second}/accept", data={"csrf_token": token})
    assert answer.status_code == CONFLICT
    assert "Somebody was a moment faster and takes it over." in answer.text
    assert "Somebody was a moment faster" in browser.get("/hosting/offers").text


def test_host_who_declines_reads_that_it_is_all_right(
    app: Site, world: World, livestream: Livestream
) -> None:
    search = searching(world, livestream)
    offer = f"/hosting/offers/{offer_of(world, search, 'stand0')}"
    browser = browser_of(app, world, "stand0")
    assert send(browser, f"{offer}/decline", offer).status_code == SEE_OTHER
    assert "You said no" in browser.get("/hosting/offers").text


def test_request_of_another_host_does_not_exist(
    app: Site, world: World, livestream: Livestream
) -> None:
    search = searching(world, livestream)
    offer = f"/hosting/offers/{offer_of(world, search, 'stand0')}"
    assert browser_of(app, world, "stand1").get(offer).status_code == NOT_FOUND


def test_editors_see_the_search_and_ask_by_hand(
    app: Site, world: World, livestream: Livestream
) -> None:
    search = searching(world, livestream)
    browser = browser_of(app, world, "editor")
    page = browser.get("/administration/substitutes").text
    assert page.count("Asked</span>") == len(asked_of(world.session, search_id=search.id))
    (late,) = add_hosts(world, 1, start=3)
    who = f"/livestreams/{livestream.id}/who"
    assert "Dr. Stand3" in browser.get(who).text
    asked = send(browser, f"/administration/substitutes/{search.id}/ask", who, host=late)
    assert asked.status_code == SEE_OTHER
    assert "by hand" in browser.get("/administration/substitutes").text


def test_host_who_comes_after_all_ends_the_search(
    app: Site, world: World, livestream: Livestream
) -> None:
    search = searching(world, livestream)
    page = f"/livestreams/{livestream.id}/withdraw"
    answer = send(browser_of(app, world, "host"), f"{page}/back", page)
    assert answer.status_code == SEE_OTHER
    world.session.refresh(search)
    assert search.state == "called_off"


def test_reason_that_is_too_long_is_named_beside_its_field(
    app: Site, world: World, livestream: Livestream
) -> None:
    page = f"/livestreams/{livestream.id}/withdraw"
    answer = send(browser_of(app, world, "host"), page, page, reason="x" * 201)
    assert answer.status_code == UNREADABLE
    assert 'id="reason-fault"' in answer.text


def test_api_matches_hosts_and_hands_over(
    client: FlaskClient, world: World, livestream: Livestream
) -> None:
    headers = {"Authorization": f"Bearer {world.tokens['editor']}"}
    start = livestream.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    found = client.get(
        "/api/v1/hosts/matching",
        query_string={"topic": "sleep", "minutes": 60, "from": start},
        headers=headers,
    ).get_json()
    assert [one["host"]["id"] for one in found["items"]] == ["stand0", "stand1", "stand2"]
    assert found["items"][0]["reasons"]["opens"] == "00:00"
    asked = client.post(
        f"/api/v1/livestreams/{livestream.id}/withdraw", json={"reason": ""}, headers=headers
    ).get_json()
    assert (asked["state"], asked["asked"]) == ("asking", 3)
    own = {"Authorization": f"Bearer {world.tokens['stand2']}"}
    (offer,) = client.get("/api/v1/offers", headers=own).get_json()["items"]
    assert (offer["state"], offer["can_be_answered"]) == ("asked", True)
    taken = client.post(f"/api/v1/offers/{offer['id']}/accept", headers=own).get_json()
    assert (taken["host"]["id"], taken["ingest"] is None) == ("stand2", False)


def test_start_off_the_grid_is_refused_with_the_nearest(client: FlaskClient, world: World) -> None:
    answer = client.get(
        "/api/v1/hosts/matching?topic=sleep&from=2099-01-05T18:01:00Z",
        headers={"Authorization": f"Bearer {world.tokens['editor']}"},
    )
    assert answer.status_code == UNREADABLE
    assert [one["field"] for one in answer.get_json()["errors"]] == ["from", "to"]
