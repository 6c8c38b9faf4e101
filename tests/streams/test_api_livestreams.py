"""Livestreams in the API: created, moved through their life, listed, kept from outsiders."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from catalog.rules import nearest_times
from catalog.search.services import check_all
from core.clock import rfc3339, utc_now
from streams.doors.keys import livestream_of_key
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

BASE = "/api/v1/livestreams"


@pytest.fixture
def world(session: Session, app: object) -> World:
    """Return an installation at the real present: the API reads the clock."""
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def bearer(world: World, name: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[name]}", **headers}


def body(world: World, **changes: object) -> dict[str, Any]:
    return {
        "title": {"en": "When the 3 a.m. thoughts arrive", "zh-Hans": "凌晨三点"},
        "description": {"en": "What helps at night."},
        "topics": ["sleep"],
        "language": "en",
        "starts_at": rfc3339(world.now + timedelta(hours=1)),
        "ends_at": rfc3339(world.now + timedelta(hours=2)),
        "timezone": "Asia/Shanghai",
        **changes,
    }


def test_create_by_its_host(client: FlaskClient, world: World) -> None:
    answer = client.post(BASE, json=body(world), headers=bearer(world, "host"))
    made = answer.get_json()
    assert answer.status_code == 201, made
    assert answer.headers["Location"] == f"http://localhost/api/v1/livestreams/{made['id']}"
    key = made["ingest"]["stream_key"]
    assert made == {
        "id": made["id"],
        "title": {"en": "When the 3 a.m. thoughts arrive", "zh-Hans": "凌晨三点"},
        "description": {"en": "What helps at night."},
        "topics": ["sleep"],
        "language": "en",
        "host": {"id": "host", "name": "Dr. host"},
        "host_wanted": False,
        "starts_at": rfc3339(world.now + timedelta(hours=1)),
        "ends_at": rfc3339(world.now + timedelta(hours=2)),
        "timezone": "Asia/Shanghai",
        "state": "draft",
        "interrupted": False,
        "visibility": "public",
        "organisation": None,
        "replay_policy": "after_release",
        "auto_start": False,
        "scope": "education",
        "recorded": True,
        "premiere": False,
        "audiences": [],
        "captions": [],
        "series": None,
        "started_at": None,
        "ended_at": None,
        "published_at": None,
        "page_url": f"http://localhost/livestreams/{made['id']}",
        "playback_url": None,
        "ingest": {
            "url": "",
            "stream_key": key,
            "upload_url": f"http://localhost/ingest/chunks/{made['id']}/{key}",
        },
    }
    again = client.get(f"{BASE}/{made['id']}", headers=bearer(world, "host"))
    assert again.get_json() == made


def test_create_defaults_to_the_asker_and_takes_a_plain_title(
    client: FlaskClient, world: World
) -> None:
    plain = body(world, title="凌晨三点", language="zh-Hans", timezone="Europe/London")
    made = client.post(BASE, json=plain, headers=bearer(world, "host")).get_json()
    assert (made["title"], made["host"]["id"]) == ({"zh-Hans": "凌晨三点"}, "host")


def test_create_for_another_host(client: FlaskClient, world: World) -> None:
    wanted = body(world, host="otherhost")
    refused = client.post(BASE, json=wanted, headers=bearer(world, "host"))
    made = client.post(BASE, json=wanted, headers=bearer(world, "editor"))
    assert (refused.status_code, refused.get_json()["code"]) == (403, "not_allowed")
    assert (made.status_code, made.get_json()["host"]["id"]) == (201, "otherhost")
    assert made.get_json()["ingest"]["stream_key"]


def test_create_by_a_viewer_or_a_stranger(client: FlaskClient, world: World) -> None:
    viewer = client.post(BASE, json=body(world), headers=bearer(world, "viewer"))
    stranger = client.post(BASE, json={})
    wrong = client.get(BASE, headers={"Authorization": "Bearer nonsense"})
    assert (viewer.status_code, stranger.status_code, wrong.status_code) == (403, 401, 401)
    assert stranger.content_type == "application/problem+json"
    assert stranger.headers["WWW-Authenticate"] == "Bearer"
    assert stranger.get_json()["code"] == "sign_in_needed"


def test_create_names_every_fault_beside_its_field(client: FlaskClient, world: World) -> None:
    off_grid = world.now + timedelta(hours=1, minutes=2)
    wrong = body(
        world,
        title={"en": " "},
        topics=["sleep", "nothing"],
        language="fr",
        starts_at=rfc3339(off_grid),
        ends_at=rfc3339(off_grid - timedelta(minutes=2)),
        timezone="Moon/Base",
        organisation="companya",
    )
    answer = client.post(BASE, json=wrong, headers=bearer(world, "host"))
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "invalid_input")
    fields = [error["field"] for error in problem["errors"]]
    assert fields == [
        "language",
        "title",
        "topics",
        "organisation",
        "timezone",
        "starts_at",
        "ends_at",
    ]
    nearest = [moment.isoformat() for moment in nearest_times(off_grid)]
    assert all(moment in problem["errors"][5]["message"] for moment in nearest)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": "2026-11-22T20:00:00"}, "starts_at"),
        ({"starts_at": 1_800_000_000}, "starts_at"),
        ({"ends_at": "9999-12-31T23:59:59-12:00"}, "ends_at"),
        ({"visibility": "secret"}, "visibility"),
        ({"topics": "sleep"}, "topics"),
        ({"title": "a\x00b"}, "title"),
        ({"title": 5}, "title"),
        ({"start_at": "2026-11-22T20:00:00Z"}, "start_at"),
        ({"state": "live"}, "state"),
    ],
)
def test_create_with_a_field_of_the_wrong_form(
    client: FlaskClient, world: World, changes: dict[str, Any], field: str
) -> None:
    answer = client.post(BASE, json=body(world, **changes), headers=bearer(world, "host"))
    errors = answer.get_json()["errors"]
    assert answer.status_code == 422
    assert [error["field"].partition(".")[0] for error in errors] == [field]


def test_life_over_the_api(client: FlaskClient, world: World) -> None:
    made = client.post(BASE, json=body(world), headers=bearer(world, "host")).get_json()
    place, host = f"{BASE}/{made['id']}", bearer(world, "host")
    assert client.post(f"{place}/schedule", headers=host).status_code == 403
    world.moderate(world.session.get_one(Livestream, made["id"]))
    world.session.commit()
    steps = [
        ("propose", "host", "proposed"),
        ("schedule", "editor", "scheduled"),
        ("start", "host", "live"),
        ("end", "host", "ended"),
        ("publish", "host", "published"),
    ]
    for act, name, state in steps:
        answer = client.post(f"{place}/{act}", headers=bearer(world, name))
        assert (answer.status_code, answer.get_json()["state"]) == (200, state)
    late = client.post(f"{place}/start", headers=host)
    assert (late.status_code, late.get_json()["code"]) == (409, "wrong_state")
    assert "published" in late.get_json()["detail"]
    cancelled = client.post(f"{place}/cancel", headers=host)
    assert cancelled.status_code == 409


def test_start_before_a_shut_gate(client: FlaskClient, world: World) -> None:
    made = world.livestream(state="scheduled", moderators=1)
    world.session.get_one(Host, "host").verified_until = None
    world.session.commit()
    answer = client.post(f"{BASE}/{made.id}/start", headers=bearer(world, "host"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "gate_shut")
    reason = "The host's licence is not verified at present."
    assert reason in answer.get_json()["detail"]
    assert answer.get_json()["errors"] == [{"field": "host_verified", "message": reason}]


def test_shut_gate_speaks_the_language_of_its_reader(client: FlaskClient, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.get_one(Host, "host").verified_until = None
    world.session.commit()
    headers = {**bearer(world, "host"), "Accept-Language": "zh-Hans"}
    answer = client.post(f"{BASE}/{made.id}/start", headers=headers)
    reasons = [error["message"] for error in answer.get_json()["errors"]]
    assert "讲者的执业资质目前尚未核验。" in reasons
    assert answer.get_json()["detail"] == " ".join(reasons)


def test_playback_url_follows_the_release(client: FlaskClient, world: World) -> None:
    made = world.livestream(state="live", broadcast="receiving")
    made.ended_at = world.now - timedelta(hours=1)
    world.session.commit()
    place, seen = f"{BASE}/{made.id}", []
    for state in ("scheduled", "live", "ended", "published"):
        made.state = state
        world.session.commit()
        seen.append(
            [
                client.get(place).get_json()["playback_url"] is not None,
                client.get(place, headers=bearer(world, "host")).get_json()["playback_url"]
                is not None,
            ]
        )
    assert seen == [[False, False], [True, True], [False, True], [True, True]]
    url = client.get(place).get_json()["playback_url"]
    assert url == f"http://localhost/media/{made.broadcast_id}/master.m3u8"


READS = ("", "/audience")
WRITES = ("/propose", "/schedule", "/start", "/end", "/publish", "/cancel", "/key")


@pytest.mark.parametrize("state", ["scheduled", "live", "published"])
def test_private_livestream_does_not_exist_for_outsiders(
    client: FlaskClient, world: World, state: str
) -> None:
    made = world.private(state=state)
    world.session.commit()
    place = f"{BASE}/{made.id}"
    for name in ("employee_a", "editor", "host"):  # the leak is possible
        inside = bearer(world, name)
        assert [client.get(place + end, headers=inside).status_code for end in READS] == [200, 200]
        listed = client.get(BASE, headers=inside).get_json()["items"]
        assert [item["id"] for item in listed] == [made.id]
    outsiders = [{}, *(bearer(world, name) for name in ("employee_b", "hr_b", "other_host"))]
    for headers in (*outsiders, bearer(world, "viewer")):
        answers = [client.get(place + end, headers=headers) for end in READS]
        answers += [client.post(place + end, headers=headers) for end in WRITES]
        answers.append(client.patch(place, json={"title": "mine"}, headers=headers))
        unknown = client.get(f"{BASE}/0000000000000000", headers=headers).get_json()
        assert [answer.status_code for answer in answers] == [404] * len(answers)
        assert all(answer.get_json() == unknown for answer in answers)
        for query in ("", "?q=thoughts", "?topic=sleep", f"?state={state}"):
            assert client.get(BASE + query, headers=headers).get_json()["items"] == []


def test_ingest_is_for_its_host_and_the_staff(client: FlaskClient, world: World) -> None:
    made = world.private()
    world.session.commit()
    seen = {}
    for name in ("host", "editor", "administrator", "employee_a"):
        one = client.get(f"{BASE}/{made.id}", headers=bearer(world, name)).get_json()
        listed = client.get(BASE, headers=bearer(world, name)).get_json()["items"][0]
        assert one == listed
        seen[name] = one["ingest"] is not None
    assert seen == {"host": True, "editor": True, "administrator": True, "employee_a": False}


def test_new_key_replaces_the_old(client: FlaskClient, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    host = bearer(world, "host")
    old = client.get(f"{BASE}/{made.id}", headers=host).get_json()["ingest"]["stream_key"]
    new = client.post(f"{BASE}/{made.id}/key", headers=host).get_json()["ingest"]["stream_key"]
    assert livestream_of_key(world.session, key=new) == made.id
    assert livestream_of_key(world.session, key=old) is None


def test_edit_by_its_host(client: FlaskClient, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    place, host = f"{BASE}/{made.id}", bearer(world, "host")
    words = client.patch(place, json={"title": {"en": "Naps"}}, headers=host)
    assert (words.status_code, words.get_json()["title"]) == (200, {"en": "Naps"})
    later = {"ends_at": rfc3339(world.now + timedelta(hours=3))}
    assert client.patch(place, json=later, headers=host).status_code == 403
    assert client.patch(place, json=later, headers=bearer(world, "editor")).status_code == 200
    made.state = "published"
    world.session.commit()
    over = client.patch(place, json=later | {"timezone": "UTC"}, headers=bearer(world, "editor"))
    assert (over.status_code, over.get_json()["code"]) == (409, "wrong_state")


def test_list_page_by_page(client: FlaskClient, world: World) -> None:
    hours = [3, 1, 2, 2, 1]
    for hour in hours:
        start = world.now + timedelta(hours=hour)
        world.livestream(state="scheduled", starts_at=start, ends_at=start + timedelta(hours=1))
    world.session.commit()
    found: list[str] = []
    cursor: str | None = ""
    pages = 0
    while cursor is not None:
        page = client.get(f"{BASE}?limit=2&cursor={cursor}").get_json()
        found += [item["starts_at"] for item in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert found == [rfc3339(world.now + timedelta(hours=hour)) for hour in sorted(hours)]
    assert pages == 3
    early = base64.urlsafe_b64encode(b"0001-01-01T00:00:00+23:59 x").decode()
    for broken in ("nonsense", early):
        answer = client.get(f"{BASE}?cursor={broken}")
        assert answer.get_json()["errors"][0]["field"] == "cursor"
    assert client.get(f"{BASE}?limit=101").status_code == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["sleep", "worry"]),
        ("state=scheduled", ["sleep"]),
        ("state=scheduled,live", ["sleep", "worry"]),
        ("topic=anxiety", ["worry"]),
        ("language=zh-Hans", ["worry"]),
        ("q=担心", ["worry"]),
        ("q=NIGHTS", ["sleep"]),
        ("q=%25", []),
        ("q=dr.", ["sleep", "worry"]),
    ],
)
def test_list_with_a_filter(
    client: FlaskClient, world: World, query: str, found: list[str]
) -> None:
    world.livestream(state="scheduled", titles={"en": "Better nights"})
    world.livestream(
        state="live",
        titles={"zh-Hans": "停不下来的担心"},
        descriptions={},
        topics=("anxiety",),
        language="zh-Hans",
    )
    check_all(world.session)  # as the clock does
    world.session.commit()
    items = client.get(f"{BASE}?{query}").get_json()["items"]
    names = {"Better nights": "sleep", "停不下来的担心": "worry"}
    assert sorted(names[next(iter(item["title"].values()))] for item in items) == found


def test_list_between_two_times(client: FlaskClient, world: World) -> None:
    world.livestream(state="scheduled")
    world.session.commit()
    start = world.now + timedelta(hours=1)
    late = {"from": rfc3339(start + timedelta(minutes=5))}
    assert len(client.get(BASE, query_string={"from": rfc3339(start)}).get_json()["items"]) == 1
    assert client.get(BASE, query_string=late).get_json()["items"] == []
    assert client.get(BASE, query_string={"to": rfc3339(start)}).get_json()["items"] == []
    assert client.get(BASE, query_string={"to": "2026-11-22T20:00:00"}).status_code == 422


def test_audience_state(client: FlaskClient, world: World) -> None:
    made = world.livestream(state="live", broadcast="interrupted")
    world.session.commit()
    client.set_cookie("mc_session", "of some viewer")
    answer = client.get(f"{BASE}/{made.id}/audience")
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert answer.headers["Vary"] == "Accept-Encoding"  # one copy at the edge for all viewers
    assert answer.get_json() == {
        "version": int(made.updated_at.timestamp() * 1000),
        "state": "live",
        "interrupted": True,
        "viewers": None,
        "questions": [],
        "questions_count": 0,
        "questions_url": f"{BASE}/{made.id}/audience/questions"
        f"?version={int(made.updated_at.timestamp() * 1000)}",
        "poll": None,
        "chapters": [],
        "handouts": [],
        "sample": 1,
        "playback_url": f"/media/{made.broadcast_id}/master.m3u8",
        "starts_at": rfc3339(made.starts_at),
        "ends_at": rfc3339(made.ends_at),
        "started_at": None,
        "ended_at": None,
    }


def test_audience_state_that_is_not_for_all_is_kept_by_nobody(
    client: FlaskClient, world: World
) -> None:
    private, ended = world.private(state="live"), world.livestream(state="ended")
    ended.ended_at = world.now - timedelta(hours=1)
    world.session.commit()
    member = client.get(f"{BASE}/{private.id}/audience", headers=bearer(world, "employee_a"))
    host = client.get(f"{BASE}/{ended.id}/audience", headers=bearer(world, "host"))
    anyone = client.get(f"{BASE}/{ended.id}/audience")
    assert member.headers["Cache-Control"] == "private, no-store"
    assert host.headers["Cache-Control"] == "private, no-store"
    assert anyone.headers["Cache-Control"] == "public, max-age=1"
    assert (host.get_json()["playback_url"] is None, anyone.get_json()["playback_url"]) == (
        False,
        None,
    )
