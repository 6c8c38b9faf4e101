"""Preview pictures for the seek bar: one sheet of small frames, and WebVTT that says where each is.

Made from the keyframes of the lowest rung: nothing else is decoded. The cues count from the first
second of the replay, as a player's clock does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

from core.database import reading
from core.errors import _
from media import paths
from media.assets import keep_asset
from media.errors import StepRefused
from media.ffmpeg.assets import storyboard_arguments
from media.ladder.plan import LadderPlan, Part
from media.ladder.rows import plan_of
from media.ladder.rungs import Rung
from media.process import run_checked
from media.recording import object_chunks
from media.steps import StepContext

WIDTH: Final = 160
COLUMNS: Final = 10
MOST: Final = 300
"""Pictures on a sheet: a megabyte at most, loaded when somebody reaches for the seek bar."""
LEAST_US: Final = 5_000_000  # between two pictures
SECONDS: Final = 120.0
NO_PICTURE: Final = _("The recording has no picture.")
SHEET: Final = "storyboard.jpg"
TRACK: Final = "storyboard.vtt"


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a sheet is laid out: every n-th keyframe, and pixels of one picture."""

    every: int
    count: int
    width: int
    height: int

    @property
    def rows(self) -> int:
        """Rows of pictures."""
        return ceil(self.count / COLUMNS)


def make_storyboard(context: StepContext) -> None:
    """Make the sheet and its track from the lowest rung of a ladder.

    Raises:
        StepRefused: The recording has no picture.
    """
    with reading(), context.sessions() as session:
        plan = plan_of(session, broadcast_id=context.subject, generation=context.revision)
    if plan is None or not plan.rungs:
        raise StepRefused(NO_PICTURE)
    storyboard_of(context, plan)


def storyboard_of(context: StepContext, plan: LadderPlan) -> None:
    """Make the storyboard of the segments that a plan has, which are there."""
    lengths = [one.duration_us for one in plan.segments]
    sheet = layout(lengths, plan.rungs[-1])
    with context.folder() as folder:
        pictures = _fetch(context.within(0.0, 0.6), plan, folder / "pictures.mp4", sheet.every)
        image = folder / SHEET
        arguments = storyboard_arguments(
            pictures,
            image,
            columns=COLUMNS,
            rows=sheet.rows,
            size=(sheet.width, sheet.height),
        )
        run_checked(arguments, timeout=SECONDS, cwd=folder)
        details = {"width": sheet.width, "height": sheet.height, "count": sheet.count}
        name = keep_asset(
            context, kind="storyboard", name=SHEET, file=image, details=details, cut=plan.cut
        )
        track = folder / TRACK
        track.write_text(webvtt(name, lengths, sheet), encoding="utf-8")
        keep_asset(context, kind="storyvtt", name=TRACK, file=track, details=details, cut=plan.cut)


def layout(lengths_us: Sequence[int], rung: Rung) -> Sheet:
    """Return the layout for segments of these lengths: a picture every five seconds or more."""
    usual = sum(lengths_us) / len(lengths_us)
    every = max(ceil(LEAST_US / usual), ceil(len(lengths_us) / MOST))
    if len(lengths_us) < COLUMNS:
        every = 1  # of a short recording each
    height = max(round(WIDTH * rung.height / rung.width / 2) * 2, 2)
    return Sheet(every, ceil(len(lengths_us) / every), WIDTH, height)


def webvtt(name: str, lengths_us: Sequence[int], sheet: Sheet) -> str:
    """Return the track: for each stretch of time the part of the sheet to show."""
    starts = [sum(lengths_us[:at]) for at in range(0, len(lengths_us), sheet.every)]
    ends = [*starts[1:], sum(lengths_us)]
    cues = (
        f"{_time(start)} --> {_time(end)}\n{name}#xywh={_place(number, sheet)}\n"
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _fetch(context: StepContext, plan: LadderPlan, file: Path, every: int) -> Path:
    """Write the segments with the wanted keyframes, and no others, into a playable file."""
    name = tuple(plan.pictures)[-1]
    wanted = [(part, one.sequence) for part in plan.parts for one in part.segments][::every]
    with file.open("wb") as out:
        for done, key in enumerate(_keys(context.subject, name, plan.parts[0], wanted)):
            spool = context.settings.spool
            for chunk in object_chunks(key, storage=context.storage, spool=spool):
                out.write(chunk)
            context.progress(done / (len(wanted) + 1))
    return file


def _keys(
    broadcast_id: str, name: str, first: Part, wanted: Sequence[tuple[Part, int]]
) -> list[str]:
    init = paths.init_key(broadcast_id, name, first.run_number)  # of every run: one encoder
    return [
        init,
        *(paths.segment_key(broadcast_id, name, part.run_number, n) for part, n in wanted),
    ]


def _place(number: int, sheet: Sheet) -> str:
    row, column = divmod(number, COLUMNS)
    return f"{column * sheet.width},{row * sheet.height},{sheet.width},{sheet.height}"


def _time(microseconds: int) -> str:
    seconds, millis = divmod(microseconds // 1000, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{millis:03}"
