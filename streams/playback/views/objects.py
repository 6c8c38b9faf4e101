"""Init segments, segments and assets: from this node's spool, else streamed from object storage."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from flask import Response, current_app, request
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.settings import Settings
from media.errors import ObjectMissing, StorageUnavailable
from media.paths import MediaPath, content_type, spool_path
from streams.playback.queries import StoredObject, stored_object
from streams.playback.rules import GateAnswer
from streams.playback.views.answers import cache_control, empty, is_known, unchanged

CHUNK = 64 * 1024  # bytes held in memory per viewer


class Source(Protocol):
    """Bytes that are read in order: an open file or an answer of the object storage."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes; none at the end."""

    def close(self) -> None:
        """Let the file or the connection go."""


class ObjectStorage(Protocol):
    """What media views need of :mod:`media.storage`."""

    def open(self, key: str, *, start: int, stop: int) -> Source:
        """Open bytes ``start`` to ``stop`` (exclusive) of an object."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes ``start`` to ``stop`` (exclusive); ``is_whole`` when nobody asked for less."""

    start: int
    stop: int
    is_whole: bool = True

    @property
    def length(self) -> int:
        """How many bytes that is."""
        return self.stop - self.start


def answer_object(session: Session, key: str, path: MediaPath, answer: GateAnswer) -> Response:
    """Answer with the object of ``key``, or the single part that a Range header names."""
    found = stored_object(session, key=key, path=path, now=utc_now())
    if found is None:
        return empty(404)
    response = Response(content_type=found.content_type or content_type(key))
    response.set_etag(found.sha256)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = cache_control(
        answer, shared="max-age=31536000, immutable", personal="no-cache"
    )
    if is_known(response):
        return unchanged(response)
    part = wanted_part(found)
    if part is None:
        return _out_of_range(found.size)
    return _filled(response, found, part)


def wanted_part(found: StoredObject) -> Part | None:
    """Return what the request wants of the object (RFC 9110, 14.2); None if it lies outside.

    Several ranges at once, other units and a range of another version get the whole object.
    """
    whole = Part(0, found.size)
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return whole
    if request.if_range.date or request.if_range.etag not in {None, found.sha256}:
        return whole
    bounds = asked.range_for_length(found.size)
    return Part(*bounds, is_whole=False) if bounds else None


def _filled(response: Response, found: StoredObject, part: Part) -> Response:
    response.headers["Content-Length"] = str(part.length)
    if not part.is_whole:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{found.size}"
    if request.method == "HEAD":
        return response
    try:
        _fill(response, found, part)
    except ObjectMissing:
        return empty(404)
    except StorageUnavailable:
        refused = empty(503)
        refused.headers["Retry-After"] = "1"
        return refused
    return response


def _fill(response: Response, found: StoredObject, part: Part) -> None:
    """Give ``response`` its bytes; the file or the connection is closed after the last."""
    source = _open_spooled(found, part) or _open_stored(found, part)
    response.call_on_close(source.close)  # a viewer may leave before the first byte is read
    response.response = _chunks(source, part.length)


def _out_of_range(size: int) -> Response:
    response = empty(416)
    response.headers["Content-Range"] = f"bytes */{size}"
    return response


def _open_spooled(found: StoredObject, part: Part) -> Source | None:
    """Open the file on this node, unless it is gone or was never here."""
    try:
        file = spool_path(_settings().spool, found.key).open("rb")
    except FileNotFoundError:
        return None
    file.seek(part.start)
    return file


def _open_stored(found: StoredObject, part: Part) -> Source:
    storage: ObjectStorage = current_app.extensions["mindcast.storage"]
    return storage.open(found.key, start=part.start, stop=part.stop)


def _chunks(source: Source, length: int) -> Iterator[bytes]:
    with closing(source):
        while length and (chunk := source.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _settings() -> Settings:
    settings: Settings = current_app.extensions["mindcast.settings"]
    return settings
