"""What dies, races or is damaged: nothing is repeated but a part, and no half is ever shown."""

import hashlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from core.clock import utc_now
from core.database import reading
from core.settings import Settings
from core.work.models import Work
from core.work.services import cancel
from media import hls, paths
from media.errors import NoSuchMedia
from media.ladder import kinds, part
from media.ladder.publish import show_generation
from media.models import Segment
from media.paths import MediaKind, read_key
from media.process import ChildProcess
from media.steps import StepContext
from media.storage import S3Storage
from streams.playback.queries import stored_object
from tests.media.ladder.conftest import House
from web.worker.main import Worker, run_next

pytestmark = pytest.mark.integration
once = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LIVE = ["source/index.m3u8", "sound/index.m3u8"]
WHOLE = ["g1v360/index.m3u8", "g1v240/index.m3u8", "g1audio/index.m3u8"]


class Killed(BaseException):
    """Nothing of the step runs after it, as after a kill."""


def uris(house: House) -> list[str]:
    return hls.parse_master(house.master()).uris()


def may_be_had(house: House, keys: list[str]) -> set[str]:
    """Return which of these objects viewers are given."""
    with reading(), house.sessions() as session:
        return {
            key
            for key in keys
            if stored_object(session, key=key, path=read_key(key), now=utc_now()) is not None
        }


def objects_of(house: House, generation: int) -> list[str]:
    prefix = f"broadcasts/{house.id}/g{generation}"
    media = {MediaKind.INIT, MediaKind.SEGMENT}
    return [
        key
        for key in house.storage.objects
        if key.startswith(prefix) and read_key(key).kind in media
    ]


def assert_whole_or_nothing(house: House) -> None:
    """Viewers are given all of the ladder, or nothing of it, and always what is listed."""
    listed = house.listed()
    assert may_be_had(house, sorted(listed)) == listed
    assert listed <= house.storage.objects.keys()
    names = uris(house)
    assert names in (LIVE, WHOLE)
    ladder = objects_of(house, 1)
    if names == LIVE:
        assert may_be_had(house, ladder) == set()
        for uri in WHOLE:
            with pytest.raises(NoSuchMedia):
                house.playlist(uri.partition("/")[0])
    else:
        assert may_be_had(house, ladder) == set(ladder)
        assert house.playlist("source")  # who began with it goes on


def test_viewers_see_the_whole_ladder_or_nothing_of_it_after_every_step(house: House) -> None:
    house.record(runs=2)
    house.ask(steps=True)
    worker, seen = house.worker(), []
    assert_whole_or_nothing(house)
    while run_next(worker):
        assert_whole_or_nothing(house)
        seen.append(uris(house))
    assert seen[0] == LIVE
    assert seen[-1] == WHOLE


@once
def test_killed_step_leaves_nothing_and_only_it_is_repeated(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.record(runs=2)
    house.ask()
    house.work(house.only(kinds.PLAN, kinds.SOUND))
    run_next(house.worker())  # one of the two parts

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(part, "_record", killed)
        with pytest.raises(Killed):
            run_next(house.worker())
    assert_whole_or_nothing(house)
    made = dict(house.storage.objects)
    with house.sessions.begin() as session:
        session.execute(update(Work).where(Work.state == "running").values(lease_until=utc_now()))
    house.work()
    attempts = {f"{row.kind} {row.revision}": row.attempts for row in house.rows()}
    first, second = (kinds.part_revision(1, number) for number in (0, 1))
    assert {attempts[f"{kinds.PART} {first}"], attempts[f"{kinds.PART} {second}"]} == {1, 2}
    assert uris(house) == WHOLE
    assert made.keys() <= house.storage.objects.keys()  # nothing is left that nobody names
    assert_whole_or_nothing(house)


@once
def test_part_that_is_there_is_not_encoded_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.record()
    house.ask()
    house.work(house.only(kinds.PLAN, kinds.PART))
    with house.sessions.begin() as session:
        session.execute(update(Work).where(Work.kind == kinds.PART).values(state="queued"))

    def encoded(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(part, "_encode", encoded)
    house.work()
    assert uris(house) == WHOLE


@pytest.fixture
def together(house: House) -> Callable[[list[Worker]], None]:
    """Return what lets several workers run what is due at the same time."""

    def run(workers: list[Worker]) -> None:
        threads = [threading.Thread(target=house.work, args=(worker,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return run


def test_parts_that_finish_at_once_are_followed_by_one_publication(
    house: House, together: Callable[[list[Worker]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.record(runs=2, seconds=3)
    house.ask()
    house.work(house.only(kinds.PLAN, kinds.SOUND))
    both = threading.Barrier(2)
    record = part._record  # noqa: SLF001 -- made to wait for the other

    def meet(*arguments: object) -> None:
        both.wait(30)
        record(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(part, "_record", meet)
    together([house.worker(), house.worker()])
    house.work()
    assert uris(house) == WHOLE
    assert set(house.states().values()) == {"done"}
    assert list(house.states()).count("ladder_publish 1") == 1


def test_of_two_that_publish_one_does(house: House) -> None:
    house.record(seconds=2)
    found, ready = [], threading.Barrier(4)

    def publish() -> None:
        ready.wait(10)
        with house.sessions.begin() as session:
            shown = show_generation(session, broadcast_id=house.id, generation=1, now=utc_now())
            found.append(shown)

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False, False, False, True]
    with house.sessions.begin() as session:
        assert not show_generation(session, broadcast_id=house.id, generation=1, now=utc_now())
        assert show_generation(session, broadcast_id=house.id, generation=3, now=utc_now())
        assert not show_generation(session, broadcast_id=house.id, generation=2, now=utc_now())
    assert house.broadcast().generation == 3


@once
def test_final_playlists_that_are_written_late_name_the_ladder(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from media import jobs  # noqa: PLC0415 -- its function is replaced

    house.record(seconds=3)
    house.ask(steps=True)
    write = jobs._write_playlists  # noqa: SLF001 -- made to be late

    def late(context: StepContext) -> None:
        write(context)
        monkeypatch.setattr(jobs, "_write_playlists", write)
        house.work(house.worker({k: s for k, s in jobs.STEPS.items() if k != jobs.FINAL_PLAYLISTS}))
        write_old(context)

    old: dict[str, bytes] = {}

    def write_old(context: StepContext) -> None:
        """Write what was read before the ladder was shown."""
        key = paths.master_key(context.subject)
        context.storage.put_bytes(key, old["master"], content_type="text/plain")

    old["master"] = house.master().encode()
    monkeypatch.setattr(jobs, "_write_playlists", late)
    house.work(house.only(jobs.FINAL_PLAYLISTS))
    assert house.storage.objects[paths.master_key(house.id)][0].decode() == house.master()
    assert uris(house) == WHOLE


@pytest.mark.parametrize("damage", ["gone", "shorter", "other bytes"])
@once
def test_damaged_part_is_made_again_before_anything_is_shown(house: House, damage: str) -> None:
    house.record()
    house.ask()
    house.work(house.only(kinds.PLAN, kinds.SOUND, kinds.PART))
    key = house.segments("g1v240")[1].object_key
    whole, content_type = house.storage.objects[key]
    if damage == "gone":
        del house.storage.objects[key]
    else:
        wrong = whole[:-1] if damage == "shorter" else whole[:-1] + b"\0"
        house.storage.objects[key] = (wrong, content_type)
    run_next(house.only(kinds.PUBLISH))
    assert uris(house) == LIVE
    assert "is not what was stored" in next(
        row.log for row in house.rows() if row.kind == kinds.PUBLISH
    )
    with house.sessions.begin() as session:
        session.execute(update(Work).values(due_at=utc_now() - timedelta(seconds=1)))
    house.work()
    assert uris(house) == WHOLE
    row = house.segments("g1v240")[1]
    assert hashlib.sha256(house.storage.objects[key][0]).hexdigest() == row.sha256


@once
def test_ladder_that_lacks_rows_is_never_shown(house: House) -> None:
    house.record()
    house.ask()
    house.work(house.only(kinds.PLAN, kinds.SOUND, kinds.PART))
    with house.sessions.begin() as session:
        last = house.segments("g1v240")[-1]
        gone = (Segment.rendition_id == last.rendition_id, Segment.sequence == last.sequence)
        session.execute(delete(Segment).where(*gone))
    house.work(house.only(kinds.PUBLISH))
    assert uris(house) == LIVE
    assert_whole_or_nothing(house)


@once
def test_cancelled_part_ends_within_a_second(house: House) -> None:
    house.record(seconds=30, size="1280x720")
    house.ask()
    house.work(house.only(kinds.PLAN))
    running = threading.Thread(target=house.work, args=(house.only(kinds.PART),))
    running.start()
    work = next(row for row in house.rows() if row.kind == kinds.PART)
    while next(row for row in house.rows() if row.id == work.id).state != "running":
        time.sleep(0.01)
    with house.sessions.begin() as session:
        cancel(session, work_id=work.id, now=utc_now())
    began = time.monotonic()
    running.join()
    assert time.monotonic() - began < 3  # one, and what a busy machine adds
    assert next(row for row in house.rows() if row.id == work.id).state == "cancelled"
    assert house.segments("g1v240") == []


WORKER = (
    "import os; from core.settings import read_settings; from web.worker import run; "
    "raise SystemExit(run(read_settings(os.environ)))"
)


@dataclass
class Programs:
    """Real workers on a real storage."""

    house: House
    storage: Settings

    def worker(self) -> ChildProcess:
        """Return a worker that a ``with`` block starts and ends."""
        env = {
            "MINDCAST_HOME": str(self.house.settings.home),
            "DATABASE_URL": self.house.settings.database_url,
            "S3_ENDPOINT_URL": self.storage.s3_endpoint_url,
            "S3_BUCKET": self.storage.s3_bucket,
            "AWS_ACCESS_KEY_ID": self.storage.aws_access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.storage.aws_secret_access_key,
            "NODE_NAME": "here",
        }
        return ChildProcess([sys.executable, "-c", WORKER], env=env, cwd=Path.cwd())

    def kill_in_a_part(self, worker: ChildProcess) -> Work:
        """Kill a worker with -9 once some of a part is in storage; return the work it was on."""
        while self.house.broadcast().generation == 0:
            assert worker.running
            parts = [row for row in self.house.rows() if row.kind == kinds.PART]
            running = [row for row in parts if row.state == "running"]
            finished = sum(row.state == "done" for row in parts)
            if running and self.runs_stored() > finished:
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait(5)
                return running[0]
            look(self.house)
        raise AssertionError

    def runs_stored(self) -> int:
        """Return of how many runs, and so parts, the lowest rung is in storage."""
        prefix = f"{paths.broadcast_prefix(self.house.id)}g1v240/"
        keys = self.house.storage.list_keys(prefix)
        return len({read_key(key).run for key in keys if key.endswith(".m4s")})

    def wait_for_ladder(self, worker: ChildProcess) -> None:
        while self.house.broadcast().generation == 0:
            assert worker.running
            look(self.house)


def look(house: House) -> None:
    """Be a viewer who comes at this moment."""
    assert uris(house) in (LIVE, WHOLE)
    time.sleep(0.02)


def test_worker_killed_in_the_middle_of_a_part_repeats_only_that_part(
    house: House,
    storage_settings: Settings,
    object_storage: S3Storage,
) -> None:
    house.storage = object_storage  # type: ignore[assignment]  # the real one
    house.record(runs=2, seconds=24)
    house.ask()
    programs = Programs(house, storage_settings)
    with programs.worker() as first:
        killed = programs.kill_in_a_part(first)
    assert uris(house) == LIVE
    with house.sessions.begin() as session:
        session.execute(update(Work).where(Work.id == killed.id).values(lease_until=utc_now()))
    with programs.worker() as second:
        programs.wait_for_ladder(second)
    attempts = {row.id: row.attempts for row in house.rows() if row.kind == kinds.PART}
    assert attempts.pop(killed.id) == 2
    assert list(attempts.values()) == [1]
    assert uris(house) == WHOLE
    keys = house.listed()
    assert all(object_storage.head(key).size for key in keys)
