"""Reminders over the API, with a token and without."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models import Livestream
from catalog.rules import nearest_times
from core.clock import rfc3339, utc_now
from scheduler.registrations.rules import ASKS_FROM_ADDRESS
from tests.fakes.programme import World
from tests.fakes.reminding import EMAIL, rows

pytestmark = pytest.mark.integration

API = "/api/v1/registrations"


@pytest.fixture
def now() -> datetime:
    return nearest_times(utc_now())[0]


@pytest.fixture
def world(session: Session, now: datetime, app: object) -> World:
    del app
    made = World(session, now).build()
    session.commit()
    return made


@pytest.fixture
def talk(world: World) -> Livestream:
    made = world.livestream(state="scheduled")
    world.session.commit()
    return made


def bearer(world: World, name: str = "viewer") -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[name]}"}


def test_address_without_an_account_is_asked(
    client: FlaskClient, talk: Livestream, session: Session
) -> None:
    body = {"livestream": talk.id, "email": EMAIL, "timezone": "Asia/Shanghai"}
    answers = [client.post(API, json=body) for _turn in range(5)]
    assert [(one.status_code, one.json) for one in answers] == [(202, {"state": "confirm"})] * 5
    assert [kind for kind, *_rest in rows(session)] == ["confirm_registration"] * 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": None}, "email"),
        ({"email": "nobody"}, "email"),
        ({"language": "tlh"}, "language"),
        ({"timezone": "Mars/Base"}, "timezone"),
    ],
)
def test_what_is_wrong_is_named(
    client: FlaskClient, talk: Livestream, session: Session, changes: dict[str, str], field: str
) -> None:
    answer = client.post(API, json={"livestream": talk.id, "email": EMAIL, **changes})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.get_json()["errors"]] == [field]
    assert rows(session) == []


def test_asking_is_limited_for_an_address_of_the_net(client: FlaskClient, talk: Livestream) -> None:
    answers = [
        client.post(API, json={"livestream": talk.id, "email": f"mei{number}@example.net"})
        for number in range(ASKS_FROM_ADDRESS + 1)
    ]
    assert [one.status_code for one in answers] == [*[202] * ASKS_FROM_ADDRESS, 429]
    assert answers[-1].headers["Retry-After"].isdecimal()


def test_person_with_an_account_is_registered_lists_and_calls_off(
    client: FlaskClient, world: World, talk: Livestream, session: Session
) -> None:
    head = bearer(world)
    made = client.post(API, json={"livestream": talk.id}, headers=head)
    assert (made.status_code, made.json) == (202, {"state": "registered"})
    listed = client.get(API, headers=head).get_json()
    item = listed["items"][0]
    expected = {
        "id": item["id"],
        "livestream": talk.id,
        "title": talk.titles,
        "starts_at": rfc3339(talk.starts_at),
        "ends_at": rfc3339(talk.ends_at),
        "livestream_state": "scheduled",
        "state": "confirmed",
        "asked_at": item["asked_at"],
        "page_url": f"http://localhost/livestreams/{talk.id}",
    }
    assert listed == {"items": [expected], "next_cursor": None}
    ended = client.delete(f"{API}/{item['id']}", headers=head)
    assert (ended.status_code, ended.json) == (200, {**expected, "state": "ended"})
    assert client.get(API, headers=bearer(world, "editor")).get_json()["items"] == []
    assert client.delete(f"{API}/{item['id']}", headers=bearer(world, "editor")).status_code == 404
    assert [kind for kind, *_rest in rows(session)] == ["registered"]


def test_person_with_an_account_may_name_no_other_address(
    client: FlaskClient, world: World, talk: Livestream
) -> None:
    body = {"livestream": talk.id, "email": EMAIL}
    answer = client.post(API, json=body, headers=bearer(world))
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "email")


def test_list_goes_on_at_its_cursor(
    client: FlaskClient, world: World, now: datetime, session: Session
) -> None:
    for number in range(3):
        starts_at = now + timedelta(days=1 + number)
        made = world.livestream(
            state="scheduled", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        session.commit()
        client.post(API, json={"livestream": made.id}, headers=bearer(world))
    first = client.get(f"{API}?limit=2", headers=bearer(world)).get_json()
    second = client.get(
        f"{API}?limit=2&cursor={first['next_cursor']}", headers=bearer(world)
    ).get_json()
    ids = [item["id"] for page in (first, second) for item in page["items"]]
    assert (len(first["items"]), len(set(ids)), second["next_cursor"]) == (2, 3, None)


def test_repeated_request_is_answered_as_the_first(
    client: FlaskClient, world: World, talk: Livestream, session: Session
) -> None:
    head = {**bearer(world), "Idempotency-Key": "one"}
    answers = [client.post(API, json={"livestream": talk.id}, headers=head) for _turn in range(2)]
    assert [one.json for one in answers] == [{"state": "registered"}] * 2
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert len(rows(session)) == 1


def test_private_livestream_is_for_its_people(
    client: FlaskClient, world: World, session: Session
) -> None:
    private = world.private()
    session.commit()
    body = {"livestream": private.id}
    answers = [
        client.post(API, json={**body, "email": EMAIL}),
        client.post(API, json=body, headers=bearer(world)),
        client.post(API, json=body, headers=bearer(world, "employee_a")),
    ]
    assert [one.status_code for one in answers] == [404, 404, 202]


@pytest.mark.parametrize(
    ("state", "code"),
    [("cancelled", "is_cancelled"), ("live", "has_begun"), ("published", "is_over")],
)
def test_what_does_not_lie_ahead_is_refused(
    client: FlaskClient, world: World, talk: Livestream, state: str, code: str
) -> None:
    talk.state = state
    world.session.commit()
    answer = client.post(API, json={"livestream": talk.id}, headers=bearer(world))
    assert (answer.status_code, answer.get_json()["code"]) == (409, code)


def test_description_names_the_operations(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    assert set(paths[API]) == {"get", "post"}
    assert set(paths[f"{API}/{{registration_id}}"]) == {"delete"}
