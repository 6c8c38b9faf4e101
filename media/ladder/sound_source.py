"""The sound of a source on this machine, run by run."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from media import paths
from media.enums import RenditionKind
from media.ffmpeg.sound import SoundClip, probe_arguments
from media.ladder.sound_cuts import SoundRun
from media.process import run_checked
from media.recording import recorded_runs, write_run
from media.steps import StepContext

PROBE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class FetchedSound:
    """The sound of every run; ``channels`` is how many the encode has, 1 or 2."""

    clips: tuple[SoundClip, ...]
    channels: int


def fetch_sound(context: StepContext, runs: Sequence[SoundRun], *, folder: Path) -> FetchedSound:
    """Bring the sound of all runs to this machine; a run that has none is silent."""
    files = _fetch_recorded(context, folder)
    clips = tuple(
        SoundClip(files.get(run.parts[0].run_number), run.segments[0].starts_us, run.samples)
        for run in runs
    )
    channels = max((channels_of(clip.file) for clip in clips if clip.file), default=1)
    return FetchedSound(clips, min(max(channels, 1), 2))


def channels_of(file: Path) -> int:
    """Return how many channels the sound of a file has; 0 when it has none."""
    done = run_checked(probe_arguments(file), timeout=PROBE_SECONDS)
    streams = json.loads(done.stdout).get("streams", [])
    return int(streams[0].get("channels", 0)) if streams else 0


def _fetch_recorded(context: StepContext, folder: Path) -> dict[int, Path]:
    """Write the sound of each run into a file, by run number."""
    recorded = recorded_runs(
        context.sessions, broadcast_id=context.subject, kind=RenditionKind.AUDIO
    )
    objects = sum(len(run.segment_keys) + 1 for run in recorded)
    files: dict[int, Path] = {}
    fetched = 0
    for run in recorded:
        number = paths.read_key(run.init_key).run
        files[number] = folder / f"sound-{number}.mp4"
        spool = context.settings.spool
        for _key in write_run(run, files[number], storage=context.storage, spool=spool):
            fetched += 1
            context.progress(fetched / objects)
    return files
