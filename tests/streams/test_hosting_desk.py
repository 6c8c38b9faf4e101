"""The list and the desk: a whole life through HTML, the key, and steps that failed."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from catalog.models import Host, Livestream
from catalog.rules import nearest_times
from core.clock import utc_now
from core.work.enums import WorkState
from core.work.models import Work
from core.work.services import enqueue
from media.imports.forgetting import FORGET
from media.models import Asset, Broadcast, Ingest
from tests.fakes.hosting import Tags, browser_of, send
from tests.fakes.programme import World
from web import assets
from web.site import Site

pytestmark = pytest.mark.integration

REASON = "The storage of the recordings cannot be reached just now."


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def world(session: Session, app: Site) -> World:
    """Return an installation at the real present: pages read the clock."""
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def desk_of(livestream: Livestream) -> str:
    return f"/livestreams/{livestream.id}/desk"


def state_of(world: World, livestream: Livestream) -> str:
    world.session.expire_all()
    return world.session.get_one(Livestream, livestream.id).state


def put_on_air(world: World, livestream: Livestream) -> None:
    """Do what the media node does when an encoder connects."""
    broadcast = world.session.get_one(Broadcast, livestream.broadcast_id)
    broadcast.state = "receiving"
    broadcast.faults = ["no_sound"]
    world.session.add(
        Ingest(
            broadcast_id=broadcast.id,
            number=0,
            kind="rtmp",
            epoch=1,
            started_at=world.now,
            shape={"video": "h264", "width": 1280, "height": 720, "frame_rate": 29.97, "audio": ""},
        )
    )
    world.session.commit()


def failed_step(world: World, livestream: Livestream) -> Work:
    work = Work(
        kind="sound",
        subject=livestream.broadcast_id,
        state=WorkState.FAILED,
        attempts=6,
        reason=REASON,
        due_at=world.now,
        created_at=world.now,
    )
    world.session.add(work)
    world.session.commit()
    return work


def test_the_list_groups_livestreams_by_what_they_need(app: Site, world: World) -> None:
    browser = browser_of(app, world, "host")
    assert "No livestreams yet" in browser.get("/hosting").text
    states = ("published", "draft", "live", "ended", "scheduled", "proposed", "missed")
    made = {state: world.livestream(state=state) for state in states}
    other = world.livestream(state="draft", host_id="otherhost")
    world.session.commit()
    mine, every = (
        browser.get("/hosting").text,
        browser_of(app, world, "editor").get("/hosting").text,
    )
    headings = re.findall(r'<section aria-labelledby="(\w+)-h">', mine)
    assert headings == [
        "on_air",
        "ended",
        "coming",
        "proposed",
        "drafts",
        "published",
        "closed",
    ]
    assert all(desk_of(one) in mine for one in made.values())
    assert (desk_of(other) in mine, desk_of(other) in every) == (False, True)
    assert "See how it stands" in mine
    assert "Check it and schedule it" in every


@pytest.mark.parametrize(("name", "shown"), [("host", True), ("editor", True), ("viewer", False)])
def test_the_head_leads_hosts_and_staff_to_hosting(
    app: Site, world: World, name: str, *, shown: bool
) -> None:
    assert ('href="/hosting"' in browser_of(app, world, name).get("/").text) is shown


def test_a_whole_life_through_the_desk(app: Site, world: World) -> None:
    made = world.livestream()
    world.moderate(made)
    world.session.commit()
    desk = desk_of(made)
    host, editor = browser_of(app, world, "host"), browser_of(app, world, "editor")

    def press(browser: FlaskClient, act: str) -> str:
        assert act in Tags(browser.get(desk).text).acts()
        assert send(browser, f"{desk}/{act}", desk).status_code == 303
        return state_of(world, made)

    assert press(host, "propose") == "proposed"
    assert "schedule" not in Tags(host.get(desk).text).acts()
    assert press(editor, "schedule") == "scheduled"
    put_on_air(world, made)
    rehearsal = host.get(desk).text
    assert "Rehearsal" in rehearsal
    assert re.search(r"<dd>1280 . 720<", rehearsal)
    assert "29.97 frames a second" in rehearsal
    assert "No sound arrives. Check the microphone in your encoder." in rehearsal
    assert "没有收到声音" in host.get(f"/zh{desk}").text
    assert press(host, "start") == "live"
    assert press(host, "end") == "ended"
    assert press(host, "publish") == "published"
    acts = world.session.scalars(
        select(AuditEntry.act).where(AuditEntry.subject_id == made.id).order_by(AuditEntry.at)
    ).all()
    assert list(acts) == [
        f"livestream.{act}" for act in ("propose", "schedule", "start", "end", "publish")
    ]


def test_what_cannot_be_undone_asks_once_more(app: Site, world: World) -> None:
    made = world.livestream(state="live", broadcast="receiving")
    world.session.commit()
    text = browser_of(app, world, "host").get(desk_of(made)).text
    details = re.search(
        r'<details class="confirm" id="confirm-end">(.*?)</details>', text, re.DOTALL
    )
    assert details is not None
    assert "it cannot be taken up again" in details[1]
    assert f'formaction="{desk_of(made)}/end"' in details[1]
    assert text.count("/desk/end") == 1


def test_a_shut_gate_is_told_beside_the_button_and_on_the_desk(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.get_one(Host, "host").verified_until = None
    world.session.commit()
    browser, desk = browser_of(app, world, "host"), desk_of(made)
    reason = "The host&#39;s licence is not verified at present."
    page = browser.get(desk).text
    gate = page.partition('id="shut"')[2].partition("</ul>")[0]
    assert re.findall(r'data-code="(\w+)"', gate) == ["host_verified", "moderators"]
    assert "The editors assign somebody in the rota." in gate
    assert "start" not in Tags(page).acts()
    refused = send(browser, f"{desk}/start", desk)
    assert refused.status_code == 409
    assert reason in refused.text.partition('role="alert"')[2][:200]


def test_an_act_that_came_too_late_shows_how_it_stands(app: Site, world: World) -> None:
    made = world.livestream(state="ended", broadcast="ended")
    world.session.commit()
    answer = send(browser_of(app, world, "host"), f"{desk_of(made)}/end", desk_of(made))
    assert answer.status_code == 409
    assert "the state has changed" in answer.text
    assert "Only its host and the editors see the recording" in answer.text


def test_the_same_state_is_the_same_fragment(app: Site, world: World) -> None:
    made = world.livestream(state="live", broadcast="interrupted")
    world.session.commit()
    browser = browser_of(app, world, "host")
    first, second = (browser.get(f"{desk_of(made)}/state").text for _ in range(2))
    assert first == second  # so that its script touches nothing
    assert "within 120 seconds" in first
    fresh = [one["id"] for tag, one in Tags(first).tags if "data-fresh" in one]
    assert fresh == ["fresh-state", "fresh-acts", "fresh-feed", "fresh-work"]


def test_a_failed_step_shows_its_reason_and_is_tried_again(app: Site, world: World) -> None:
    made = world.livestream(state="ended", broadcast="ended")
    work = failed_step(world, made)
    browser, desk = browser_of(app, world, "host"), desk_of(made)
    assert REASON in browser.get(desk).text
    assert "暂时无法连接录像的存储。" in browser.get(f"/zh{desk}").text
    retry = f"{desk}/work/{work.id}/retry"
    assert f'formaction="{retry}"' in browser.get(desk).text
    assert send(browser, retry, desk).status_code == 303
    world.session.expire_all()
    assert (work.state, work.attempts, work.reason) == ("queued", 0, "")
    assert "Waits for its turn" in browser.get(desk).text
    assert send(browser, retry, desk).status_code == 409


def test_a_step_after_a_talk_was_taken_back_has_a_name(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    enqueue(world.session, kind=FORGET, subject=made.broadcast_id, now=utc_now())
    world.session.commit()
    page = browser_of(app, world, "host").get(desk_of(made)).text
    named = "Removal of the talk that was replaced or taken back"
    assert (named in page, FORGET in page) == (True, False)


def test_a_step_of_another_livestream_is_not_tried_again(app: Site, world: World) -> None:
    mine = world.livestream(state="ended", broadcast="ended")
    other = world.livestream(state="ended", broadcast="ended", host_id="otherhost")
    work = failed_step(world, other)
    retry = f"{desk_of(mine)}/work/{work.id}/retry"
    assert send(browser_of(app, world, "host"), retry, desk_of(mine)).status_code == 404
    world.session.expire_all()
    assert work.state == "failed"


def test_steps_in_the_api(app: Site, world: World) -> None:
    made = world.livestream(state="ended", broadcast="ended")
    work = failed_step(world, made)
    address = f"/api/v1/livestreams/{made.id}/work"
    headers = {"Authorization": f"Bearer {world.tokens['host']}", "Accept-Language": "zh-CN"}
    browser = app.test_client()
    listed = browser.get(address, headers=headers).get_json()
    shown = {
        "id": work.id,
        "kind": "sound",
        "state": "failed",
        "progress": 0.0,
        "attempts": 6,
        "reason": "暂时无法连接录像的存储。",
        "due_at": listed["items"][0]["due_at"],
        "finished_at": None,
    }
    assert listed == {"items": [shown], "next_cursor": None}
    answer = browser.post(f"{address}/{work.id}/retry", headers=headers)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "queued")
    again = browser.post(f"{address}/{work.id}/retry", headers=headers)
    assert (again.status_code, again.get_json()["code"]) == (409, "not_retryable")
    missing = browser.post(f"{address}/none/retry", headers=headers)
    assert (missing.status_code, missing.get_json()["code"]) == (404, "no_such_work")


def test_the_watch_page_offers_the_desk_to_its_crew_and_the_sound_to_all(
    app: Site, world: World
) -> None:
    made = world.livestream(state="published", broadcast="ended")
    key = f"broadcasts/{made.broadcast_id}/assets/sound.m4a"
    world.session.add(
        Asset(
            broadcast_id=made.broadcast_id,
            kind="sound",
            object_key=key,
            content_type="audio/mp4",
            size=1,
            sha256="",
            created_at=world.now,
        )
    )
    world.session.commit()
    page, sound = f"/livestreams/{made.id}", f"/media/{made.broadcast_id}/assets/sound.m4a"
    host, stranger = browser_of(app, world, "host").get(page).text, app.test_client().get(page).text
    assert (desk_of(made) in host, desk_of(made) in stranger) == (True, False)
    assert (f'href="{sound}"' in host, f'href="{sound}"' in stranger) == (True, True)
    made.state = "ended"
    world.session.commit()
    assert f'href="{sound}"' not in app.test_client().get(page).text
