import hashlib
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core.database import Sessions
from core.settings import Settings
from core.work.queries import work_of
from media import hls, jobs, paths, playlists
from media.assets import find_asset, keep_asset
from media.binaries import ffprobe_path
from media.errors import StepRefused, StepStopped, StepTooSlow
from media.feeds.ports import Shape
from media.ladder.part import make_part
from media.ladder.publish import publish_ladder
from media.ladder.storyboard import make_storyboard
from media.models import Ingest
from media.poster import make_poster, places
from media.process import ProcessFailed, run_checked
from media.recording import RecordedRun
from media.sound import make_sound
from media.steps import StepContext, run_program
from tests.fakes.recordings import record_run
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def seen() -> list[float]:
    return []


@pytest.fixture
def step(
    sessions: Sessions, storage: MemoryStorage, settings: Settings, seen: list[float]
) -> Callable[[str], StepContext]:
    def make(subject: str) -> StepContext:
        deadline = time.monotonic() + 60
        return StepContext("w", subject, sessions, storage, settings, seen.append, deadline)

    return make


def recorded(
    sessions: Sessions,
    now: datetime,
    storage: MemoryStorage,
    folder: Path,
    *,
    rates: tuple[int, ...] = (48_000,),
    picture: str = "testsrc2=",
    renditions: tuple[str, ...] = ("source", "sound"),
    opened_after: float = 0.0,
) -> str:
    with sessions.begin() as session:
        show = Show(session, now, *renditions)
        for number, rate in enumerate(rates):
            record_run(show, storage, folder, number, rate=rate, picture=picture)
        show.broadcast.opened_at = now + timedelta(seconds=opened_after)
        show.end()
        return show.id


def probe(data: bytes, folder: Path) -> dict[str, object]:
    file = folder / "probed"
    file.write_bytes(data)
    what = ["-show_entries", "stream=codec_name,width:format=duration", "-of", "json"]
    done = run_checked([ffprobe_path(), "-v", "error", *what, file], timeout=30)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def made(storage: MemoryStorage) -> list[tuple[str, tuple[bytes, str]]]:
    """Return the assets in storage."""
    return [(key, found) for key, found in storage.objects.items() if "/assets/" in key]


def test_replay_steps_are_asked_for_once(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        for _ in range(2):
            jobs.enqueue_replay_steps(session, broadcast_id="b" * 16, now=now)
        asked = [work.kind for work in work_of(session, subject="b" * 16)]
    assert sorted(asked) == sorted(jobs.REPLAY_STEPS)
    assert jobs.TITLES.keys() == jobs.STEPS.keys()


def test_final_playlists_are_objects(
    sessions: Sessions,
    now: datetime,
    storage: MemoryStorage,
    step: Callable[[str], StepContext],
) -> None:
    with sessions.begin() as session:
        show = Show(session, now, "source", "sound")
        show.begin_run(0)
        show.add()
        show.end()
        texts = playlists.final_playlists(session, broadcast_id=show.id)
    jobs.write_final_playlists(step(show.id))
    stored = {key: data.decode() for key, (data, _) in storage.objects.items()}
    assert stored == texts
    assert hls.check_playlist(stored[paths.playlist_key(show.id, "source")]) == []


def test_another_program_plays_the_final_playlists(
    sessions: Sessions,
    now: datetime,
    storage: MemoryStorage,
    step: Callable[[str], StepContext],
    tmp_path: Path,
) -> None:
    broadcast_id = recorded(sessions, now, storage, tmp_path, rates=(48_000, 48_000))
    jobs.write_final_playlists(step(broadcast_id))
    for key, (data, _) in storage.objects.items():
        file = paths.spool_path(tmp_path / "objects", key)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    master = paths.spool_path(tmp_path / "objects", paths.master_key(broadcast_id))
    what = ["-show_entries", "stream=codec_type:format=duration", "-of", "json"]
    done = run_checked(
        [ffprobe_path(), "-v", "error", "-allowed_extensions", "ALL", *what, master], timeout=30
    )
    played = json.loads(done.stdout)
    assert float(played["format"]["duration"]) == pytest.approx(6.0, abs=0.05)
    assert [one["codec_type"] for one in played["streams"]] == ["video", "audio"]


def test_broadcast_that_showed_nothing_has_no_playlists(
    sessions: Sessions,
    now: datetime,
    storage: MemoryStorage,
    step: Callable[[str], StepContext],
) -> None:
    with sessions.begin() as session:
        show = Show(session, now, "source")
        show.end()
    jobs.write_final_playlists(step(show.id))
    assert storage.objects == {}


def test_poster_is_a_jpeg_of_a_bright_frame(
    sessions: Sessions,
    now: datetime,
    storage: MemoryStorage,
    step: Callable[[str], StepContext],
    tmp_path: Path,
) -> None:
    broadcast_id = recorded(sessions, now, storage, tmp_path)
    make_poster(step(broadcast_id))
    [(key, (data, content_type))] = made(storage)
    digest = hashlib.sha256(data).hexdigest()
    assert key == paths.asset_key(broadcast_id, f"poster-{digest[:8]}.jpg")
    assert content_type == "image/jpeg"
    assert probe(data, tmp_path)["streams"] == [{"codec_name": "mjpeg", "width": 320}]
    with sessions() as session:
        asset = find_asset(session, broadcast_id=broadcast_id, kind="poster")
        assert asset is not None
        assert asset.size == len(data)
        assert asset.details["luma"] >= 40


def test_poster_of_another_content_takes_the_place_of_the_former(
    sessions: Sessions,
    now: datetime,
    storage: MemoryStorage,
    step: Callable[[str], StepContext],
    tmp_path: Path,
) -> None:
    broadcast_id = recorded(sessions, now, storage, tmp_path)
    make_poster(step(broadcast_id))
    [(former, _)] = made(storage)
    make_poster(step(broadcast_id))
    assert [key for key, _ in made(storage)] == [former]
    other = tmp_path / "other.jpg"
    other.write_bytes(b"other")
    keep_asset(step(broadcast_id), kind="poster", name="poster.jpg", file=other, details={})
    [(key, (data, _))] = made(storage)
    assert (data, key != former) == (b"other", True)
    with sessions() as session:
        asset = find_asset(session, broadcast_id=broadcast_id, kind="poster")
        assert asset is not None
        assert asset.object_key == key


def test_black_recording_still_gets_a_poster(
    sessions: Sessions,
    now: datetime,
    storage: MemoryStorage,
    step: Callable[[str], StepContext],
    tmp_path: Path,
) -> None:
    broadcast_id = recorded(sessions, now, storage, tmp_path, picture="color=c=black:")
    make_poster(step(broadcast_id))
    with sessions() as session:
        asset = find_asset(session, broadcast_id=broadcast_id, kind="poster")
        assert asset is not None
        assert asset.details["luma"] < 40


@pytest.mark.unit
def test_poster_is_looked_for_from_a_tenth_on() -> None:
    run = RecordedRun("i", tuple(str(n) for n in range(100)), (1_000_000,) * 100)
    assert [index for _, index in places([run])] == [10, 15, 25, 40, 60, 80, 2]
    short = RecordedRun("i", ("0",), (1_000_000,))
    assert places([short]) == [(short, 0)]


def test_segments_still_in_the_spool_need_no_storage(
    sessions: Sessions,
    now: datetime,
    storage: MemoryStorage,
    step: Callable[[str], StepContext],
    settings: Settings,
    tmp_path: Path,
) -> None:
    broadcast_id = recorded(sessions, now, storage, tmp_path)
    for key, (data, _) in storage.objects.items():
        file = paths.spool_path(settings.spool, key)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    storage.objects.clear()
    make_poster(step(broadcast_id))
    assert len(made(storage)) == len(storage.objects) == 1


def test_recording_without_a_picture_or_a_plan_is_refused_in_words(
    sessions: Sessions, now: datetime, step: Callable[[str], StepContext]
) -> None:
    with sessions.begin() as session:
        show = Show(session, now)
        show.end()
    with pytest.raises(StepRefused, match=r"The recording has no picture\."):
        make_poster(step(show.id))
    for refused in (make_sound, make_storyboard, make_part, publish_ladder):
        with pytest.raises(StepRefused):
            refused(step(show.id))


def test_card_that_was_made_up_is_no_picture(
    sessions: Sessions,
    now: datetime,
    storage: MemoryStorage,
    step: Callable[[str], StepContext],
    tmp_path: Path,
) -> None:
    broadcast_id = recorded(sessions, now, storage, tmp_path)
    with sessions.begin() as session:
        session.execute(update(Ingest).values(shape=Shape(audio="aac").as_row()))
    with pytest.raises(StepRefused, match=r"The recording has no picture\."):
        make_poster(step(broadcast_id))


def test_folder_is_empty_at_the_start_and_gone_at_the_end(
    step: Callable[[str], StepContext], settings: Settings
) -> None:
    left = settings.home / "work" / "w" / "left behind by a kill"
    left.mkdir(parents=True)
    with step("s").folder() as folder:
        assert list(folder.iterdir()) == []
    assert not folder.exists()


def test_program_is_ended_when_the_step_must_end(
    step: Callable[[str], StepContext], tmp_path: Path
) -> None:
    def stopped(fraction: float) -> None:
        raise StepStopped(str(fraction))

    base = step("s")
    began = time.monotonic()
    context = StepContext(
        "w", "s", base.sessions, base.storage, base.settings, stopped, base.deadline
    )
    with pytest.raises(StepStopped):
        run_program(context, ["sleep", "50"], folder=tmp_path, duration_us=1)
    late = StepContext("w", "s", base.sessions, base.storage, base.settings, base.progress, began)
    with pytest.raises(StepTooSlow):
        run_program(late, ["sleep", "50"], folder=tmp_path, duration_us=1)
    assert time.monotonic() - began < 20


def test_program_that_fails_says_why(step: Callable[[str], StepContext], tmp_path: Path) -> None:
    missing = tmp_path / "no such file"
    with pytest.raises(ProcessFailed, match="No such file"):
        run_program(step("s"), ["ls", str(missing)], folder=tmp_path, duration_us=1)
