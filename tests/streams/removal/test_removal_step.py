"""The step that removes what is not kept: all of it, killed or not, whoever still writes."""

from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select, update

from catalog.models import Livestream
from core.clock import utc_now
from core.database import Sessions
from core.work.models import Work
from core.work.services import claim_next
from media import paths, removal
from media.errors import StorageUnavailable
from media.models import Asset, Broadcast, Segment
from media.steps import StepContext
from media.storage import S3Storage
from streams.node.uploads import Uploader
from streams.removal import jobs
from streams.removal.models import Removal
from streams.removal.services import ask_if_not_recorded, follow
from tests.fakes.removals import BYTES, OBJECTS, ROWS, Archive
from tests.fakes.storage import MemoryStorage
from web.worker.main import Worker, run_next

pytestmark = pytest.mark.integration
once = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what does not depend on the kind of database."""


def ask(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        assert ask_if_not_recorded(session, livestream_id=archive.livestream_id, now=utc_now())


def assert_nothing_is_left(archive: Archive) -> None:
    assert (archive.rows(), archive.objects(), archive.files()) == ({}, [], [])
    assert archive.grants() == 0
    receipt = archive.receipt()
    assert (receipt.objects, receipt.size) == (OBJECTS, BYTES)
    assert receipt.details["rows"] == ROWS
    assert receipt.done_at is not None
    assert archive.broadcast().emptied_at == receipt.done_at
    assert archive.kinds() == ["remove_recording"]


def test_nothing_is_left_of_what_was_not_recorded(archive: Archive) -> None:
    archive.record(recorded=False)
    assert (archive.rows(), len(archive.objects()), len(archive.files())) == (ROWS, OBJECTS, 4)
    before = archive.broadcast().revision
    ask(archive)
    assert archive.work() == 0  # players still read the last segments
    assert archive.rows() == ROWS
    archive.make_due()
    assert archive.work() == 1
    assert_nothing_is_left(archive)
    assert archive.broadcast().revision > before
    assert archive.receipt().reason == "not_recorded"


@once
def test_nothing_is_left_in_a_real_storage(archive: Archive, object_storage: S3Storage) -> None:
    archive.storage = object_storage
    archive.record(recorded=False)
    assert len(archive.objects()) == OBJECTS
    ask(archive)
    archive.make_due()
    archive.work()
    assert_nothing_is_left(archive)


def test_what_is_recorded_is_not_asked_for(archive: Archive) -> None:
    archive.record()
    with archive.sessions.begin() as session:
        assert not ask_if_not_recorded(session, livestream_id=archive.livestream_id, now=utc_now())
        follow(session, utc_now() + timedelta(days=40))
    assert archive.rows() == ROWS
    assert archive.kinds() == ["clear_upload", "poster"]


class Killed(BaseException):
    """As if the process were gone."""


def kill_at(monkeypatch: pytest.MonkeyPatch, module: object, name: str, *, number: int = 0) -> None:
    """End the process instead of the ``number``-th call of a function, once."""
    real: Any = getattr(module, name)
    calls = iter(range(1000))

    def dying(*args: object, **named: object) -> object:
        if next(calls) == number:
            raise Killed
        return real(*args, **named)

    monkeypatch.setattr(module, name, dying)


@once
@pytest.mark.parametrize(
    ("module", "name", "number"),
    [
        (jobs, "_measure", 0),
        (jobs, "_delete_rows", 0),
        (removal, "sweep", 0),
        (MemoryStorage, "delete", 0),
        (MemoryStorage, "delete", 4),
        (MemoryStorage, "delete", OBJECTS - 1),
        (removal, "forget_files", 0),
        (jobs, "_delete_rows", 1),
        (jobs, "_write_receipt", 0),
        (jobs, "_finish", 0),
    ],
)
def test_removal_that_is_killed_is_whole_after_the_next_attempt(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, module: object, name: str, number: int
) -> None:
    archive.record(recorded=False)
    ask(archive)
    archive.make_due()
    with monkeypatch.context() as patch:
        kill_at(patch, module, name, number=number)
        with pytest.raises(Killed):
            archive.work()
    assert archive.receipt().done_at is None
    assert archive.broadcast().emptied_at is None
    expire(archive)
    assert archive.work() == 1
    assert_nothing_is_left(archive)


def expire(archive: Archive) -> None:
    """Let the lease of a worker that is gone run out."""
    with archive.sessions.begin() as session:
        past = utc_now() - timedelta(minutes=1)
        session.execute(update(Work).values(lease_until=past))


def test_worker_that_is_on_a_step_is_stopped_before_anything_goes(archive: Archive) -> None:
    archive.record(recorded=False)
    with archive.sessions.begin() as session:
        claim_next(session, worker="w", kinds=["poster"], now=utc_now(), lease_seconds=30)
    ask(archive)
    archive.make_due()
    archive.work()
    assert archive.rows() == ROWS
    assert archive.kinds() == ["remove_recording"]
    archive.make_due()
    archive.work()
    assert_nothing_is_left(archive)


@once
def test_object_that_comes_while_others_go_is_removed_and_counted(archive: Archive) -> None:
    class Late(MemoryStorage):
        came = False

        def delete(self, key: str) -> None:
            super().delete(key)
            if not self.came:
                self.came = True
                late = paths.segment_key(archive.broadcast_id, "source", 0, 9)
                self.put_bytes(late, b"late", content_type="video/mp4")

    archive.storage = Late()
    archive.record(recorded=False)
    ask(archive)
    archive.make_due()
    archive.work()
    assert (archive.rows(), archive.objects()) == ({}, [])
    assert (archive.receipt().objects, archive.receipt().size) == (OBJECTS + 1, BYTES + 4)


@once
def test_row_and_object_that_come_while_others_go_are_removed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.record(recorded=False)
    real = removal.forget_files

    def late(*args: Any) -> None:  # noqa: ANN401 -- as they are
        monkeypatch.setattr(removal, "forget_files", real)
        key = paths.asset_key(archive.broadcast_id, "sound-12345678.m4a")
        archive.storage.put_bytes(key, b"late", content_type="audio/mp4")
        with archive.sessions.begin() as session:
            row = Asset(
                broadcast_id=archive.broadcast_id,
                kind="sound",
                object_key=key,
                content_type="audio/mp4",
                size=4,
                sha256="",
                created_at=utc_now(),
            )
            session.add(row)
        real(*args)

    monkeypatch.setattr(removal, "forget_files", late)
    ask(archive)
    archive.make_due()
    archive.work()
    assert (archive.rows(), archive.objects()) == ({}, [])
    assert archive.receipt().details["rows"]["media_asset"] == 2
    assert archive.receipt().objects == OBJECTS + 1


def test_uploader_takes_back_a_segment_whose_row_went_meanwhile(archive: Archive) -> None:
    archive.record(recorded=False)
    key = paths.segment_key(archive.broadcast_id, "source", 0, 0)
    path = paths.spool_path(archive.settings.spool, key)
    with archive.sessions.begin() as session:
        node = archive.settings.node_name
        session.execute(update(Broadcast).values(node=node))
        session.execute(update(Segment).where(Segment.object_key == key).values(uploaded_at=None))

    class Slow(MemoryStorage):
        def put_file(self, key: str, path: Any, *, content_type: str) -> None:  # noqa: ANN401
            archive.storage = self
            ask(archive)
            archive.make_due()
            data = path.read_bytes()
            archive.work()
            assert_gone()
            self.put_bytes(key, data, content_type=content_type)

    def assert_gone() -> None:
        assert (archive.rows(), archive.objects()) == ({}, [])

    assert path.is_file()
    slow = Slow()
    uploader = Uploader(
        settings=archive.settings, sessions=archive.sessions, clock=utc_now, storage=slow
    )
    assert uploader.upload_some()
    assert slow.objects == {}


@once
def test_object_that_came_after_the_receipt_is_found_by_the_second_look(archive: Archive) -> None:
    archive.record(recorded=False)
    ask(archive)
    archive.make_due()
    archive.work()
    late = paths.segment_key(archive.broadcast_id, "source", 0, 7)
    archive.storage.put_bytes(late, b"late", content_type="video/mp4")
    with archive.sessions.begin() as session:
        follow(session, utc_now() + timedelta(minutes=1))
    archive.make_due()
    archive.work()
    assert archive.objects() == [late]  # it is not time yet
    with archive.sessions.begin() as session:
        follow(session, utc_now() + timedelta(minutes=3))
    archive.make_due()
    archive.work()
    assert archive.objects() == []
    assert archive.receipt().objects == OBJECTS + 1
    assert archive.receipt().details["looked_again"]
    before = archive.kinds()
    with archive.sessions.begin() as session:
        follow(session, utc_now() + timedelta(minutes=4))
    assert archive.kinds() == before == ["remove_recording", "remove_recording"]


@once
def test_second_look_leaves_what_takes_place_after_all(archive: Archive) -> None:
    archive.record(recorded=False)
    ask(archive)
    archive.make_due()
    archive.work()
    with archive.sessions.begin() as session:  # as a restoring does
        session.execute(update(Broadcast).values(emptied_at=None))
        follow(session, utc_now() + timedelta(minutes=3))
    key = paths.segment_key(archive.broadcast_id, "source", 0, 0)
    archive.storage.put_bytes(key, b"new", content_type="video/mp4")
    archive.make_due()
    archive.work()
    assert archive.objects() == [key]


def test_nothing_is_removed_of_what_takes_place_after_all(archive: Archive) -> None:
    """It was called off, and restored before its removal was due."""
    archive.record(state="cancelled", recorded=False)
    ask(archive)
    with archive.sessions.begin() as session:
        session.execute(update(Livestream).values(state="scheduled"))
    archive.make_due()
    archive.work()
    assert (archive.rows(), len(archive.objects())) == (ROWS, OBJECTS)
    receipt = archive.receipt()
    assert (receipt.called_off_at is None, receipt.done_at) == (False, None)
    assert archive.broadcast().emptied_at is None


def test_what_is_restored_while_it_is_removed_can_be_filled_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.record(state="cancelled", recorded=False)
    ask(archive)
    archive.make_due()
    real = jobs._measure  # noqa: SLF001 -- the moment after the writers were shut out

    def restore(context: StepContext) -> None:
        with archive.sessions.begin() as session:
            session.execute(update(Livestream).values(state="scheduled"))
        real(context)

    monkeypatch.setattr(jobs, "_measure", restore)
    archive.work()
    assert archive.receipt().done_at is not None
    assert archive.broadcast().emptied_at is None


@once
def test_storage_that_is_away_delays_the_receipt(archive: Archive) -> None:
    archive.record(recorded=False)
    assert isinstance(archive.storage, MemoryStorage)
    ask(archive)
    archive.make_due()
    archive.storage.away = True
    archive.work()
    assert archive.receipt().done_at is None
    archive.storage.away = False
    archive.make_due()
    archive.work()
    assert_nothing_is_left(archive)


@once
def test_storage_that_keeps_objects_is_named(archive: Archive) -> None:
    class Stubborn(MemoryStorage):
        def delete(self, key: str) -> None:
            del key

    archive.storage = Stubborn()
    archive.record(recorded=False)
    ask(archive)
    archive.make_due()
    archive.work()
    with archive.sessions() as session:
        (work,) = session.scalars(select(Work)).all()
        assert "cannot be reached" in work.reason
    assert archive.receipt().done_at is None
    with pytest.raises(StorageUnavailable, match="its objects stay"):
        removal.sweep(context_of(archive), ["broadcasts/"], found=lambda *_: None)


def context_of(archive: Archive) -> Any:  # noqa: ANN401 -- of what a step is given, this much
    class Context:
        storage = archive.storage

        @staticmethod
        def progress(fraction: float) -> None:
            del fraction

    return Context()


def test_two_workers_write_one_receipt(archive: Archive, sessions: Sessions) -> None:
    archive.record(recorded=False)
    ask(archive)
    ask(archive)
    archive.make_due()
    workers = [
        Worker(sessions, archive.storage, archive.settings, Event(), dict(jobs.STEPS))
        for _ in range(2)
    ]
    assert [run_next(worker) for worker in workers] == [True, False]
    with sessions() as session:
        assert len(session.scalars(select(Removal)).all()) == 1
    assert_nothing_is_left(archive)
