from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.models import Host, Livestream
from streams.life import services as life
from tests.fakes.programme import World
from tests.streams.planning.test_series_services import members, take

pytestmark = pytest.mark.integration

SERIES = {
    "title": {"en": "Sleep well", "zh-Hans": "睡个好觉"},
    "topics": ["sleep"],
    "minutes": 60,
    "recurrence": {
        "starts_on": "2026-03-17",
        "time": "20:00",
        "timezone": "Europe/Berlin",
        "times": 2,
    },
}


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    for host in session.scalars(select(Host)):
        host.verified_until = now + timedelta(days=900)
    return made


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Any:  # noqa: ANN401 -- a fixture that yields
    with time_machine.travel(now, tick=False):
        yield


def ask(
    client: FlaskClient, world: World, path: str, body: object, who: str = "host", **headers: str
) -> TestResponse:
    bearer = {"Authorization": f"Bearer {world.tokens[who]}", **headers}
    return client.post(f"/api/v1{path}", json=body, headers=bearer)


def test_a_series_is_tried_made_and_read(client: FlaskClient, world: World) -> None:
    tried = ask(client, world, "/series/dry-run", SERIES).json
    assert tried is not None
    assert (tried["free"], tried["dates"][0]) == (
        True,
        {
            "date": "2026-03-17T20:00",
            "keep": True,
            "starts_at": "2026-03-17T19:00:00.000Z",
            "ends_at": "2026-03-17T20:00:00.000Z",
            "verdict": "free",
            "taken_by": None,
            "alternatives": [],
            "choices": [],
            "notices": [],
        },
    )
    assert members(world.session) == []
    made = ask(client, world, "/series", SERIES)
    assert made.json is not None
    bearer = {"Authorization": f"Bearer {world.tokens['host']}"}
    read = client.get(f"/api/v1/series/{made.json['id']}", headers=bearer)
    starts = [one["starts_at"] for one in made.json["livestreams"]]
    assert (made.status_code, read.json, starts) == (
        201,
        made.json,
        ["2026-03-17T19:00:00.000Z", "2026-03-24T19:00:00.000Z"],
    )
    assert made.headers["Location"].endswith(f"/api/v1/series/{made.json['id']}")


def test_a_collision_names_the_date_its_reason_and_free_times(
    client: FlaskClient, world: World
) -> None:
    take(world, datetime(2026, 3, 24, 19, 30, tzinfo=UTC))
    refused = ask(client, world, "/series", SERIES)
    assert refused.json is not None
    assert (refused.status_code, refused.json["code"], refused.json["errors"]) == (
        409,
        "dates_taken",
        [{"field": "dates.2026-03-24T20:00", "message": "This time is taken."}],
    )
    assert refused.json["alternatives"][0] == {
        "starts_at": "2026-03-24T18:00:00.000Z",
        "ends_at": "2026-03-24T19:00:00.000Z",
    }
    assert members(world.session) == []


def test_a_date_is_left_out_or_moved_by_its_name(client: FlaskClient, world: World) -> None:
    take(world, datetime(2026, 3, 24, 19, 30, tzinfo=UTC))
    chosen = [
        {"date": "2026-03-17T20:00", "keep": False},
        {"date": "2026-03-24T20:00", "starts_at": "2026-03-24T18:00:00Z"},
    ]
    assert ask(client, world, "/series", {**SERIES, "dates": chosen}).status_code == 201
    assert [row[2:] for row in members(world.session)] == [
        ("2026-03-24T19:00:00", "2026-03-24T20:00:00", True)
    ]


def test_a_series_that_is_sent_twice_is_made_once(client: FlaskClient, world: World) -> None:
    first, second = (
        ask(client, world, "/series", SERIES, **{"Idempotency-Key": "one"}) for _ in range(2)
    )
    assert (first.json, len(members(world.session))) == (second.json, 2)


def test_a_host_moves_a_livestream_and_hears_of_free_times(
    client: FlaskClient, world: World
) -> None:
    start = world.now + timedelta(days=3)
    made = world.livestream(starts_at=start, ends_at=start + timedelta(hours=1))
    life.schedule(world.session, livestream=made, now=world.now)
    take(world, start + timedelta(days=1))
    address = f"/livestreams/{made.id}/reschedule"
    taken = ask(client, world, address, {"starts_at": "2026-03-14T18:30:00Z"})
    assert taken.json is not None
    assert (taken.status_code, taken.json["code"], len(taken.json["alternatives"])) == (
        409,
        "taken",
        3,
    )
    moved = ask(client, world, address, {"starts_at": "2026-03-15T18:30:00Z"})
    assert moved.json is not None
    assert (moved.json["starts_at"], moved.json["ends_at"], moved.json["timezone"]) == (
        "2026-03-15T18:30:00.000Z",
        "2026-03-15T19:30:00.000Z",
        "Asia/Shanghai",
    )
    world.session.expire_all()
    assert world.session.get_one(Livestream, made.id).local_start == "2026-03-16T02:30:00"


def test_times_off_the_grid_are_refused_beside_their_field(
    client: FlaskClient, world: World
) -> None:
    made = world.livestream()
    refused = ask(
        client, world, f"/livestreams/{made.id}/reschedule", {"starts_at": "2026-03-15T18:33:00Z"}
    )
    assert refused.json is not None
    assert (refused.status_code, {one["field"] for one in refused.json["errors"]}) == (
        422,
        {"starts_at", "ends_at"},
    )


def test_a_zone_nobody_knows_is_a_fault_of_the_rule(client: FlaskClient, world: World) -> None:
    rule = {**SERIES["recurrence"], "timezone": "Berlin"}  # type: ignore[dict-item]  # a mapping
    refused = ask(client, world, "/series/dry-run", {**SERIES, "recurrence": rule})
    assert refused.json is not None
    assert (refused.status_code, [one["field"] for one in refused.json["errors"]]) == (
        422,
        ["timezone"],
    )


def test_times_off_the_grid_of_a_moved_date_are_refused(client: FlaskClient, world: World) -> None:
    chosen = [{"date": "2026-03-24T20:00", "starts_at": "2026-03-24T18:03:00Z"}]
    refused = ask(client, world, "/series", {**SERIES, "dates": chosen})
    assert (refused.status_code, members(world.session)) == (422, [])
