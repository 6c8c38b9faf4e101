"""Objects of the storage for media views: opened when somebody asks, read as a file is."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property

from core.settings import Settings
from media.ports import ObjectStorage
from media.storage import S3Storage


class Objects:
    """The object storage of ``settings``; nothing connects before the first object is opened."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def storage(self) -> ObjectStorage:
        """The storage itself."""
        return S3Storage.from_settings(self._settings)

    def open(self, key: str, *, start: int, stop: int) -> "ObjectFile":
        """Open bytes ``start`` to ``stop`` (exclusive) of an object."""
        stack = ExitStack()
        if start == stop:  # a range of nothing cannot be asked for
            return ObjectFile(iter(()), stack)
        stream = stack.enter_context(self.storage.open_stream(key, first=start, last=stop - 1))
        return ObjectFile(stream.chunks, stack)


class ObjectFile:
    """The bytes of an object, in the order they come."""

    def __init__(self, chunks: Iterator[bytes], stack: ExitStack) -> None:
        self._chunks = chunks
        self._stack = stack
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._chunks, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def close(self) -> None:
        """Let the connection go."""
        self._stack.close()
