"""The last step of a ladder: everything is checked, and then viewers are given it, all at once.

What viewers see changes with one compare-and-set of ``Broadcast.generation``. Before it no
playlist names the ladder and its objects exist for nobody; after it all of it is there.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.database import reading
from core.errors import _
from media import hls, paths
from media.enums import BroadcastState
from media.errors import MediaError, ObjectMissing, StepRefused
from media.ladder.plan import LadderPlan
from media.ladder.repair import make_again
from media.ladder.rows import plan_of
from media.models import Broadcast, InitSegment, Rendition, Segment
from media.playlists import final_playlists
from media.steps import StepContext
from media.window import UNCUT, Cut

CUT_MEANWHILE: Final = _("The recording was cut differently meanwhile. Another one is made.")
READ_BACK: Final = 64
"""Objects whose content is compared; of all others the size is. A spread over the whole ladder."""
FRAME_US: Final = 50_000  # lengths may differ from the plan by a frame at 20 per second


class LadderUnsoundError(MediaError):
    """A ladder that is complete is not what was planned; it is not shown."""

    def __init__(self, details: Sequence[str]) -> None:
        super().__init__("; ".join(details[:20]))


@dataclass(frozen=True, slots=True)
class Stored:
    """What a row says of an object; ``sequence`` is -1 for an init segment."""

    key: str
    size: int
    sha256: str
    sequence: int


def publish_ladder(context: StepContext) -> None:
    """Check a complete ladder and let viewers have it; harmless when it is shown already.

    Raises:
        StepRefused: There is no such ladder, or it has what was cut off meanwhile.
        LadderUnsoundError: Something is not as planned; damaged parts are made again.
    """
    generation = context.revision
    with reading(), context.sessions() as session:
        broadcast = session.get(Broadcast, context.subject)
        plan = plan_of(session, broadcast_id=context.subject, generation=generation)
        if plan is None or broadcast is None:
            raise StepRefused
        is_shown = broadcast.generation >= generation
        is_cut = plan.cut != Cut(broadcast.shown_from, broadcast.shown_until)
    if is_cut:
        raise StepRefused(CUT_MEANWHILE)
    if not is_shown:
        _check(context, plan)
    _write_playlists(context, plan, show=not is_shown)


def show_generation(
    session: Session,
    *,
    broadcast_id: str,
    generation: int,
    now: datetime,
    cut: Cut = UNCUT,
) -> bool:
    """Let the master playlist name a ladder instead of the one before it; whether it was this call.

    Of two that publish at once one does; a ladder never takes the place of a later one. Nor is one
    shown that was made under another ``cut``: it may have what was cut off meanwhile.
    """
    change = (
        update(Broadcast)
        .where(
            Broadcast.id == broadcast_id,
            Broadcast.generation < generation,
            Broadcast.state == BroadcastState.ENDED,
            Broadcast.shown_from.is_not_distinct_from(cut.shown_from),
            Broadcast.shown_until.is_not_distinct_from(cut.shown_until),
        )
        .values(generation=generation, generation_at=now)
    )
    done = session.execute(change)
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE has a row count


def _write_playlists(context: StepContext, plan: LadderPlan, *, show: bool) -> None:
    """Write the media playlists, show the ladder, and write the master playlist last."""
    generation = plan.generation
    with reading(), context.sessions() as session:
        texts = final_playlists(session, broadcast_id=context.subject, generation=generation)
    _check_texts(texts)
    master = paths.master_key(context.subject)
    for key in texts.keys() - {master}:
        _put(context, key, texts[key])
    context.progress(0.95)  # raises when the work is another's: then nothing is shown
    if show:
        with context.sessions.begin() as session:
            show_generation(
                session,
                broadcast_id=context.subject,
                generation=generation,
                now=utc_now(),
                cut=plan.cut,
            )
    with reading(), context.sessions() as session:
        shown = session.get_one(Broadcast, context.subject).generation
    if shown == generation:
        _put(context, master, texts[master])


def _put(context: StepContext, key: str, text: str) -> None:
    context.storage.put_bytes(key, text.encode(), content_type=paths.content_type(key))


def _check(context: StepContext, plan: LadderPlan) -> None:
    """Compare rows with the plan and objects with the rows."""
    with reading(), context.sessions() as session:
        rows = _rows(session, context.subject, plan.generation)
        stored = list(_stored(session, context.subject, plan.generation, rows))
    wrong = [detail for name in plan.renditions for detail in _check_rows(name, rows, plan)]
    if wrong:
        raise LadderUnsoundError(wrong)
    damaged = _damaged(context, stored)
    if damaged:
        make_again(context, plan, [one.sequence for one in damaged])
        raise LadderUnsoundError([f"{one.key} is not what was stored" for one in damaged])


def _rows(session: Session, broadcast_id: str, generation: int) -> dict[str, list[Segment]]:
    query = (
        select(Rendition.name, Segment)
        .join(Segment, Segment.rendition_id == Rendition.id)
        .where(Rendition.broadcast_id == broadcast_id, Rendition.generation == generation)
        .order_by(Rendition.position, Segment.sequence)
    )
    found: dict[str, list[Segment]] = {}
    for name, row in session.execute(query):
        found.setdefault(name, []).append(row)
    return found


def _check_rows(
    name: str, rows: Mapping[str, Sequence[Segment]], plan: LadderPlan
) -> Iterator[str]:
    """Yield what is wrong with the rows of one rendition; each run is as long as the source's."""
    found, planned = rows.get(name, ()), plan.segments
    if [row.sequence for row in found] != [one.sequence for one in planned]:
        yield f"{name} has {len(found)} segments, not {len(planned)}"
        return
    apart: dict[int, int] = {}
    for row, one in zip(found, planned, strict=True):
        apart[row.run_number] = apart.get(row.run_number, 0) + row.duration_us - one.duration_us
        if abs(row.starts_us - one.starts_us) > FRAME_US:
            yield f"{name}: number {row.sequence} starts at {row.starts_us}, not {one.starts_us}"
    for run, difference in apart.items():
        if abs(difference) > FRAME_US:
            yield f"{name}: run {run} is {difference} microseconds too long"
    for before, following in pairwise(found):
        if following.program_at <= before.program_at:
            yield f"{name}: number {following.sequence} is not later than the one before"


def _stored(
    session: Session, broadcast_id: str, generation: int, rows: Mapping[str, Sequence[Segment]]
) -> Iterator[Stored]:
    inits = (
        select(InitSegment)
        .join(Rendition, Rendition.id == InitSegment.rendition_id)
        .where(Rendition.broadcast_id == broadcast_id, Rendition.generation == generation)
    )
    for init in session.scalars(inits):
        yield Stored(init.object_key, init.size, init.sha256, -1)
    for row in (row for found in rows.values() for row in found):
        yield Stored(row.object_key, row.size, row.sha256, row.sequence)


def _damaged(context: StepContext, stored: Sequence[Stored]) -> list[Stored]:
    """Return the objects that storage has not as their rows say."""
    step = max(len(stored) // READ_BACK, 1)
    damaged = []
    for number, one in enumerate(stored):
        context.progress(0.9 * number / len(stored))
        compare = one.sequence < 0 or number % step == 0
        if not _is_sound(context, one, compare=compare):
            damaged.append(one)
    return damaged


def _is_sound(context: StepContext, one: Stored, *, compare: bool) -> bool:
    try:
        if compare:
            return hashlib.sha256(context.storage.read_bytes(one.key)).hexdigest() == one.sha256
        return context.storage.head(one.key).size == one.size
    except ObjectMissing:
        return False


def _check_texts(texts: Mapping[str, str]) -> None:
    """Hold the playlists to every rule before anybody is given them."""
    media = {key: text for key, text in texts.items() if not key.endswith(paths.MASTER)}
    found = [str(finding) for text in media.values() for finding in hls.check_playlist(text)]
    found += [str(one) for one in hls.check_renditions(media)]
    for key in texts.keys() - media.keys():
        found += [str(finding) for finding in hls.check_master(texts[key])]
    if found:
        raise LadderUnsoundError(found)
