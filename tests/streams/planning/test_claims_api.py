"""Slots over the API: offered, listed, held, claimed, refused, handed back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models import Host, HostLanguage, HostTopic, Livestream
from catalog.rules import nearest_times
from core.clock import rfc3339, utc_now
from scheduler.models import Reservation, ReservedResource, Room
from tests.fakes.programme import World
from tests.fakes.slots import offered

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


def body_of(world: World, **changes: object) -> dict[str, Any]:
    starts_at = world.now + timedelta(days=3)
    return {
        "topics": ["sleep"],
        "language": "en",
        "starts_at": rfc3339(starts_at),
        "ends_at": rfc3339(starts_at + timedelta(minutes=45)),
        "timezone": "Europe/Berlin",
        "title": {"en": "Sleeping again", "zh-Hans": "重新入睡"},
        **changes,
    }


def offer(client: FlaskClient, world: World, **changes: object) -> dict[str, Any]:
    answer = client.post(
        f"{BASE}/slots", json=body_of(world, **changes), headers=bearer(world, "editor")
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def claim(client: FlaskClient, world: World, name: str, slot_id: str, **body: object) -> Any:  # noqa: ANN401 -- a response
    return client.post(f"{BASE}/slots/{slot_id}/claim", json=body, headers=bearer(world, name))


def test_a_slot_is_offered_held_and_claimed(client: FlaskClient, world: World) -> None:
    slot = offer(client, world)
    assert slot == {
        **body_of(world),
        "id": slot["id"],
        "scope": "education",
        "description": {},
        "state": "open",
        "livestream": None,
        "held_until": None,
        "page_url": "http://localhost/administration/slots",
    }
    one = f"{BASE}/slots/{slot['id']}"
    held = client.post(f"{one}/hold", headers=bearer(world, "host")).get_json()
    mine = client.get(one, headers=bearer(world, "host")).get_json()
    theirs = client.get(one, headers=bearer(world, "other_host")).get_json()
    assert (mine["held_until"], theirs["held_until"]) == (held["expires_at"], None)
    refused = claim(client, world, "other_host", slot["id"])
    assert (refused.status_code, refused.get_json()["code"]) == (409, "taken")
    made = claim(client, world, "host", slot["id"], title="Awake at three", replay_policy="at_end")
    livestream = made.get_json()
    assert (made.status_code, livestream["state"], livestream["title"]) == (
        201,
        "scheduled",
        {"en": "Awake at three"},
    )
    assert (livestream["starts_at"], livestream["host"]["id"]) == (slot["starts_at"], "host")
    assert livestream["ingest"]["stream_key"]
    after = client.get(one, headers=bearer(world, "host")).get_json()
    assert (after["state"], after["livestream"]) == ("claimed", livestream["id"])
    standing = world.session.execute(
        select(Reservation.kind, Reservation.state).where(Reservation.state != "released")
    )
    assert [tuple(row) for row in standing] == [("livestream", "confirmed")]


def test_a_claimed_slot_is_refused_with_open_ones_beside_it(
    client: FlaskClient, world: World
) -> None:
    first = offer(client, world)
    later = world.now + timedelta(days=4)
    other = offer(
        client,
        world,
        starts_at=rfc3339(later),
        ends_at=rfc3339(later + timedelta(minutes=45)),
    )
    claim(client, world, "host", first["id"])
    problem = claim(client, world, "other_host", first["id"]).get_json()
    assert (problem["status"], problem["code"], len(problem["alternatives"])) == (409, "taken", 3)
    assert problem["alternatives"][0] == {
        "starts_at": other["starts_at"],
        "ends_at": other["ends_at"],
        "slot": other["id"],
    }


def test_own_time_clash_is_taken_with_alternatives(client: FlaskClient, world: World) -> None:
    first, second = offer(client, world), offer(client, world)
    claim(client, world, "host", first["id"])
    problem = claim(client, world, "host", second["id"]).get_json()
    assert (problem["status"], problem["code"]) == (409, "taken")
    assert problem["detail"] == "You are not free at this time. Nothing was changed."
    # a quarter of an hour before and after it is kept free on either side
    starts_at, ends_at = (datetime.fromisoformat(first[name]) for name in ("starts_at", "ends_at"))
    kept = timedelta(minutes=30)
    times = [
        tuple(datetime.fromisoformat(one[name]) for name in ("starts_at", "ends_at"))
        for one in problem["alternatives"]
    ]
    assert len(times) == 3
    assert all(end <= starts_at - kept or start >= ends_at + kept for start, end in times)


def change_host(world: World, **values: object) -> None:
    world.session.execute(update(Host).where(Host.id == "host").values(**values))
    world.session.commit()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"verified_until": None}, "not_verified"),
        ({"credential_kind": "counsellor"}, "beyond_scope"),
    ],
)
def test_who_may_not_teach_it_is_told_why(
    client: FlaskClient, world: World, values: dict[str, object], code: str
) -> None:
    slot = offer(client, world, scope="medication")
    change_host(world, **values)
    answer = claim(client, world, "host", slot["id"])
    assert (answer.status_code, answer.get_json()["code"]) == (403, code)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (HostTopic(host_id="host", topic_slug="anxiety"), "other_topic"),
        (HostLanguage(host_id="host", language="zh-Hans"), "other_language"),
    ],
)
def test_other_topics_and_languages_are_refused(
    client: FlaskClient, world: World, row: HostTopic | HostLanguage, code: str
) -> None:
    slot = offer(client, world)
    world.session.add(type(row)(**{k: v for k, v in vars(row).items() if k[0] != "_"}))
    world.session.commit()
    answer = claim(client, world, "host", slot["id"])
    assert (answer.status_code, answer.get_json()["code"]) == (403, code)


def test_an_expired_hold_is_taken_again_or_lost(client: FlaskClient, world: World) -> None:
    slot_id = offered(world).id
    world.session.commit()
    client.post(f"{BASE}/slots/{slot_id}/hold", headers=bearer(world, "host"))
    over = world.now - timedelta(minutes=1)
    world.session.execute(update(Reservation).values(expires_at=over))
    world.session.commit()
    assert claim(client, world, "host", slot_id).status_code == 201


def test_handing_back_opens_the_slot_and_frees_the_time(client: FlaskClient, world: World) -> None:
    slot = offer(client, world)
    made = claim(client, world, "host", slot["id"]).get_json()
    back = f"{BASE}/slots/{slot['id']}/return"
    assert client.post(back, headers=bearer(world, "other_host")).status_code == 403
    after = client.post(back, headers=bearer(world, "host")).get_json()
    assert (after["state"], after["livestream"]) == ("open", None)
    assert world.session.get_one(Livestream, made["id"]).state == "cancelled"
    assert claim(client, world, "other_host", slot["id"]).status_code == 201


def test_handing_back_within_a_day_is_too_late(client: FlaskClient, world: World) -> None:
    soon = world.now + timedelta(hours=23)
    slot = offer(
        client, world, starts_at=rfc3339(soon), ends_at=rfc3339(soon + timedelta(minutes=45))
    )
    claim(client, world, "host", slot["id"])
    answer = client.post(f"{BASE}/slots/{slot['id']}/return", headers=bearer(world, "host"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "too_late")


def test_list_filters_and_pages(client: FlaskClient, world: World) -> None:
    ids = []
    for day in (3, 4, 5):
        start = world.now + timedelta(days=day)
        end = start + timedelta(minutes=45)
        topic = "anxiety" if day == 4 else "sleep"
        changes = {"starts_at": rfc3339(start), "ends_at": rfc3339(end), "topics": [topic]}
        ids.append(offer(client, world, **changes)["id"])
    client.post(f"{BASE}/slots/{ids[2]}/withdraw", headers=bearer(world, "editor"))

    def listed(query: str) -> tuple[list[str], str | None]:
        answer = client.get(f"{BASE}/slots?{query}", headers=bearer(world, "host")).get_json()
        return [one["id"] for one in answer["items"]], answer["next_cursor"]

    assert listed("limit=2") == (ids[:2], ids[1])
    assert listed(f"limit=2&cursor={ids[1]}") == (ids[2:], None)
    assert listed("state=open") == (ids[:2], None)
    assert listed("topic=anxiety&state=open,withdrawn") == ([ids[1]], None)
    assert listed("language=zh-Hans") == ([], None)
    until = (world.now + timedelta(days=3, hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert listed(f"to={until}") == ([ids[0]], None)


def test_faults_of_a_slot_stand_beside_their_fields(client: FlaskClient, world: World) -> None:
    past = world.now - timedelta(days=1)
    body = body_of(world, starts_at=rfc3339(past), topics=["none"], room="none")
    answer = client.post(f"{BASE}/slots", json=body, headers=bearer(world, "editor"))
    fields = {error["field"] for error in answer.get_json()["errors"]}
    assert (answer.status_code, fields) == (422, {"topics", "starts_at", "ends_at", "room"})


def test_a_proposal_goes_back_with_a_reason(client: FlaskClient, world: World) -> None:
    made = world.livestream()
    world.session.commit()
    one = f"{BASE}/livestreams/{made.id}"
    client.post(f"{one}/propose", headers=bearer(world, "host"))
    empty = client.post(f"{one}/return", json={"reason": " "}, headers=bearer(world, "editor"))
    assert (empty.status_code, empty.get_json()["errors"][0]["field"]) == (422, "reason")
    answer = client.post(
        f"{one}/return", json={"reason": "Another day, please."}, headers=bearer(world, "editor")
    )
    assert (answer.status_code, answer.get_json()["state"]) == (200, "draft")
    states = world.session.scalars(select(Reservation.state)).all()
    assert states == ["released"]
    assert client.post(f"{one}/propose", headers=bearer(world, "host")).status_code == 200


def test_a_room_goes_with_the_slot_and_is_taken_once(client: FlaskClient, world: World) -> None:
    world.session.add(Room(id="studio", names={"en": "Studio"}, created_at=world.now))
    world.session.commit()
    first, second = offer(client, world, room="studio"), offer(client, world, room="studio")
    assert claim(client, world, "host", first["id"]).status_code == 201
    parts = world.session.execute(
        select(ReservedResource.resource_id, ReservedResource.part).order_by(
            ReservedResource.resource_id
        )
    )
    assert [tuple(row) for row in parts] == [("host", "host"), ("studio", "room")]
    problem = claim(client, world, "other_host", second["id"]).get_json()
    assert (problem["code"], problem["detail"]) == (
        "taken",
        "The room is taken at this time. An editor can choose another one.",
    )
    late = client.post(
        f"{BASE}/slots", json=body_of(world, room="studio"), headers=bearer(world, "editor")
    )
    assert (late.status_code, late.get_json()["errors"][0]["field"]) == (422, "room")


def test_a_claim_is_made_once_however_often_it_is_sent(client: FlaskClient, world: World) -> None:
    slot = offer(client, world)
    headers = {**bearer(world, "host"), "Idempotency-Key": "once"}
    answers = [
        client.post(f"{BASE}/slots/{slot['id']}/claim", json={}, headers=headers)
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].get_json()["id"] == answers[1].get_json()["id"]
