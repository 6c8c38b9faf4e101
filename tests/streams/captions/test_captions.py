"""Captions of a replay: brought, corrected by two, taken away, brought back, cut; typed live."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.services import create_organisation, create_user, issue_token
from catalog.enums import LivestreamState, Visibility
from catalog.models import Livestream
from core.clock import utc_now
from core.work.queries import find_work
from media.captions.recognising import SPEECH
from media.enums import BroadcastState, TrackKind, TrackSource
from media.models import Broadcast, TextTrack, TrackVersion
from media.tracks import keep_track
from media.webvtt import webvtt
from streams.captions.models import LiveCaption
from streams.captions.queries import length_ms
from streams.captions.services import live
from streams.captions.services.live import TYPED, ask_for_missing, forget_unneeded, keep_typed
from tests.streams.trimming.conftest import Scene, scene
from web.clock import JOBS

if TYPE_CHECKING:
    from accounts.models import User
    from core.work.models import Work

__all__ = ["scene"]
pytestmark = pytest.mark.integration

CUES = [(1000, 3000, "Good evening."), (12_000, 15_000, "What helps"), (35_000, 39_000, "Bye")]


def keep(scene: Scene, source: TrackSource, cues: list[tuple[int, int, str]] | None = None) -> None:
    keep_track(
        scene.session, scene.storage, broadcast_id=scene.livestream.broadcast_id,
        kind=TrackKind.CAPTIONS, language="en", source=source, cues=cues or CUES,
        now=utc_now(),
    )  # fmt: skip


def track(scene: Scene) -> tuple[str, list[list[Any]]] | None:
    query = select(TextTrack).where(TextTrack.kind == TrackKind.CAPTIONS)
    found = scene.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    return None if found is None else (found.source, found.cues)


def versions(scene: Scene) -> list[tuple[str, list[list[Any]]]]:
    query = select(TrackVersion).order_by(TrackVersion.number)
    fresh = scene.session.scalars(query.execution_options(populate_existing=True))
    return [(one.source, one.cues) for one in fresh]


def line(start: int, end: int, text: str) -> dict[str, Any]:
    return {"start_ms": start, "end_ms": end, "text": text}


def patch(scene: Scene, was: list[dict[str, Any]], now: list[dict[str, Any]]) -> Any:  # noqa: ANN401 -- an answer
    return scene.api("PATCH", "captions/en", {"was": was, "now": now})


def send(scene: Scene, data: bytes, **form: str) -> Any:  # noqa: ANN401 -- an answer
    page = f"/livestreams/{scene.livestream.id}/captions"
    body = {"file": (io.BytesIO(data), "x.vtt"), "language": "en", **form}
    return scene.ask("POST", page, data=body, content_type="multipart/form-data")


def test_file_takes_the_place_of_captions_which_can_be_brought_back(scene: Scene) -> None:
    keep(scene, TrackSource.AUTOMATIC)
    text = "1\n00:00:02,000 --> 00:00:03,000\nHello\n\n2\n01:00:00,000 --> 01:00:01,000\nLate\n"
    page = send(scene, text.encode("utf-16")).text
    assert "1 line was taken." in page
    assert "This lies after the end of the recording. It was left out." in page
    assert "<strong>Line 6</strong>" in page
    assert track(scene) == ("human", [[2000, 3000, "Hello"]])
    whole = [list(cue) for cue in CUES]
    assert versions(scene) == [("automatic", whole)]
    version = scene.session.scalars(select(TrackVersion)).one()
    path = f"/livestreams/{scene.livestream.id}/captions/restore"
    assert scene.ask("POST", path, data={"version": version.id}).status_code == 303
    assert track(scene) == ("automatic", whole)
    assert versions(scene)[1] == ("human", [[2000, 3000, "Hello"]])


def test_file_with_faults_changes_nothing_and_names_their_lines(scene: Scene) -> None:
    keep(scene, TrackSource.HUMAN)
    answer = send(scene, b"WEBVTT\n\n00:05.000 --> 00:04.000\nA\n")
    assert answer.status_code == 422
    assert "<strong>Line 3</strong>" in answer.text
    assert (track(scene), versions(scene)) == (("human", [list(cue) for cue in CUES]), [])


def test_two_captioners_correct_different_lines_and_the_same_one(scene: Scene) -> None:
    keep(scene, TrackSource.AUTOMATIC)
    first, second = line(*CUES[0]), line(*CUES[1])
    mine = {**first, "text": "Good evening, all."}
    answer = patch(scene, [first], [mine])
    assert (answer.status_code, answer.json["looked_at"], answer.json["lines"]) == (200, 1, 3)
    assert patch(scene, [second], [{**second, "text": "What really helps"}]).status_code == 200
    refused: Any = patch(scene, [first], [{**first, "text": "Good night."}])
    assert (refused.status_code, refused.json["code"]) == (409, "line_changed")
    seen = scene.api("GET", "captions/en?from_ms=900&to_ms=3000").json or {}
    assert seen["items"] == [{**mine, "looked_at": True}]
    assert patch(scene, [first], [mine]).status_code == 200  # the answer to it was lost
    source, cues = track(scene) or ("", [])
    assert (source, [cue[2] for cue in cues]) == (
        "corrected",
        ["Good evening, all.", "What really helps", "Bye"],
    )
    assert versions(scene) == [("automatic", [list(cue) for cue in CUES])]


def test_line_is_looked_at_without_a_change_and_source_of_a_person_stays(scene: Scene) -> None:
    keep(scene, TrackSource.LIVE)
    last = line(*CUES[2])
    assert patch(scene, [last], [last]).json["looked_at"] == 1
    assert track(scene) == ("live", [list(cue) for cue in CUES])
    assert patch(scene, [last], []).json["lines"] == 2
    assert (track(scene) or ("",))[0] == "human"


def test_form_without_scripts_saves_each_line_and_keeps_what_was_refused(scene: Scene) -> None:
    keep(scene, TrackSource.HUMAN)
    page = f"/livestreams/{scene.livestream.id}/captions/en"
    shown = scene.ask("GET", page).text
    assert 'value="0:12.000"' in shown
    was = ['[1000, 3000, "Good evening."]', '[12000, 15000, "What helped"]', "", ""]
    form = {
        "was": was,
        "start": ["0:01.000", "0:12.000", "0:20.000", ""],
        "end": ["0:03.000", "0:15.000", "0:21.500", ""],
        "text": ["Good evening!", "What may help", "New", ""],
    }
    answer = scene.ask("POST", page, data=form)
    assert answer.status_code == 409
    assert "1 line was not saved." in answer.text
    assert '<q lang="en">What helps</q>' in answer.text
    assert "What may help" in answer.text
    assert (track(scene) or ("", []))[1] == [
        [1000, 3000, "Good evening!"],
        [12_000, 15_000, "What helps"],
        [20_000, 21_500, "New"],
        [35_000, 39_000, "Bye"],
    ]


def test_cut_takes_words_from_versions_at_once_and_undo_moves_them_back(scene: Scene) -> None:
    keep(scene, TrackSource.AUTOMATIC)
    scene.api("PUT", "captions/en", {"text": webvtt(CUES[1:])})
    assert scene.api("POST", "trim", {"start_seconds": 10, "end_seconds": 30}).status_code == 200
    left: list[list[Any]] = [[2000, 5000, "What helps"]]
    assert (track(scene), versions(scene)) == (("human", left), [("automatic", left)])
    for ending in ("srt", "vtt", "txt"):
        text = scene.ask("GET", f"/livestreams/{scene.livestream.id}/captions-en.{ending}").text
        assert "What helps" in text
        assert "Bye" not in text
    assert patch(scene, [line(*left[0])], [line(2000, 5000, "What will help")]).status_code == 200
    assert scene.api("DELETE", "trim").status_code == 200
    assert (track(scene) or ("", []))[1] == [[12_000, 15_000, "What will help"], list(CUES[2])]
    assert versions(scene)[0] == ("automatic", [list(CUES[1])])


@pytest.fixture
def on_air(scene: Scene) -> Iterator[Scene]:
    change(scene.session, scene, LivestreamState.LIVE, BroadcastState.RECEIVING)
    yield scene
    scene.session.rollback()


def change(session: Session, scene: Scene, state: LivestreamState, media: BroadcastState) -> None:
    broadcast_id = scene.livestream.broadcast_id
    of_it = Livestream.id == scene.livestream.id
    session.execute(update(Livestream).where(of_it).values(state=state, ended_at=utc_now()))
    session.execute(update(Broadcast).where(Broadcast.id == broadcast_id).values(state=media))
    session.expire_all()


def typed(scene: Scene, text: str, age_ms: int = 0) -> Any:  # noqa: ANN401 -- an answer
    return scene.api("POST", "captions/live", {"text": text, "language": "en", "age_ms": age_ms})


def test_typed_line_is_read_by_everybody_and_kept_by_caches_for_a_second(on_air: Scene) -> None:
    assert [(typed(on_air, text).json or {})["number"] for text in ("One\ntwo", "Private!")] == [
        1,
        2,
    ]
    assert on_air.api("DELETE", "captions/live/2").status_code == 204
    path = f"/api/v1/livestreams/{on_air.livestream.id}/captions/live"
    answer = on_air.client.get(path)
    assert answer.json is not None
    assert [one["text"] for one in answer.json["items"]] == ["One two", ""]
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert "Cookie" not in answer.headers.get("Vary", "")
    later = on_air.client.get(f"{path}?after=2").json
    assert later == {"items": [], "next_cursor": None}
    of_it = Livestream.id == on_air.livestream.id
    company = create_organisation(
        on_air.session, slug="a", names={"en": "A"}, kind="company", now=utc_now()
    )
    private = {"visibility": Visibility.ORGANISATION, "organisation_id": company.id}
    on_air.session.execute(update(Livestream).where(of_it).values(**private))
    on_air.session.expire_all()
    assert on_air.client.get(path).status_code == 404
    assert on_air.api("GET", "captions/live").headers["Cache-Control"] == "private, no-store"


def test_typed_lines_become_captions_in_the_place_of_automatic_ones(on_air: Scene) -> None:
    keep(on_air, TrackSource.AUTOMATIC)
    began = on_air.broadcast.opened_at
    assert began is not None
    long = "word " * 40
    for seconds, text in ((4.0, "Hello"), (2.0, "First"), (20.0, long), (25.0, "")):
        on_air.session.add(
            LiveCaption(
                livestream_id=on_air.livestream.id, number=int(seconds * 2), language="en",
                starts_at=began + timedelta(seconds=seconds), text=text.strip(),
            )
        )  # fmt: skip
    change(on_air.session, on_air, LivestreamState.ENDED, BroadcastState.ENDED)
    assert {ask_for_missing, forget_unneeded} <= {job.act for job in JOBS}
    ask_for_missing(on_air.session, utc_now())
    broadcast_id = on_air.livestream.broadcast_id
    assert find_work(on_air.session, kind=TYPED, subject=broadcast_id, revision=1) is not None
    for _twice in range(2):
        keep_typed(on_air.session, on_air.storage, broadcast_id=broadcast_id, now=utc_now())
    source, cues = track(on_air) or ("", [])
    assert source == "live"
    assert cues[:2] == [[2000, 4000, "First"], [4000, 10_000, "Hello"]]
    assert [cues[2][0], cues[-1][1]] == [20_000, 33_930]
    assert " ".join(cue[2] for cue in cues[2:]) == long.strip()
    assert versions(on_air) == [("automatic", [list(cue) for cue in CUES])]
    assert on_air.session.scalars(select(LiveCaption)).all() == []


def test_lines_typed_in_a_premiere_lie_where_its_viewers_heard_the_words(on_air: Scene) -> None:
    premiere_at = utc_now()
    on_air.broadcast.premiere_at = premiere_at
    on_air.session.add(
        LiveCaption(
            livestream_id=on_air.livestream.id, number=1, language="en",
            starts_at=premiere_at + timedelta(seconds=4), text="Hello",
        )
    )  # fmt: skip
    change(on_air.session, on_air, LivestreamState.ENDED, BroadcastState.ENDED)
    broadcast_id = on_air.livestream.broadcast_id
    keep_typed(on_air.session, on_air.storage, broadcast_id=broadcast_id, now=utc_now())
    assert track(on_air) == ("live", [[4000, 10_000, "Hello"]])


@pytest.mark.parametrize("values", [{"recorded": False}, {"withheld_at": utc_now()}])
def test_typed_lines_of_what_is_not_kept_are_forgotten(
    on_air: Scene, values: dict[str, object]
) -> None:
    typed(on_air, "Hello")
    forget_unneeded(on_air.session, utc_now())
    assert on_air.session.scalars(select(LiveCaption)).all() != []
    change(on_air.session, on_air, LivestreamState.ENDED, BroadcastState.ENDED)
    on_air.session.execute(update(Livestream).values(**values))
    forget_unneeded(on_air.session, utc_now())
    assert on_air.session.scalars(select(LiveCaption)).all() == []


def test_engine_is_asked_where_it_is_installed_and_nobody_wrote(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(scene.session, scene, LivestreamState.ENDED, BroadcastState.ENDED)
    one = {"kind": SPEECH, "subject": scene.livestream.broadcast_id, "revision": 1}
    work: Work | None = None
    for installed, written in ((False, False), (True, True), (True, False)):
        scene.session.execute(delete(TextTrack).where(TextTrack.kind == TrackKind.CAPTIONS))
        monkeypatch.setattr(live, "is_installed", lambda installed=installed: installed)
        if written:
            keep(scene, TrackSource.HUMAN)
        ask_for_missing(scene.session, utc_now())
        work = find_work(scene.session, **one)  # type: ignore[arg-type]  # names and values
        assert (work is not None) == (installed and not written)
    assert work is not None
    assert work.payload == {"language": "en"}


def test_captioner_hears_a_replay_before_its_release_and_no_other_viewer_does(
    scene: Scene,
) -> None:
    change(scene.session, scene, LivestreamState.ENDED, BroadcastState.ENDED)
    long_ago = utc_now() - timedelta(hours=1)
    scene.session.execute(update(Livestream).values(ended_at=long_ago))
    scene.session.expire_all()
    keep(scene, TrackSource.AUTOMATIC)
    path = f"/livestreams/{scene.livestream.id}/captions-en.srt"
    statuses = {}
    for role in (Role.CAPTIONER, Role.VIEWER):
        person: User = create_user(
            scene.session, email=f"{role}@captions.example", password="long enough for all",
            roles=[role], now=utc_now(),
        )  # fmt: skip
        scene.token = issue_token(scene.session, user=person, name="t", now=utc_now())
        gate = f"/internal/gate/{scene.livestream.broadcast_id}"
        statuses[role] = [scene.ask("GET", address).status_code for address in (path, gate)]
    assert statuses == {Role.CAPTIONER: [200, 204], Role.VIEWER: [404, 403]}
    assert length_ms(scene.session, scene.livestream.broadcast_id) == 40_000
