"""The page and the API by which a replay is cut, and its chapters edited."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from accounts.models import AuditEntry
from catalog.models import Livestream
from core.clock import utc_now
from core.work.models import Work
from media.cuts.rules import KEPT
from media.models import Broadcast
from media.tracks import tracks_of
from tests.streams.trimming.conftest import CHAPTERS, Scene

pytestmark = pytest.mark.integration


def acts(scene: Scene) -> list[str]:
    return list(scene.session.scalars(select(AuditEntry.act).order_by(AuditEntry.at)))


def told(answer: TestResponse) -> dict[str, Any]:
    assert answer.json is not None
    return dict(answer.json)


def chapters(scene: Scene) -> list[tuple[int, int, str]]:
    (track,) = tracks_of(scene.session, scene.livestream.broadcast_id)
    return [(start, end, title) for start, end, title in track.cues]


def uris(scene: Scene) -> list[str]:
    text = scene.client.get(f"/media/{scene.livestream.broadcast_id}/source/index.m3u8").text
    return [line for line in text.splitlines() if line.endswith(".m4s")]


def test_cut_and_undo_through_the_api(scene: Scene) -> None:
    cut = scene.api("POST", "trim", {"start_seconds": 11.6, "end_seconds": 35})
    assert cut.status_code == 200
    assert {**told(cut), "undo_until": ""} == {
        "shown_seconds": 23, "cut_start_seconds": 12, "cut_end_seconds": 5, "revision": 1,
        "undo_until": "",
    }  # fmt: skip
    assert uris(scene) == [f"0-{n}.m4s" for n in range(12, 35)]
    assert chapters(scene) == [(0, 18_000, "What helps"), (18_000, 23_000, "Questions")]
    assert scene.api("GET", "trim").json == cut.json
    undone = scene.api("DELETE", "trim")
    assert (undone.status_code, told(undone)["shown_seconds"]) == (200, 40)
    assert told(undone)["undo_until"] is None
    assert (chapters(scene), len(uris(scene))) == (CHAPTERS, 40)
    assert acts(scene) == ["livestream.trim", "livestream.undo_trim"]
    asked = {(one.kind, one.revision) for one in scene.session.scalars(select(Work))}
    assert {("poster", 2), ("final_playlists", 2), ("ladder_plan", 1), ("cut", 1)} <= asked


def test_seen_revision_that_is_over_is_refused(scene: Scene) -> None:
    assert scene.api("POST", "trim", {"start_seconds": 5, "revision": 0}).status_code == 200
    again = scene.api("POST", "trim", {"start_seconds": 5, "revision": 0})
    assert (again.status_code, told(again)["code"]) == (409, "cut_meanwhile")
    assert scene.broadcast.revision == 1


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"state": "live"}, "no_recording"),
        ({"state": "scheduled"}, "no_recording"),
        ({"recorded": False}, "no_recording"),
        ({"withheld_at": utc_now()}, "no_recording"),
    ],
)
def test_only_a_finished_recording_that_is_kept_is_cut(
    scene: Scene, state: dict[str, object], code: str
) -> None:
    scene.session.execute(update(Livestream).values(**state))
    scene.session.expire_all()
    refused = scene.api("POST", "trim", {"start_seconds": 5})
    assert (refused.status_code, told(refused)["code"]) == (409, code)


def test_what_leaves_too_little_is_named_by_its_field(scene: Scene) -> None:
    refused = scene.api("POST", "trim", {"start_seconds": 35})
    assert (refused.status_code, told(refused)["errors"][0]["field"]) == (422, "end_seconds")
    nothing = scene.api("POST", "trim", {"start_seconds": 0.2, "end_seconds": 40})
    assert (nothing.status_code, told(nothing)["code"]) == (409, "nothing_to_cut")


def test_undo_after_a_day_is_refused(scene: Scene) -> None:
    scene.api("POST", "trim", {"start_seconds": 5})
    scene.session.execute(update(Broadcast).values(trimmed_at=utc_now() - KEPT))
    refused = scene.api("DELETE", "trim")
    assert (refused.status_code, told(refused)["code"]) == (409, "cut_is_final")
    text = scene.ask("GET", scene.page).text
    assert "Bring all of it back" not in text


def test_page_says_what_goes_before_it_goes(scene: Scene) -> None:
    text = scene.ask("GET", f"{scene.page}?start_seconds=0:12&end_seconds=0:35").text
    assert "The first 0:12 and the last 0:05 go." in text
    assert "0:23 remain." in text
    assert 'name="revision" value="0"' in text
    assert scene.broadcast.revision == 0
    form = {"start_seconds": "0:12", "end_seconds": "0:35", "revision": "0"}
    done = scene.ask("POST", scene.page, data=form)
    assert (done.status_code, done.headers["Location"]) == (303, scene.page)
    text = scene.ask("GET", scene.page).text
    assert "0:12 at the start and 0:05 at the end." in text
    assert "It lasts 0:23 now." in text
    assert scene.ask("POST", f"{scene.page}/undo").status_code == 303
    assert len(uris(scene)) == 40


def test_page_names_what_was_typed_wrongly(scene: Scene) -> None:
    page = scene.ask("POST", scene.page, data={"start_seconds": "soon", "end_seconds": "0:39"})
    assert page.status_code == 422
    assert 'aria-invalid="true" aria-describedby="start_seconds-fault"' in page.text
    assert 'value="soon"' in page.text
    late = scene.ask("POST", scene.page, data={"start_seconds": "0:05", "revision": "7"})
    assert late.status_code == 409
    assert "Somebody else has changed the cuts meanwhile." in late.text


def test_chapters_are_edited_on_the_page(scene: Scene) -> None:
    titles = re.findall(r'name="title" value="([^"]*)"', scene.ask("GET", scene.page).text)
    assert titles == ["Welcome", "What helps", "Questions", ""]
    form = {"at": ["0:00", "0:12", "0:20", ""], "title": ["Hello", "", "Breathing", ""]}
    saved = scene.ask("POST", f"{scene.page}/chapters", data=form)
    assert saved.status_code == 303
    assert chapters(scene) == [(0, 20_000, "Hello"), (20_000, 40_000, "Breathing")]
    wrong = scene.ask("POST", f"{scene.page}/chapters", data={"at": ["x"], "title": ["y"]})
    assert (wrong.status_code, 'id="chapters-fault"' in wrong.text) == (422, True)
    assert scene.ask("POST", f"{scene.page}/chapters", data={}).status_code == 303
    assert tracks_of(scene.session, scene.livestream.broadcast_id) == []


def test_marks_are_set_while_live_within_what_was_sent(scene: Scene) -> None:
    late = scene.api("POST", "marks", {"title": "Too late"})
    assert (late.status_code, told(late)["code"]) == (409, "not_on_air")
    scene.session.execute(update(Livestream).values(state="live"))
    scene.session.expire_all()
    began = scene.broadcast.opened_at
    assert began is not None
    moments = {"Early": began - timedelta(days=1), "There": began + timedelta(seconds=20)}
    for title, at in moments.items():
        made = scene.api("POST", "marks", {"title": title, "at": at.isoformat()})
        assert made.status_code == 201
    assert scene.api("POST", "marks", {}).status_code == 201
    items = told(scene.api("GET", "marks"))["items"]
    assert [one["title"] for one in items] == ["Early", "There", ""]
    changed = scene.api("PATCH", f"marks/{items[2]['id']}", {"title": "Last"})
    assert (changed.status_code, told(changed)["title"]) == (200, "Last")
    assert scene.api("PATCH", f"marks/{items[2]['id']}", {"title": "x" * 121}).status_code == 422
    assert scene.api("DELETE", f"marks/{items[0]['id']}").status_code == 204
    assert scene.api("DELETE", f"marks/{items[0]['id']}").status_code == 404
    assert [one["title"] for one in told(scene.api("GET", "marks"))["items"]] == ["There", "Last"]
