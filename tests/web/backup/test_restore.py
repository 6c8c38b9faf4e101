"""A home out of its backup: all of it, or what was there before."""

import errno
import fcntl
import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.orm import Base
from core.sealing import unseal
from tests.fakes.homes import Buckets, Place, rows_of, spool_of
from web.archive.errors import HasData, HomeRuns, OtherKey, Stopped
from web.archive.kinds import kind_of
from web.archive.restore import Restore
from web.supervisor.database import upgrade

pytestmark = pytest.mark.integration


@pytest.fixture
def other(tmp_path: Path, buckets: Buckets, filled_home: Path) -> Place:
    """Return a home that has people of its own, an object, a spool and a journal."""
    shutil.copytree(filled_home, tmp_path / "other")
    place = Place(tmp_path / "other", buckets)
    (place.settings.journal / "ingest").mkdir(parents=True)
    (place.settings.spool / "leftover").write_bytes(b"x")
    place.bucket.put_bytes("broadcasts/other", b"x", content_type="video/mp4")
    return place


def no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_restored_home_equals_the_old_one(old: Place, new: Place, archive: Path) -> None:
    new.load(archive)
    assert new.everything() == old.everything()


def test_seed_has_a_value_of_every_kind(old: Place) -> None:
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    rows = rows_of(old.settings)
    seen = {
        kind_of(column)
        for column in columns
        if any(row[column.name] is not None for row in rows[column.table.name])
    }
    assert seen == {kind_of(column) for column in columns}


@pytest.mark.usefixtures("sessions", "_unstamped")
def test_archive_goes_into_either_database_and_out_again(
    old: Place, archive: Path, tmp_path: Path, buckets: Buckets, engine: Engine
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    there = Place(tmp_path / "there", buckets, DATABASE_URL=url)
    there.load(archive)
    there.save(tmp_path / "again.tar")
    back = Place(tmp_path / "back", buckets)
    back.load(tmp_path / "again.tar")
    assert there.everything() == old.everything()
    assert back.everything() == old.everything()


def test_keys_come_along_and_the_rest_of_the_home_is_its_own(
    old: Place, new: Place, archive: Path
) -> None:
    new.home.mkdir()
    (new.home / "services.json").write_text('{"app_port": 20007, "data_key": "its own"}')
    new.load(archive)
    assert new.services == {"app_port": 20007, **old.services}
    sealed = rows_of(new.settings)["streams_key"][0]["sealed"]
    assert unseal(new.settings.data_key, sealed)


def test_running_home_is_refused(new: Place, archive: Path) -> None:
    new.home.mkdir()
    with (new.home / "supervisor.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(HomeRuns):
            new.load(archive, force=True)
    assert new.files == {"supervisor.lock"}


def test_home_with_people_is_replaced_with_force_only(
    old: Place, other: Place, archive: Path
) -> None:
    old.bucket.objects.pop(next(iter(old.bucket.objects)))
    before = other.everything()
    with pytest.raises(HasData):
        other.load(archive)
    assert other.everything() == before
    old.save(archive, force=True)
    other.load(archive, force=True)
    assert other.everything() == old.everything()
    assert list(other.settings.journal.iterdir()) == []


def test_storage_that_fails_halfway_leaves_what_was_there(other: Place, archive: Path) -> None:
    before, services = other.everything(), other.services
    other.bucket.full_at = 3
    with pytest.raises(Stopped, match="Nothing was restored"):
        other.load(archive, force=True)
    other.bucket.away = False
    assert (rows_of(other.settings), spool_of(other.settings)) == (before[0], before[2])
    assert other.services == services
    assert not list(other.home.glob("spool.*"))


@pytest.mark.parametrize("step", ["_take_secrets", "_swap_spool", "_put_object"])
def test_full_disk_leaves_an_empty_home(
    new: Place, archive: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade_home(new)
    before, services = new.everything(), new.services
    with monkeypatch.context() as patch:
        patch.setattr(Restore, step, no_room)
        with pytest.raises(Stopped, match="No space left on device"):
            new.load(archive)
    assert new.everything() == before
    assert (new.services.get("data_key"), services) == (None, {})
    assert not any(rows_of(new.settings).values())
    new.load(archive)


def upgrade_home(place: Place) -> None:
    """Make the tables and the folders, as a start would."""
    for folder in (place.settings.spool, place.settings.journal):
        folder.mkdir(parents=True)
    upgrade(place.settings)


def test_failure_after_the_last_change_is_undone(
    other: Place, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.bucket.objects.clear()
    (other.home / "services.json").write_text('{"secret_key": "a", "data_key": "b"}')
    before = other.everything()
    swap = Restore._swap_spool  # noqa: SLF001 -- the last step before the commit

    def swap_and_fail(self: Restore, *arguments: object) -> None:
        swap(self, *arguments)  # type: ignore[arg-type]  # passed on
        no_room()

    monkeypatch.setattr(Restore, "_swap_spool", swap_and_fail)
    with pytest.raises(Stopped):
        other.load(archive, force=True)
    assert other.everything() == before
    assert other.services == {"secret_key": "a", "data_key": "b"}


def test_environment_that_hides_the_key_is_refused(
    archive: Path, buckets: Buckets, tmp_path: Path
) -> None:
    place = Place(tmp_path / "place", buckets, DATA_KEY="another one")
    with pytest.raises(OtherKey, match="DATA_KEY"):
        place.load(archive)
    assert not place.home.exists()
