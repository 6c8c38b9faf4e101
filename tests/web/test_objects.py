import pytest

from core.settings import read_settings
from media.errors import ObjectMissing
from tests.fakes.storage import MemoryStorage
from web.objects import Objects

pytestmark = pytest.mark.unit

KEY = "broadcasts/x/source/0-0.m4s"


@pytest.fixture
def objects() -> Objects:
    made = Objects(read_settings({}))
    storage = MemoryStorage()
    storage.put_bytes(KEY, b"0123456789", content_type="video/iso.segment")
    made.__dict__["storage"] = storage  # in the place of what would connect on first use
    return made


def read_all(objects: Objects, start: int, stop: int) -> list[bytes]:
    opened = objects.open(KEY, start=start, stop=stop)
    pieces = list(iter(lambda: opened.read(4), b""))
    opened.close()
    return pieces


@pytest.mark.parametrize(
    ("start", "stop", "pieces"),
    [(0, 10, [b"0123", b"4567", b"89"]), (2, 5, [b"234"]), (9, 10, [b"9"]), (3, 3, [])],
)
def test_object_is_read_in_pieces(
    objects: Objects, start: int, stop: int, pieces: list[bytes]
) -> None:
    assert read_all(objects, start, stop) == pieces


def test_object_that_is_missing_is_said_at_once(objects: Objects) -> None:
    with pytest.raises(ObjectMissing):
        objects.open("broadcasts/x/none", start=0, stop=1)
