"""Files as people send them, made by ffmpeg, and uploads of which every part is stored."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.database import Sessions
from core.ids import new_id
from core.settings import Settings
from media.binaries import ffmpeg_path
from media.enums import UploadState
from media.models import Broadcast, Upload, UploadPart
from media.process import run_checked
from media.steps import StepContext
from tests.fakes.storage import MemoryStorage

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-ac", "1")


def write_file(target: Path, *options: str, seconds: float = 6) -> Path:
    """Let ffmpeg write ``target`` with ``options``, ``seconds`` long."""
    arguments = ["-loglevel", "error", "-nostdin", "-y", *options, "-t", str(seconds), str(target)]
    run_checked([ffmpeg_path(), *arguments], timeout=60)
    return target


def write_talk(target: Path, *, seconds: float = 6, gop: int = 20) -> Path:
    """Write H.264 with AAC and a keyframe every ``gop`` frames at 10 frames per second."""
    return write_file(
        target, *PICTURE, *SOUND, *H264, "-g", str(gop), "-bf", "2", *AAC, seconds=seconds
    )


def add_upload(
    session: Session,
    storage: MemoryStorage,
    data: bytes,
    *,
    now: datetime,
    broadcast_id: str = "",
    part_size: int = 4096,
    state: UploadState = UploadState.RECEIVED,
) -> Upload:
    """Store ``data`` as an upload, for a broadcast of its own unless one is named."""
    if not broadcast_id:
        broadcast_id = new_id()
        session.add(Broadcast(id=broadcast_id, created_at=now))
    upload = Upload(
        id=new_id(),
        broadcast_id=broadcast_id,
        owner_id="host",
        name="talk.mp4",
        size=len(data),
        part_size=part_size,
        state=state,
        created_at=now,
    )
    session.add(upload)
    session.flush()
    for number, start in enumerate(range(0, len(data), part_size)):
        part = data[start : start + part_size]
        key = f"uploads/{upload.id}/{number}"
        storage.put_bytes(key, part, content_type="application/octet-stream")
        digest = hashlib.sha256(part).hexdigest()
        session.add(
            UploadPart(
                upload_id=upload.id, number=number, size=len(part), sha256=digest, object_key=key
            )
        )
    session.flush()
    return upload


def step_context(
    sessions: Sessions,
    storage: MemoryStorage,
    settings: Settings,
    subject: str,
    *,
    progress: Callable[[float], None] = lambda _fraction: None,
    work_id: str = "w",
) -> StepContext:
    """Return what a worker would give a step."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return StepContext(
        work_id=work_id,
        subject=subject,
        sessions=sessions,
        storage=storage,
        settings=settings,
        progress=progress,
        deadline=time.monotonic() + 60,
    )


def with_payload(context: StepContext, payload: Mapping[str, Any]) -> StepContext:
    """Return the same context for work with this payload."""
    return replace(context, payload=payload)
