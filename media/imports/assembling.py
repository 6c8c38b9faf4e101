"""The parts of an upload as one file on the worker's disk."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from media.errors import ObjectMissing
from media.imports import errors
from media.imports.errors import NoRoom, UploadRefused
from media.models import UploadPart
from media.steps import StepContext

SPARE_BYTES: Final = 1 << 30  # what the rest of the machine goes on with


def check_room(folder: Path, size: int) -> None:
    """Refuse to fill the disk.

    Raises:
        NoRoom: ``size`` bytes would leave less than :data:`SPARE_BYTES`.
    """
    free = shutil.disk_usage(folder).free
    if free < size + SPARE_BYTES:
        message = f"{size} bytes to store, {free} free"
        raise NoRoom(message)


def assemble(context: StepContext, parts: Sequence[UploadPart], target: Path) -> None:
    """Write ``parts`` one after the other into ``target``.

    Raises:
        UploadRefused: A part is gone, or is not what was sent.
        NoRoom: The disk is too full.
    """
    check_room(target.parent, sum(part.size for part in parts))
    with target.open("wb") as file:
        for number, part in enumerate(parts):
            context.progress(number / len(parts))
            if _append(context, part, file) != part.sha256:
                raise UploadRefused(errors.PARTS_GONE)


def _append(context: StepContext, part: UploadPart, file: IO[bytes]) -> str:
    """Append one part; return the digest of what was read."""
    digest = hashlib.sha256()
    try:
        with context.storage.open_stream(part.object_key) as stream:
            for chunk in stream.chunks:
                digest.update(chunk)
                file.write(chunk)
    except ObjectMissing as error:
        raise UploadRefused(errors.PARTS_GONE) from error
    return digest.hexdigest()
