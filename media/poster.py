"""The poster: the first frame that is bright enough, looked for from a tenth of the show on."""

from itertools import accumulate
from pathlib import Path
from typing import Final

from core.database import reading
from core.errors import _
from media.assets import keep_asset
from media.enums import RenditionKind
from media.errors import StepRefused
from media.ffmpeg.assets import poster_arguments
from media.process import run_checked
from media.queries import cut_of
from media.recording import RecordedRun, recorded_runs, write_run
from media.steps import StepContext

PLACES: Final = (0.10, 0.15, 0.25, 0.40, 0.60, 0.80, 0.02)
"""Where to look, as fractions of the show; titles and waiting cards stand at the beginning."""
BRIGHT: Final = 40  # average luma of 255; black is 16
FRAME_SECONDS: Final = 30.0
NO_PICTURE: Final = _("The recording has no picture.")

_Place = tuple[RecordedRun, int]


def make_poster(context: StepContext) -> None:
    """Make the poster of a recording.

    Raises:
        StepRefused: The recording has no picture.
    """
    with reading(), context.sessions() as session:
        cut = cut_of(session, broadcast_id=context.subject)
    runs = recorded_runs(context.sessions, broadcast_id=context.subject, kind=RenditionKind.MUXED)
    if not runs:
        raise StepRefused(NO_PICTURE)
    with context.folder() as folder:
        best, brightest = folder / "poster.jpg", -1
        for number, place in enumerate(places(runs)):
            context.progress(number / len(PLACES))
            frame = folder / f"{number}.jpg"
            luma = _picture(context, place, folder / "segment.mp4", frame)
            if luma > brightest:
                best, brightest = frame, luma
            if luma >= BRIGHT:
                break
        details = {"luma": brightest}
        keep_asset(context, kind="poster", name="poster.jpg", file=best, details=details, cut=cut)


def places(runs: list[RecordedRun]) -> list[_Place]:
    """Return the segments to look at, as (run, index), each once."""
    segments = [(run, index) for run in runs for index in range(len(run.segment_keys))]
    ends = list(accumulate(run.durations_us[index] for run, index in segments))
    chosen = {next(n for n, end in enumerate(ends) if end > ends[-1] * part) for part in PLACES}
    first = next(n for n, end in enumerate(ends) if end > ends[-1] * PLACES[0])
    order = sorted(chosen, key=lambda n: (n < first, n))  # from a tenth on, what is before it last
    return [segments[n] for n in order]


def _picture(context: StepContext, place: _Place, segment: Path, frame: Path) -> int:
    run, index = place
    alone = RecordedRun(run.init_key, (run.segment_keys[index],), (run.durations_us[index],))
    spool = context.settings.spool
    for _key in write_run(alone, segment, storage=context.storage, spool=spool):
        pass
    done = run_checked(poster_arguments(segment, frame), timeout=FRAME_SECONDS, cwd=frame.parent)
    return done.stdout[0] if done.stdout else 0
