"""The local object storage: SeaweedFS as a child, closed to everything but signed S3 requests."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.settings import Settings
from media.binaries import weed_path
from media.process import ChildProcess
from web.home import write_private
from web.supervisor.ports import LOOPBACK

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
    for part in ("s3", "master", "volume", "filer", "admin"):
        options[f"{part}.port"] = choices[f"storage_{part}_port"]
        options[f"{part}.port.grpc"] = choices[f"storage_{part}_grpc_port"]
    return [f"-{name}={value}" for name, value in options.items()]
