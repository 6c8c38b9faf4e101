"""The same request twice: one effect, one answer."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from catalog.rules import nearest_times
from core.clock import rfc3339, utc_now
from core.database import Sessions
from core.settings import Settings
from tests.fakes.programme import World
from web.api.idempotency import forget_expired
from web.api.models import StoredAnswer
from web.app import create_app
from web.database import db

pytestmark = pytest.mark.integration

BASE = "/api/v1/livestreams"


@pytest.fixture
def world(session: Session, app: object) -> World:
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def body(world: World, title: str = "Naps") -> dict[str, Any]:
    return {
        "title": title,
        "topics": ["sleep"],
        "starts_at": rfc3339(world.now + timedelta(hours=1)),
        "ends_at": rfc3339(world.now + timedelta(hours=2)),
    }


def headers(world: World, name: str, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[name]}", "Idempotency-Key": key}


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Livestream)) or 0


def test_same_key_and_body(client: FlaskClient, world: World) -> None:
    asked = headers(world, "editor", "one")
    wanted = body(world) | {"host": "host"}
    first = client.post(BASE, json=wanted, headers=asked)
    second = client.post(BASE, json=wanted, headers=asked)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.get_json() == first.get_json()
    assert second.headers["Location"] == first.headers["Location"]
    assert (first.headers.get("Idempotent-Replayed"), second.headers["Idempotent-Replayed"]) == (
        None,
        "true",
    )
    assert count(world.session) == 1


def test_same_key_and_another_body(client: FlaskClient, world: World) -> None:
    client.post(BASE, json=body(world), headers=headers(world, "host", "one"))
    other = client.post(BASE, json=body(world, "Other"), headers=headers(world, "host", "one"))
    assert other.status_code == 422
    assert [error["field"] for error in other.get_json()["errors"]] == ["Idempotency-Key"]
    assert count(world.session) == 1


def test_keys_of_two_people_and_two_routes_do_not_meet(client: FlaskClient, world: World) -> None:
    for name in ("host", "other_host"):
        made = client.post(BASE, json=body(world), headers=headers(world, name, "one"))
        assert made.status_code == 201
        place = f"{BASE}/{made.get_json()['id']}"
        proposed = client.post(f"{place}/propose", headers=headers(world, name, "one"))
        again = client.post(f"{place}/propose", headers=headers(world, name, "one"))
        assert (proposed.get_json()["state"], again.status_code) == ("proposed", 200)
    assert count(world.session) == 2


def test_a_refusal_is_not_kept(client: FlaskClient, world: World) -> None:
    asked = headers(world, "host", "one")
    refused = client.post(BASE, json=body(world) | {"language": "fr"}, headers=asked)
    mended = client.post(BASE, json=body(world), headers=asked)
    assert (refused.status_code, mended.status_code) == (422, 201)


def test_an_answer_is_kept_for_a_day(client: FlaskClient, world: World) -> None:
    asked = headers(world, "host", "one")
    client.post(BASE, json=body(world), headers=asked)
    kept = world.session.scalars(select(StoredAnswer)).one()
    forget_expired(world.session, kept.expires_at - timedelta(seconds=1))
    assert world.session.scalar(select(func.count()).select_from(StoredAnswer)) == 1
    kept.expires_at = datetime(2026, 1, 1, tzinfo=UTC)
    world.session.commit()
    again = client.post(BASE, json=body(world), headers=asked)
    assert (again.status_code, count(world.session)) == (201, 2)


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_a_key_that_is_no_key(client: FlaskClient, world: World, key: str) -> None:
    answer = client.post(BASE, json=body(world), headers=headers(world, "host", key))
    assert (answer.status_code, count(world.session)) == (422, 0)


def test_two_at_once_have_one_effect(sessions: Sessions, settings: Settings) -> None:
    with sessions() as opened:
        world = World(opened, nearest_times(utc_now())[0]).build()
        opened.commit()
    app, together = create_app(settings), Barrier(4)

    def send(_number: int) -> tuple[int, str]:
        together.wait()
        answer = app.test_client().post(
            BASE, json=body(world), headers=headers(world, "host", "one")
        )
        return answer.status_code, answer.get_json().get("id")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    with app.app_context():
        db.engine.dispose()
    with sessions() as opened:
        made = opened.scalars(select(Livestream.id)).one()
    assert answers == [(201, made)] * 4


def test_a_stored_answer_shows_no_stream_key(client: FlaskClient, world: World) -> None:
    sent = {"json": body(world), "headers": headers(world, "host", "sealed")}
    first = client.post(BASE, **sent).get_json()
    row = world.session.scalars(select(StoredAnswer).where(StoredAnswer.key == "sealed")).one()
    assert first["ingest"]["stream_key"] not in json.dumps(row.body)
    assert client.post(BASE, **sent).get_json() == first
