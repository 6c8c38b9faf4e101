import socket
from pathlib import Path

import pytest

from core.ids import new_id
from media import paths
from media.errors import ObjectMissing, StorageUnavailable
from media.ports import ObjectFacts, ObjectStorage
from media.storage import CHUNK, S3Storage
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration


@pytest.fixture(params=["memory", "server"])
def storage(request: pytest.FixtureRequest) -> ObjectStorage:
    if request.param == "memory":
        return MemoryStorage()
    served: S3Storage = request.getfixturevalue("object_storage")
    return served


@pytest.fixture
def key() -> str:
    return paths.segment_key(new_id(), "source", 0, 7)


def test_object_comes_back_as_it_was_stored(storage: ObjectStorage, key: str) -> None:
    storage.put_bytes(key, b"first", content_type="video/iso.segment")
    storage.put_bytes(key, b"second", content_type="video/iso.segment")
    assert storage.read_bytes(key) == b"second"
    assert storage.head(key) == ObjectFacts(6, "video/iso.segment")


def test_file_is_streamed_back_in_pieces(storage: ObjectStorage, key: str, tmp_path: Path) -> None:
    data = bytes(range(256)) * (CHUNK // 64)
    file = tmp_path / "segment"
    file.write_bytes(data)
    storage.put_file(key, file, content_type="video/mp4")
    with storage.open_stream(key) as stream:
        assert (stream.facts, stream.length) == (ObjectFacts(len(data), "video/mp4"), len(data))
        assert b"".join(stream.chunks) == data


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(2, 4, b"234"), (7, None, b"789"), (0, 0, b"0"), (8, 99, b"89")]
)
def test_range_is_given_with_the_size_of_the_whole(
    storage: ObjectStorage, key: str, first: int, last: int | None, expected: bytes
) -> None:
    storage.put_bytes(key, b"0123456789", content_type="audio/mp4")
    with storage.open_stream(key, first=first, last=last) as stream:
        assert (stream.facts.size, stream.length) == (10, len(expected))
        assert b"".join(stream.chunks) == expected


def test_empty_object_is_an_object(storage: ObjectStorage, key: str) -> None:
    storage.put_bytes(key, b"", content_type="text/vtt")
    assert storage.read_bytes(key) == b""
    assert storage.head(key).size == 0


def test_missing_object_is_told_from_an_outage(storage: ObjectStorage, key: str) -> None:
    with pytest.raises(ObjectMissing):
        storage.read_bytes(key)
    with pytest.raises(ObjectMissing):
        storage.head(key)


def test_deleted_object_is_gone_and_deleting_again_is_harmless(
    storage: ObjectStorage, key: str
) -> None:
    storage.put_bytes(key, b"x", content_type="video/mp4")
    storage.delete(key)
    storage.delete(key)
    with pytest.raises(ObjectMissing):
        storage.head(key)


def test_keys_of_one_broadcast_are_listed_in_order(storage: ObjectStorage) -> None:
    mine, other = new_id(), new_id()
    keys = [paths.asset_key(mine, "poster.jpg"), paths.segment_key(mine, "source", 0, 1)]
    for stored in (*reversed(keys), paths.master_key(other)):
        storage.put_bytes(stored, b"x", content_type="video/mp4")
    assert list(storage.list_keys(paths.broadcast_prefix(mine))) == keys
    assert list(storage.list_keys(paths.broadcast_prefix(new_id()))) == []


def test_fake_outage_is_unavailable(key: str) -> None:
    storage = MemoryStorage()
    storage.away = True
    with pytest.raises(StorageUnavailable):
        storage.put_bytes(key, b"x", content_type="video/mp4")


def test_server_that_is_away_is_unavailable(key: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        storage = S3Storage(bucket="b", endpoint_url=address, access_key="a", secret_key="s")
        with pytest.raises(StorageUnavailable):
            storage.put_bytes(key, b"x", content_type="video/mp4")
        storage.close()


def test_wrong_key_is_refused_by_the_server(
    object_storage: S3Storage, storage_address: str, key: str
) -> None:
    object_storage.put_bytes(key, b"secret", content_type="video/mp4")
    stranger = S3Storage(
        bucket="mindcast", endpoint_url=storage_address, access_key="a", secret_key="s"
    )
    with pytest.raises(StorageUnavailable, match="AccessKeyId"):
        stranger.read_bytes(key)
    stranger.close()


def test_bucket_is_made_once(object_storage: S3Storage) -> None:
    object_storage.ensure_bucket()
    object_storage.ensure_bucket()
