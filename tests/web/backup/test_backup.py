"""Writing everything of a home into one file."""

import errno
import fcntl
import os
import stat
from pathlib import Path

import pytest

from media.errors import StorageUnavailable
from media.paths import KEY_PREFIX
from tests.fakes.homes import Place, spool_of
from web.archive.errors import BackupRuns, FileThere, FileUnusable, NothingThere, StorageAway
from web.supervisor.storage import PAUSE, wait_for_contents

pytestmark = pytest.mark.integration


def test_backup_is_for_its_owner_only(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert not list(archive.parent.glob("*.partial"))


def test_backup_of_a_running_home_leaves_the_lock_alone(old: Place, tmp_path: Path) -> None:
    with (old.home / "supervisor.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711\n")
        lock.flush()
        counts = old.save(tmp_path / "b.tar")
        assert (old.home / "supervisor.lock").read_text() == "4711\n"
    assert (counts.objects, counts.spool, counts.lost) == (4, len(spool_of(old.settings)), 0)


def test_segment_that_was_uploaded_meanwhile_is_taken_from_the_bucket(
    old: Place, new: Place, tmp_path: Path
) -> None:
    before = spool_of(old.settings)
    name, data = next(iter(before.items()))
    (old.settings.spool / name).unlink()
    old.bucket.put_bytes(KEY_PREFIX + name, data, content_type="video/iso.segment")
    assert old.save(tmp_path / "b.tar").lost == 0
    new.load(tmp_path / "b.tar")
    assert spool_of(new.settings) == before


def test_segment_that_is_nowhere_is_counted(old: Place, tmp_path: Path) -> None:
    name = next(iter(spool_of(old.settings)))
    (old.settings.spool / name).unlink()
    assert old.save(tmp_path / "b.tar").lost == 1


def test_existing_file_is_replaced_with_force_only(old: Place, archive: Path) -> None:
    before = archive.read_bytes()
    old.bucket.objects.clear()
    with pytest.raises(FileThere):
        old.save(archive)
    assert archive.read_bytes() == before
    old.save(archive, force=True)
    assert archive.read_bytes() != before


def test_failed_backup_leaves_the_old_file_and_nothing_else(old: Place, archive: Path) -> None:
    before = archive.read_bytes()
    old.bucket.away = True
    with pytest.raises(StorageAway):
        old.save(archive, force=True)
    assert archive.read_bytes() == before
    assert not list(archive.parent.glob("*.partial"))


def test_full_disk_is_one_sentence_and_leaves_nothing(
    old: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), descriptor)

    monkeypatch.setattr(os, "fsync", full)
    target = tmp_path / "b.tar"
    with pytest.raises(FileUnusable) as refused:
        old.save(target)
    assert str(refused.value) == f"{target} cannot be used: No space left on device."
    assert not list(tmp_path.glob("b.tar*"))


def test_folder_that_is_not_there_is_one_sentence(old: Place, tmp_path: Path) -> None:
    with pytest.raises(FileUnusable, match="No such file or directory"):
        old.save(tmp_path / "nowhere" / "b.tar")


def test_storage_that_cannot_read_at_first_is_waited_for(old: Place) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        old.bucket.unreadable = len(pauses) < 3

    old.bucket.unreadable = True
    wait_for_contents(old.bucket, pause=pause)
    assert pauses == [PAUSE] * 3


def test_storage_that_never_reads_is_given_up(old: Place) -> None:
    old.bucket.unreadable = True
    with pytest.raises(StorageUnavailable):
        wait_for_contents(old.bucket, pause=lambda _: None)


def test_storage_without_objects_is_not_waited_for(new: Place) -> None:
    new.bucket.unreadable = True
    wait_for_contents(new.bucket, pause=lambda _: pytest.fail("nothing to wait for"))


def test_two_backups_into_one_file_are_refused(old: Place, tmp_path: Path) -> None:
    with (tmp_path / "b.tar.partial").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BackupRuns):
            old.save(tmp_path / "b.tar")


def test_backup_of_a_home_that_never_ran_makes_nothing(new: Place, tmp_path: Path) -> None:
    with pytest.raises(NothingThere):
        new.save(tmp_path / "b.tar")
    assert not new.home.exists()
    assert not list(tmp_path.glob("b.tar*"))
