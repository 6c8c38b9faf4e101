"""The step that makes sound and storyboard again when a recording was cut after it was retired.

Its ladder is all there is then, and nothing is encoded again: the download is put together from the
packets of the ladder's sound, the storyboard from the pictures of its lowest rung.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import reading
from media import paths
from media.assets import keep_asset
from media.ffmpeg.sound import joining_arguments
from media.ladder.kinds import sound_name
from media.ladder.plan import LadderPlan, Part
from media.ladder.rows import plan_of
from media.ladder.sound import DOWNLOAD
from media.ladder.storyboard import storyboard_of
from media.models import Broadcast, Rendition
from media.queries import cut_of
from media.recording import RecordedRun, listed_sequences, write_run
from media.steps import StepContext, run_program

REMAKE: Final = "remake_shown"
SOUND: Final = 0.5  # share of the progress bar


def remake_shown(context: StepContext) -> None:
    """Make sound and storyboard of the ladder that is shown; nothing where there is none."""
    with reading(), context.sessions() as session:
        plan = _shown_plan(session, context.subject)
    if plan is None:
        return
    if plan.has_sound:
        _make_sound(context.within(0.0, SOUND), plan)
    if plan.rungs:
        storyboard_of(context.within(SOUND, 1.0), plan)


def _shown_plan(session: Session, broadcast_id: str) -> LadderPlan | None:
    """Return the plan of the ladder that is shown, without what is cut off now."""
    shown = session.get_one(Broadcast, broadcast_id)
    plan = plan_of(session, broadcast_id=broadcast_id, generation=shown.generation)
    query = select(Rendition).where(
        Rendition.broadcast_id == broadcast_id, Rendition.generation == shown.generation
    )
    rendition = session.scalars(query.order_by(Rendition.position)).first()
    if plan is None or rendition is None:
        return None
    listed = listed_sequences(session, rendition=rendition)
    cut = cut_of(session, broadcast_id=broadcast_id)
    parts = tuple(_left(plan, listed))
    return replace(plan, source={**plan.source, "cut": cut.as_json()}, parts=parts)


def _left(plan: LadderPlan, listed: frozenset[int]) -> Iterator[Part]:
    for part in plan.parts:
        if segments := tuple(one for one in part.segments if one.sequence in listed):
            yield replace(part, segments=segments)


def _make_sound(context: StepContext, plan: LadderPlan) -> None:
    duration_us = sum(part.duration_us for part in plan.parts)
    with context.folder() as folder:
        files = list(_write_runs(context, plan, folder))
        listing = folder / "runs.txt"
        listing.write_text("".join(f"file {one.name}\n" for one in files))
        arguments = joining_arguments(listing, folder / DOWNLOAD)
        run_program(context, arguments, folder=folder, duration_us=duration_us)
        details = {"duration_us": duration_us}
        file = folder / DOWNLOAD
        keep_asset(context, kind="sound", name=DOWNLOAD, file=file, details=details, cut=plan.cut)


def _write_runs(context: StepContext, plan: LadderPlan, folder: Path) -> Iterator[Path]:
    """Write the sound of each run into a file of its own."""
    for number, parts in groupby(plan.parts, key=lambda part: part.run_number):
        file = folder / f"{number}.mp4"
        run = _sound_run(context.subject, sound_name(plan.generation), number, tuple(parts))
        for _key in write_run(run, file, storage=context.storage, spool=context.settings.spool):
            context.progress(0.0)
        yield file


def _sound_run(broadcast_id: str, name: str, number: int, parts: tuple[Part, ...]) -> RecordedRun:
    segments = [one for part in parts for one in part.segments]
    return RecordedRun(
        init_key=paths.init_key(broadcast_id, name, number),
        segment_keys=tuple(
            paths.segment_key(broadcast_id, name, number, one.sequence) for one in segments
        ),
        durations_us=tuple(one.duration_us for one in segments),
    )
