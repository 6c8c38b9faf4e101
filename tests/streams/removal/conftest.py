import pytest

from core.database import Sessions
from core.settings import Settings
from tests.fakes.removals import Archive
from tests.media.conftest import object_storage, storage_settings

__all__ = ["object_storage", "storage_settings"]


@pytest.fixture
def archive(sessions: Sessions, settings: Settings) -> Archive:
    """Return a home with a storage in memory; ``record`` fills it."""
    return Archive(sessions, settings)
