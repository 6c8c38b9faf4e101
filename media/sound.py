"""The sound as a download: the segments of the sound rendition in one file, copied if possible."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from core.errors import _
from media.assets import keep_asset
from media.enums import RenditionKind
from media.errors import StepRefused
from media.ffmpeg.assets import encoded_sound_arguments, joined_sound_arguments, parts_list
from media.recording import RecordedRun, object_chunks, recorded_runs, write_run
from media.steps import StepContext, run_program

FETCHING: Final = 0.5  # share of the progress bar; the other half is ffmpeg's
NO_SOUND: Final = _("The recording has no sound.")


def make_sound(context: StepContext) -> None:
    """Make ``assets/sound.m4a``.

    Raises:
        StepRefused: The recording has no sound.
    """
    runs = recorded_runs(context.sessions, broadcast_id=context.subject, kind=RenditionKind.AUDIO)
    if not runs:
        raise StepRefused(NO_SOUND)
    with context.folder() as folder:
        files = _fetch(context, runs, folder)
        target = folder / "sound.m4a"
        copied = _are_alike(context, runs)
        arguments = (
            joined_sound_arguments(_write_list(folder, files, runs), target)
            if copied
            else encoded_sound_arguments(files, target)
        )
        duration_us = sum(run.duration_us for run in runs)
        run_program(_second_half(context), arguments, folder=folder, duration_us=duration_us)
        details = {"duration_us": duration_us, "copied": copied}
        keep_asset(context, kind="sound", name="sound.m4a", file=target, details=details)


def _fetch(context: StepContext, runs: list[RecordedRun], folder: Path) -> list[Path]:
    objects = sum(len(run.segment_keys) + 1 for run in runs)
    files, fetched = [], 0
    for number, run in enumerate(runs):
        file = folder / f"{number}.mp4"
        for _key in write_run(run, file, storage=context.storage, spool=context.settings.spool):
            fetched += 1
            context.progress(FETCHING * fetched / objects)
        files.append(file)
    return files


def _are_alike(context: StepContext, runs: list[RecordedRun]) -> bool:
    """Return whether all runs have the same codec parameters: the same init segment."""
    storage, spool = context.storage, context.settings.spool
    return (
        len({b"".join(object_chunks(one.init_key, storage=storage, spool=spool)) for one in runs})
        == 1
    )


def _write_list(folder: Path, files: list[Path], runs: list[RecordedRun]) -> Path:
    parts = folder / "parts.txt"
    lengths = [run.duration_us for run in runs]
    parts.write_text(parts_list(list(zip(files, lengths, strict=True))), encoding="utf-8")
    return parts


def _second_half(context: StepContext) -> StepContext:
    def progress(fraction: float) -> None:
        context.progress(FETCHING + fraction * (1 - FETCHING))

    return replace(context, progress=progress)
