from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import media.models  # noqa: F401 -- the tables must be known
from core.database import Sessions, make_engine, make_sessions
from core.orm import Base
from core.settings import Settings
from media.errors import StorageUnavailable
from media.storage import S3Storage
from web.supervisor.choices import make_choices
from web.supervisor.storage import storage_child


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return make_sessions(engine)


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    with sessions() as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def storage_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Start a real storage server of its own, on loopback and free ports, for all tests."""
    home = tmp_path_factory.mktemp("storage")
    settings, choices = make_choices({"MINDCAST_HOME": str(home)})
    (home / "objects").mkdir(exist_ok=True)
    with storage_child(settings, choices, home / "storage.log"):
        yield settings


@pytest.fixture(scope="session")
def storage_address(storage_settings: Settings) -> str:
    return storage_settings.s3_endpoint_url


@pytest.fixture(scope="session")
def object_storage(storage_settings: Settings) -> Iterator[S3Storage]:
    storage = S3Storage.from_settings(storage_settings)
    for _ in range(10):  # each attempt waits two seconds at most
        with suppress(StorageUnavailable):
            storage.ensure_bucket()
            break
    yield storage
    storage.close()
