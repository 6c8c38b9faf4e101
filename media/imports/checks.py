"""Looking into a file of unknown origin: by content, with bounds on time, memory and reach."""

import json
from pathlib import Path
from typing import Final

from media.ffmpeg.uploads import probe_arguments
from media.imports import errors
from media.imports.errors import UploadRefused
from media.imports.plans import Facts, container_of, facts_of
from media.process import ProcessFailed, run_checked

HEAD_BYTES: Final = 1024
PROBE_SECONDS: Final = 60.0
PROBE_MEMORY: Final = 1 << 30


def look_into(file: Path) -> Facts:
    """Return what a file is.

    Only three demuxers can ever be chosen, and none of them opens anything but ``file``: no other
    file is read and no address fetched, whatever the file names.

    Raises:
        UploadRefused: It is no recording that can be read.
    """
    with file.open("rb") as opened:
        container = container_of(opened.read(HEAD_BYTES))
    try:
        done = run_checked(
            probe_arguments(file, container),
            timeout=PROBE_SECONDS,
            cwd=file.parent,
            memory=PROBE_MEMORY,
        )
        return facts_of(container, json.loads(done.stdout))
    except ProcessFailed as error:
        heavy = error.returncode is None
        raise UploadRefused(errors.TOO_HEAVY if heavy else errors.UNREADABLE) from error
    except (KeyError, ValueError) as error:
        raise UploadRefused(errors.UNREADABLE) from error
