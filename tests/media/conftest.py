from collections.abc import Iterator
from contextlib import suppress

import pytest

from core.settings import Settings
from media.errors import StorageUnavailable
from media.storage import S3Storage
from web.supervisor.choices import make_choices
from web.supervisor.storage import storage_child


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
