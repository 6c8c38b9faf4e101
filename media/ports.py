"""What media needs from outside, as protocols: each has a real and a shared fake implementation."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ObjectFacts:
    """What storage knows of an object; ``size`` is in bytes."""

    size: int
    content_type: str


@dataclass(frozen=True, slots=True)
class ObjectStream:
    """An object, or a range of it, being read; ``facts.size`` is that of the whole object."""

    facts: ObjectFacts
    length: int
    """Bytes that ``chunks`` will give."""
    chunks: Iterator[bytes]


class ObjectStorage(Protocol):
    """A place for objects by key.

    Every method raises ``StorageUnavailable`` when the storage cannot be reached or fails; trying
    again later is right then. An object is there whole or not at all.
    """

    def put_bytes(self, key: str, data: bytes, *, content_type: str) -> None:
        """Store ``data`` under ``key``, in the place of what was there."""
        ...

    def put_file(self, key: str, path: Path, *, content_type: str) -> None:
        """Store the content of the file ``path`` under ``key``."""
        ...

    def open_stream(
        self, key: str, *, first: int = 0, last: int | None = None
    ) -> AbstractContextManager[ObjectStream]:
        """Open bytes ``first`` to ``last`` (inclusive; ``None``: the end) of an object.

        Raises:
            ObjectMissing: There is no such object.
        """
        ...

    def read_bytes(self, key: str) -> bytes:
        """Return the whole of a small object.

        Raises:
            ObjectMissing: There is no such object.
        """
        ...

    def head(self, key: str) -> ObjectFacts:
        """Return the facts of an object.

        Raises:
            ObjectMissing: There is no such object.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove an object; harmless when there is none."""
        ...

    def list_keys(self, prefix: str) -> Iterator[str]:
        """Return the keys that begin with ``prefix``, in order."""
        ...

    def list_sizes(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Return those keys, each with the bytes of its object."""
        ...
