"""The description of the API: every route, our problems, and the small collections."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.rules import nearest_times
from core.clock import utc_now
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

BASE = "/api/v1"


@pytest.fixture
def world(session: Session, app: object) -> World:
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def bearer(world: World, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[name]}"}


def test_openapi_names_every_operation(client: FlaskClient) -> None:
    described = client.get(f"{BASE}/openapi.json").get_json()
    operations = {
        f"{method} {path.removeprefix(BASE)}"
        for path, methods in described["paths"].items()
        for method in methods
        if method in {"get", "post", "patch"}
    }
    acts = ("propose", "schedule", "start", "end", "publish", "cancel", "restore", "key")
    one = "/livestreams/{livestream_id}"
    assert operations >= {
        "get /livestreams",
        "post /livestreams",
        f"get {one}",
        f"patch {one}",
        f"get {one}/audience",
        *(f"post {one}/{act}" for act in acts),
        "get /topics",
        "get /hosts",
        "get /hosts/{host_id}",
        "get /organisations",
    }
    schemas = described["components"]["schemas"]
    assert set(schemas["LivestreamView"]["required"]) >= {"id", "title", "playback_url", "ingest"}
    assert set(schemas["Problem"]["required"]) == {"type", "title", "status", "detail", "code"}
    parameters = described["paths"][f"{BASE}/livestreams"]["get"]["parameters"]
    wanted = {
        "cursor",
        "limit",
        "state",
        "topic",
        "audience",
        "series",
        "language",
        "from",
        "to",
        "q",
    }
    assert {parameter["name"] for parameter in parameters} == wanted


FOR_STRANGERS = ("/playback", "/questions", "/votes", "/answers/like")
"""What whoever may watch may send without an account."""


def test_openapi_says_which_operations_need_a_token(client: FlaskClient) -> None:
    described = client.get(f"{BASE}/openapi.json").get_json()
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if method in {"post", "patch"} and not path.endswith(FOR_STRANGERS):
                assert operation["security"] == [{"bearer": []}], f"{method} {path}"


def test_topics(client: FlaskClient, world: World) -> None:
    del world
    assert client.get(f"{BASE}/topics").get_json()["items"][0] == {
        "slug": "sleep",
        "name": {"en": "Sleep", "zh-Hans": "sleep"},
        "description": {},
        "risk": "ordinary",
        "page_url": "http://localhost/topics/sleep",
    }


def test_hosts_in_the_language_asked_for(client: FlaskClient, world: World) -> None:
    del world
    first = client.get(f"{BASE}/hosts?limit=1", headers={"Accept-Language": "zh-CN"}).get_json()
    rest = client.get(f"{BASE}/hosts?limit=1&cursor={first['next_cursor']}").get_json()
    one = client.get(f"{BASE}/hosts/host").get_json()
    assert [item["name"] for item in first["items"]] == ["host 医生"]
    assert [item["name"] for item in rest["items"]] == ["Dr. other_host"]
    assert rest["next_cursor"] is None
    assert (one["verified"], one["page_url"]) == (True, "http://localhost/hosts/host")
    assert client.get(f"{BASE}/hosts/no%00ne").status_code == 404


def test_organisations_are_shown_to_their_own(client: FlaskClient, world: World) -> None:
    def seen(name: str) -> list[str]:
        answer = client.get(f"{BASE}/organisations", headers=bearer(world, name))
        return [item["id"] for item in answer.get_json()["items"]]

    assert seen("employee_a") == ["companya"]
    assert seen("hr_b") == ["companyb"]
    assert seen("host") == []
    assert seen("editor") == ["companya", "companyb"]
    assert client.get(f"{BASE}/organisations").status_code == 401


def test_problem_of_a_page_that_is_not_there(client: FlaskClient) -> None:
    answer = client.get(f"{BASE}/livestreams/no%00ne")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json() == {
        "type": "urn:mindcast:problem:not_found",
        "title": "Nothing here",
        "status": 404,
        "detail": "There is nothing here under this address.",
        "code": "not_found",
    }


def test_body_that_is_no_json(client: FlaskClient, world: World) -> None:
    answer = client.post(f"{BASE}/livestreams", data="{", headers=bearer(world, "host"))
    assert (answer.status_code, answer.get_json()["status"]) == (400, 400)
    lists = client.post(f"{BASE}/livestreams", json=[], headers=bearer(world, "host"))
    assert lists.status_code == 422


def test_bearer_token_needs_no_csrf_token_and_a_session_does(
    client: FlaskClient, world: World
) -> None:
    world.livestream()
    world.session.commit()
    client.set_cookie("mc_remember", "planted")
    planted = client.post(f"{BASE}/livestreams", json={})
    assert planted.status_code == 400
