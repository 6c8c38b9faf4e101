"""Object storage in memory, held to the real one by the contract test in tests/media."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from media.errors import ObjectMissing, StorageUnavailable
from media.ports import ObjectFacts, ObjectStream


class MemoryStorage:
    """Keeps objects in ``objects``; while ``away`` is true every call fails as an outage does."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.away = False

    def put_bytes(self, key: str, data: bytes, *, content_type: str) -> None:
        self._reach(key)
        self.objects[key] = (data, content_type)

    def put_file(self, key: str, path: Path, *, content_type: str) -> None:
        self.put_bytes(key, path.read_bytes(), content_type=content_type)

    @contextmanager
    def open_stream(
        self, key: str, *, first: int = 0, last: int | None = None
    ) -> Iterator[ObjectStream]:
        facts = self.head(key)
        data = self.objects[key][0][first : None if last is None else last + 1]
        yield ObjectStream(facts, len(data), iter([data] if data else []))

    def read_bytes(self, key: str) -> bytes:
        with self.open_stream(key) as stream:
            return b"".join(stream.chunks)

    def head(self, key: str) -> ObjectFacts:
        self._reach(key)
        if key not in self.objects:
            raise ObjectMissing(key)
        data, content_type = self.objects[key]
        return ObjectFacts(len(data), content_type)

    def delete(self, key: str) -> None:
        self._reach(key)
        self.objects.pop(key, None)

    def list_keys(self, prefix: str) -> Iterator[str]:
        self._reach(prefix)
        return iter(sorted(key for key in self.objects if key.startswith(prefix)))

    def list_sizes(self, prefix: str) -> Iterator[tuple[str, int]]:
        return ((key, len(self.objects[key][0])) for key in self.list_keys(prefix))

    def _reach(self, key: str) -> None:
        if self.away:
            raise StorageUnavailable(key)
