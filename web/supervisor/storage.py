"""The local object storage: SeaweedFS as a child, closed to everything but signed S3 requests."""

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.settings import Settings
from media.binaries import weed_path
from media.errors import StorageUnavailable
from media.ports import ObjectStorage
from media.process import ChildProcess
from media.storage import S3Storage
from web.home import write_private
from web.supervisor.choices import STORAGE_PARTS
from web.supervisor.ports import GRPC_OFFSET, LOOPBACK

PAUSE = 0.1  # seconds between two attempts
START_SECONDS = 20.0  # within which the server answers; it takes one on an idle machine
MEMORY = "400MiB"  # the server stays near 276 MB with this limit, and grows without one


def storage_child(settings: Settings, choices: Mapping[str, Any], log: Path) -> ChildProcess:
    """Return the storage server of this home, not yet started; it makes its bucket itself."""
    folder = settings.home / "objects"
    config = settings.home / "storage.json"
    write_private(config, json.dumps(identities(settings)))
    return ChildProcess(
        [weed_path(), "-logtostderr", "mini", *arguments(settings, choices, folder, config)],
        cwd=folder,
        env=environment(choices),
        log=log,
    )


def make_bucket(settings: Settings) -> None:
    """Wait until the storage of ``settings`` can be read and make the bucket unless it is there.

    Raises:
        StorageUnavailable: It did not answer in time, or refuses the keys.
    """
    until = time.monotonic() + START_SECONDS
    storage = S3Storage.from_settings(settings)
    try:
        while not _ensure_bucket(storage, last=time.monotonic() > until):
            time.sleep(PAUSE)
        wait_for_contents(storage, pause=time.sleep)
    finally:
        storage.close()


def wait_for_contents(storage: ObjectStorage, *, pause: Callable[[float], None]) -> None:
    """Wait until an object can be read: the server lists them before it knows its own volumes.

    Raises:
        StorageUnavailable: It still cannot after :data:`START_SECONDS`.
    """
    keys = storage.list_keys("")
    key = next((key for key in keys if storage.head(key).size), None)  # empty ones need no volume
    attempts = int(START_SECONDS / PAUSE)
    while key is not None and not _is_readable(storage, key, last=attempts == 0):
        attempts -= 1
        pause(PAUSE)


def _is_readable(storage: ObjectStorage, key: str, *, last: bool) -> bool:
    try:
        with storage.open_stream(key, first=0, last=0) as stream:
            return bool(b"".join(stream.chunks))
    except StorageUnavailable:
        if last:
            raise
        return False


def _ensure_bucket(storage: S3Storage, *, last: bool) -> bool:
    try:
        storage.ensure_bucket()
    except StorageUnavailable:
        if last:
            raise
        return False
    return True


def identities(settings: Settings) -> dict[str, Any]:
    """Return the S3 configuration: one identity, so that nothing is anonymous."""
    keys = {
        "accessKey": settings.aws_access_key_id,
        "secretKey": settings.aws_secret_access_key,
    }
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    return {"identities": [{"name": "mindcast", "credentials": [keys], "actions": actions}]}


def environment(choices: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment: without the three keys its inner ports would take any request."""
    return {
        "PATH": os.defpath,
        "GOMEMLIMIT": MEMORY,
        "WEED_JWT_SIGNING_KEY": choices["storage_jwt_volume"],
        "WEED_JWT_SIGNING_READ_KEY": choices["storage_jwt_volume_read"],
        "WEED_JWT_FILER_SIGNING_KEY": choices["storage_jwt_filer"],
        "WEED_JWT_FILER_SIGNING_READ_KEY": choices["storage_jwt_filer_read"],
    }


def arguments(
    settings: Settings, choices: Mapping[str, Any], folder: Path, config: Path
) -> list[str]:
    """Return the arguments: every port is fixed, since it moves silently when one is taken."""
    options: dict[str, object] = {
        "dir": folder,
        "ip": LOOPBACK,
        "ip.bind": LOOPBACK,
        "bucket": settings.s3_bucket,
        "admin.ui": "false",
        "webdav": "false",
        "master.telemetry": "false",
        "s3.config": config,
        "s3.iam": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "volume.preStopSeconds": 0,  # nothing else balances load over this server
    }
    for part in STORAGE_PARTS:
        port = choices[f"storage_{part}_port"]
        options |= {f"{part}.port": port, f"{part}.port.grpc": port + GRPC_OFFSET}
    return [f"-{name}={value}" for name, value in options.items()]
