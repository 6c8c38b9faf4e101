"""The gate refuses each missing item by name: by page, by the API, by RTMP and by chunks."""

import html
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.database import Sessions
from core.settings import Settings
from media.ffmpeg import ffmpeg_path
from media.process import Argument, ChildProcess
from streams.doors.keys import key_of
from streams.life.errors import GateShut
from streams.node.admission import invitation_of, note_arrival
from tests.fakes.feeds import fit_feed
from tests.fakes.gates import MISSING, take_away
from tests.fakes.hosting import Tags, browser_of
from tests.fakes.nodes import Browser, RunningNode
from tests.fakes.programme import DATA_KEY, World
from tests.fakes.storage import MemoryStorage
from web.site import Site

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
once = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
each = pytest.mark.parametrize("name", MISSING)


@pytest.fixture
def world(session: Session) -> World:
    return World(session, NOW).build()


def ready(world: World, **changes: Any) -> Livestream:  # noqa: ANN401 -- fields of a draft
    return world.livestream(state="scheduled", moderators=1, **changes)


def key_for(world: World, livestream: Livestream) -> str:
    return key_of(world.session, livestream_id=livestream.id, data_key=DATA_KEY) or ""


@each
def test_api_names_what_is_missing(client: FlaskClient, world: World, name: str) -> None:
    made = ready(world)
    code, reason = take_away(world, made, name)
    world.session.commit()
    headers = {"Authorization": f"Bearer {world.tokens['host']}"}
    with time_machine.travel(NOW, tick=False):
        answer = client.post(f"/api/v1/livestreams/{made.id}/start", headers=headers)
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (409, "gate_shut")
    assert problem["errors"] == [{"field": code, "message": reason}]
    assert problem["detail"] == reason
    assert world.session.get_one(Livestream, made.id).state == "scheduled"


@each
def test_page_names_what_is_missing(app: Site, world: World, name: str) -> None:
    made = ready(world)
    code, reason = take_away(world, made, name)
    world.session.commit()
    desk = f"/livestreams/{made.id}/desk"
    with time_machine.travel(NOW, tick=False):
        browser = browser_of(app, world, "host")
        page = browser.get(desk).text
        token = Tags(page).values()["csrf_token"]
        answer = browser.post(f"{desk}/start", data={"csrf_token": token})
    assert f'data-code="{code}"' in page
    assert reason in html.unescape(page)
    assert answer.status_code == 409
    assert reason in html.unescape(answer.text).partition('role="alert"')[2][:300]


@each
def test_push_that_would_start_is_refused_twice(world: World, name: str) -> None:
    """Before anything is opened, and again in the transaction of the start."""
    made = ready(world, auto_start=True)
    key = key_for(world, made)
    assert invitation_of(world.session, key=key, now=NOW) is not None
    code, reason = take_away(world, made, name)
    with pytest.raises(GateShut) as before:
        invitation_of(world.session, key=key, now=NOW)
    with pytest.raises(GateShut) as within:
        note_arrival(world.session, livestream_id=made.id, now=NOW)
    for shut in (before.value, within.value):
        assert ([error.field for error in shut.errors], str(shut)) == ([code], reason)
    assert world.session.get_one(Livestream, made.id).state == "scheduled"


@once
@each
def test_both_doors_of_a_node_name_what_is_missing(
    sessions: Sessions, settings: Settings, now: datetime, name: str
) -> None:
    settings.home.mkdir(parents=True)
    with sessions() as session:
        world = World(session, now).build()
        made = ready(world, auto_start=True)
        key = key_for(world, made)
        code, reason = take_away(world, made, name)
        livestream_id = made.id
        session.commit()
    node = RunningNode(settings, sessions, MemoryStorage()).start()
    try:
        status, problem = Browser(node, livestream_id, key).put(0, b"\x1a\x45\xdf\xa3")
        told = pushed(node, key, settings)
    finally:
        node.stop()
    assert (status, problem["code"], problem["detail"]) == (409, "gate_shut", reason)
    assert problem["errors"] == [{"field": code, "message": reason}]
    assert reason in told
    with sessions() as session:
        assert session.get_one(Livestream, livestream_id).state == "scheduled"


def pushed(node: RunningNode, key: str, settings: Settings) -> str:
    """Push with an encoder; return what it says when it was refused."""
    feed, said = settings.home / "feed.flv", settings.home / "said.txt"
    feed.write_bytes(fit_feed())
    url = f"rtmp://127.0.0.1:{node.rtmp_port}/live/{key}"
    program: list[Argument] = [
        ffmpeg_path(),
        "-hide_banner",
        "-nostdin",
        "-i",
        feed,
        "-c",
        "copy",
        "-f",
        "flv",
    ]
    program.append(url)
    encoder = ChildProcess(program, log=said).start()
    assert encoder.wait(20) != 0
    encoder.close()
    return said.read_text()


@pytest.mark.parametrize("name", [one for one in MISSING if one != "licence"])
def test_rehearsal_needs_no_more_than_a_licence(world: World, name: str) -> None:
    made = ready(world)
    take_away(world, made, name)
    assert invitation_of(world.session, key=key_for(world, made), now=NOW) is not None
    note_arrival(world.session, livestream_id=made.id, now=NOW)
    assert world.session.get_one(Livestream, made.id).state == "scheduled"


@pytest.mark.parametrize("name", [one for one in MISSING if one != "licence"])
def test_whoever_is_live_may_come_back(world: World, name: str) -> None:
    made = world.livestream(state="live", broadcast="interrupted", auto_start=True, moderators=1)
    take_away(world, made, name)
    assert invitation_of(world.session, key=key_for(world, made), now=NOW) is not None
    note_arrival(world.session, livestream_id=made.id, now=NOW)
    assert world.session.get_one(Livestream, made.id).state == "live"
