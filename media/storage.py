"""Object storage over S3; the one module that knows boto3."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from core.settings import Settings
from media.errors import ObjectMissing, StorageUnavailable
from media.ports import ObjectFacts, ObjectStream

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CHUNK: Final = 256 * 1024
REGION: Final = "us-east-1"  # part of every signature; servers of one's own take this one
_MISSING: Final = {"404", "NoSuchKey", "NotFound"}

_CONFIG: Final = Config(
    signature_version="s3v4",  # else presigned addresses are signed the old way
    s3={"addressing_style": "path"},  # a server of one's own has no name per bucket
    connect_timeout=2,
    read_timeout=10,
    retries={"total_max_attempts": 3, "mode": "standard"},
    max_pool_connections=20,
    tcp_keepalive=True,
    # Trailing checksums in chunked bodies are not understood by every S3 server.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class S3Storage:
    """Objects in one bucket of an S3 server.

    Args:
        bucket: Name of the bucket.
        endpoint_url: Address of the server; that of Amazon when empty.
        access_key: Its key; the machine's own identity when empty.
        secret_key: The secret of the key.
    """

    def __init__(
        self, *, bucket: str, endpoint_url: str = "", access_key: str = "", secret_key: str = ""
    ) -> None:
        self._bucket = bucket
        self._client: S3Client = boto3.session.Session().client(
            "s3",
            region_name=REGION,
            endpoint_url=endpoint_url or None,
            aws_access_key_id=access_key or None,
            aws_secret_access_key=secret_key or None,
            config=_CONFIG,
        )

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Return the storage that ``settings`` name; it connects on first use."""
        return cls(
            bucket=settings.s3_bucket,
            endpoint_url=settings.s3_endpoint_url,
            access_key=settings.aws_access_key_id,
            secret_key=settings.aws_secret_access_key,
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def ensure_bucket(self) -> None:
        """Make the bucket unless it is there."""
        with _faults(self._bucket):
            try:
                self._client.head_bucket(Bucket=self._bucket)
            except ClientError as error:
                if _code(error) not in {*_MISSING, "NoSuchBucket"}:
                    raise
                self._client.create_bucket(Bucket=self._bucket)

    def put_bytes(self, key: str, data: bytes, *, content_type: str) -> None:
        """Store ``data`` under ``key``, in the place of what was there."""
        with _faults(key):
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=data, ContentType=content_type
            )

    def put_file(self, key: str, path: Path, *, content_type: str) -> None:
        """Store the content of the file ``path`` under ``key``."""
        with path.open("rb") as body, _faults(key):
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=content_type
            )

    @contextmanager
    def open_stream(
        self, key: str, *, first: int = 0, last: int | None = None
    ) -> Iterator[ObjectStream]:
        """Open bytes ``first`` to ``last`` (inclusive; ``None``: the end) of an object."""
        span = f"bytes={first}-{'' if last is None else last}"
        with _faults(key):
            if first == 0 and last is None:  # a range of an empty object would be refused
                found = self._client.get_object(Bucket=self._bucket, Key=key)
            else:
                found = self._client.get_object(Bucket=self._bucket, Key=key, Range=span)
        body = found["Body"]
        whole = int(found.get("ContentRange", "").rpartition("/")[2] or found["ContentLength"])
        try:
            facts = ObjectFacts(whole, found["ContentType"])
            yield ObjectStream(
                facts, found["ContentLength"], _guarded(key, body.iter_chunks(CHUNK))
            )
        finally:
            body.close()

    def read_bytes(self, key: str) -> bytes:
        """Return the whole of a small object."""
        with self.open_stream(key) as stream:
            return b"".join(stream.chunks)

    def head(self, key: str) -> ObjectFacts:
        """Return the facts of an object."""
        with _faults(key):
            found = self._client.head_object(Bucket=self._bucket, Key=key)
        return ObjectFacts(found["ContentLength"], found["ContentType"])

    def delete(self, key: str) -> None:
        """Remove an object; harmless when there is none."""
        with _faults(key):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def list_keys(self, prefix: str) -> Iterator[str]:
        """Return the keys that begin with ``prefix``, in order."""
        return (key for key, _size in self.list_sizes(prefix))

    def list_sizes(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Return those keys, each with the bytes of its object."""
        with _faults(prefix):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                yield from ((one["Key"], one["Size"]) for one in page.get("Contents", ()))


def _guarded(key: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass ``chunks`` on; a connection that breaks in the middle is a fault of the storage."""
    with _faults(key):
        yield from chunks


@contextmanager
def _faults(key: str) -> Iterator[None]:
    """Turn the library's errors into ours."""
    try:
        yield
    except ClientError as error:
        if _code(error) in _MISSING:
            raise ObjectMissing(key) from error
        raise StorageUnavailable(key, str(error)) from error
    except (BotoCoreError, HTTPError, OSError) as error:
        raise StorageUnavailable(key, str(error)) from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
