"""Whose licence is not valid at this moment does nothing: by page, by the API, by stream key."""

import json
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.credentials.services.withdrawal import withdraw
from catalog.enums import LivestreamState
from catalog.models import Host, Livestream
from core.database import Sessions
from core.settings import Settings
from scheduler.errors import NotVerified
from streams.doors.keys import key_of
from streams.life import services as life
from streams.node.admission import invitation_by_chunks, invitation_of, may_send
from tests.fakes.hosting import Tags, browser_of
from tests.fakes.nodes import RunningNode
from tests.fakes.programme import DATA_KEY, World
from tests.fakes.slots import offered
from tests.fakes.storage import MemoryStorage
from web.clock import end_withdrawn
from web.site import Site

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BLOCKED = {"expired": NOW, "withdrawn": None, "unverified": None}
"""Until when each kind is verified; one that was withdrawn is withdrawn by the service."""
ALLOWED = NOW + MINUTE
"""A licence that ends a minute from now is valid now."""


@pytest.fixture
def world(session: Session) -> World:
    return World(session, NOW).build()


def let(world: World, kind: str) -> None:
    """Make the host of the world one of a kind."""
    host = world.session.get_one(Host, "host")
    host.verified_until = ALLOWED if kind == "allowed" else BLOCKED[kind]
    if kind == "withdrawn":
        host.verified_until = ALLOWED
        world.session.flush()
        withdraw(
            world.session,
            actor=world.actors["editor"],
            person_id="host",
            reason="Struck off.",
            now=NOW,
        )
    world.session.commit()


def evening(world: World) -> Livestream:
    """Return a scheduled livestream that is in nobody's way."""
    starts_at = NOW + timedelta(hours=4)
    ends_at = starts_at + timedelta(hours=1)
    return world.livestream(state="scheduled", moderators=1, starts_at=starts_at, ends_at=ends_at)


def ask(client: FlaskClient, world: World, name: str, address: str, **body: object) -> Any:  # noqa: ANN401 -- a response
    headers = {"Authorization": f"Bearer {world.tokens[name]}"}
    return client.post(f"/api/v1/{address}", json=body, headers=headers)


@pytest.mark.parametrize("kind", BLOCKED)
@pytest.mark.parametrize("who", ["host", "editor"])
def test_api_schedules_and_starts_nothing(
    client: FlaskClient, world: World, kind: str, who: str
) -> None:
    proposed = world.livestream(state="proposed").id
    scheduled = evening(world).id
    let(world, kind)
    with time_machine.travel(NOW, tick=False):
        schedule = ask(client, world, "editor", f"livestreams/{proposed}/schedule")
        start = ask(client, world, who, f"livestreams/{scheduled}/start")
    assert (schedule.status_code, schedule.json["code"]) == (403, "not_verified")
    assert (start.status_code, start.json["code"]) == (409, "gate_shut")
    states = [world.session.get_one(Livestream, one).state for one in (proposed, scheduled)]
    assert states == [LivestreamState.PROPOSED, LivestreamState.SCHEDULED]


@pytest.mark.parametrize("kind", BLOCKED)
def test_api_claims_nothing(client: FlaskClient, world: World, kind: str) -> None:
    slot = offered(world).id
    let(world, kind)
    with time_machine.travel(NOW, tick=False):
        for act in ("hold", "claim"):
            answer = ask(client, world, "host", f"slots/{slot}/{act}")
            assert (act, answer.status_code, answer.json["code"]) == (act, 403, "not_verified")


@pytest.mark.parametrize("kind", BLOCKED)
def test_pages_schedule_and_start_nothing(app: Site, world: World, kind: str) -> None:
    proposed = world.livestream(state="proposed").id
    scheduled = evening(world).id
    let(world, kind)
    with time_machine.travel(NOW, tick=False):
        for name, livestream_id, act in (
            ("editor", proposed, "schedule"),
            ("editor", scheduled, "start"),
            ("host", scheduled, "start"),
        ):
            browser = browser_of(app, world, name)
            desk = f"/livestreams/{livestream_id}/desk"
            token = Tags(browser.get(desk).text).values()["csrf_token"]
            answer = browser.post(f"{desk}/{act}", data={"csrf_token": token})
            assert (name, act, answer.status_code in {403, 409}) == (name, act, True)
            assert "licence is not verified at present" in answer.text
    states = [world.session.get_one(Livestream, one).state for one in (proposed, scheduled)]
    assert states == [LivestreamState.PROPOSED, LivestreamState.SCHEDULED]


@pytest.mark.parametrize("kind", BLOCKED)
def test_stream_key_opens_neither_door(world: World, kind: str) -> None:
    made = world.livestream(state="scheduled")
    key = key_of(world.session, livestream_id=made.id, data_key=DATA_KEY) or ""
    let(world, kind)
    with pytest.raises(NotVerified):
        invitation_of(world.session, key=key, now=NOW)
    with pytest.raises(NotVerified):
        invitation_by_chunks(world.session, livestream_id=made.id, key=key, now=NOW)


def test_a_minute_before_the_end_everything_is_open(client: FlaskClient, world: World) -> None:
    proposed = world.livestream(state="proposed").id
    scheduled = evening(world).id
    key = key_of(world.session, livestream_id=scheduled, data_key=DATA_KEY) or ""
    slot = offered(world).id
    let(world, "allowed")
    assert invitation_of(world.session, key=key, now=NOW) is not None
    chunks = invitation_by_chunks(world.session, livestream_id=scheduled, key=key, now=NOW)
    assert chunks.livestream_id == scheduled
    with time_machine.travel(NOW, tick=False):
        answers = [
            ask(client, world, "editor", f"livestreams/{proposed}/schedule"),
            ask(client, world, "host", f"slots/{slot}/claim"),
            ask(client, world, "host", f"livestreams/{scheduled}/start"),
        ]
    assert [one.status_code for one in answers] == [200, 201, 200]


def test_the_same_is_shut_a_minute_later(client: FlaskClient, world: World) -> None:
    proposed = world.livestream(state="proposed").id
    key = key_of(world.session, livestream_id=evening(world).id, data_key=DATA_KEY) or ""
    slot = offered(world).id
    let(world, "allowed")
    later = NOW + MINUTE
    with pytest.raises(NotVerified):
        invitation_of(world.session, key=key, now=later)
    with time_machine.travel(later, tick=False):
        answers = [
            ask(client, world, "editor", f"livestreams/{proposed}/schedule"),
            ask(client, world, "host", f"slots/{slot}/claim"),
        ]
    assert [one.json["code"] for one in answers] == ["not_verified", "not_verified"]


def test_blocked_host_may_write_and_propose_drafts(client: FlaskClient, world: World) -> None:
    draft = world.livestream().id
    let(world, "expired")
    with time_machine.travel(NOW, tick=False):
        assert ask(client, world, "host", f"livestreams/{draft}/propose").status_code == 200


@pytest.mark.parametrize(
    ("until", "may"), [(NOW - MINUTE, True), (None, False)], ids=["expired", "withdrawn"]
)
def test_show_that_is_live_may_go_on_unless_the_licence_was_withdrawn(
    until: datetime | None,
    may: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    assert may_send(LivestreamState.LIVE, until, NOW) is may


def test_clock_ends_what_is_live_of_a_withdrawn_host_and_of_nobody_else(world: World) -> None:
    live = world.livestream(state="scheduled", moderators=1)
    life.start(world.session, livestream=live, now=NOW)
    let(world, "expired")
    end_withdrawn(world.session, NOW)
    assert world.session.get_one(Livestream, live.id).state == LivestreamState.LIVE
    let(world, "withdrawn")
    end_withdrawn(world.session, NOW)
    ended = world.session.get_one(Livestream, live.id)
    assert (ended.state, ended.ended_at) == (LivestreamState.ENDED, NOW)


def test_chunk_door_says_why_it_is_shut(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    settings.home.mkdir(parents=True)
    with sessions() as session:
        world = World(session, now).build()
        made = world.livestream(state="scheduled")
        key = key_of(session, livestream_id=made.id, data_key=DATA_KEY) or ""
        session.get_one(Host, "host").verified_until = now  # long before the real clock's now
        session.commit()
    node = RunningNode(settings, sessions, MemoryStorage()).start()
    try:
        answer = put(node.chunk_port, f"/ingest/chunks/{made.id}/{key}/0")
    finally:
        node.stop()
    assert answer == (403, "not_verified", "The host's licence is not verified at present.")


def put(port: int, path: str) -> tuple[int, str, str]:
    """Send a chunk; return the status, the code and the words of the answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("PUT", path, b"\x1a\x45\xdf\xa3")
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    return response.status, body["code"], body["detail"]
