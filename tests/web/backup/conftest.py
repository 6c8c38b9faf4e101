"""Homes and buckets for the tests of backup and restore."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.settings import read_settings
from media.paths import KEY_PREFIX
from tests.conftest import NOW
from tests.fakes.homes import Buckets, Place, a_broadcast, fill, write_spool
from web.archive import home as archive_home
from web.archive.writing import CHUNK
from web.home import prepare_home

POSTER = b"\xff\xd8" + bytes(range(256)) * (CHUNK // 200)  # more than one piece


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with people, livestreams and segments not uploaded yet, to be copied."""
    home = tmp_path_factory.mktemp("homes") / "filled"
    settings = prepare_home(read_settings({"MINDCAST_HOME": str(home)}))
    for number, key in enumerate(fill(settings, now=NOW)):
        write_spool(settings, key, f"segment {number}".encode())
    return home


@pytest.fixture
def buckets(monkeypatch: pytest.MonkeyPatch) -> Buckets:
    made = Buckets()
    monkeypatch.setattr(archive_home, "S3Storage", made)
    return made


@pytest.fixture
def old(tmp_path: Path, buckets: Buckets, filled_home: Path) -> Place:
    """Return a home that has something of everything."""
    shutil.copytree(filled_home, tmp_path / "old")
    place = Place(tmp_path / "old", buckets)
    prefix = f"{KEY_PREFIX}{a_broadcast(place.settings)}"
    place.bucket.objects = {
        f"{prefix}/master.m3u8": (b"", "application/vnd.apple.mpegurl"),
        f"{prefix}/assets/poster.jpg": (POSTER, "image/jpeg"),
        f"{prefix}/assets/slides.json": (b"{}", "application/json"),
        f"handouts/{'long' * 40}/睡眠.pdf": (b"pdf", "application/pdf"),
    }
    return place


@pytest.fixture
def archive(old: Place, tmp_path: Path) -> Path:
    """Return a backup of ``old``."""
    target = tmp_path / "backup.tar"
    old.save(target)
    return target


@pytest.fixture
def new(tmp_path: Path, buckets: Buckets) -> Place:
    """Return a home that does not exist yet."""
    return Place(tmp_path / "new", buckets)


@pytest.fixture
def _unstamped(engine: Engine) -> Iterator[None]:
    """Take away the stamp that the database of the other tests does not have."""
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
