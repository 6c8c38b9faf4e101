"""Cutting a recording and undoing it. The caller commits: either all of it holds, or nothing.

From the commit on nobody is told of what was cut off and nobody can fetch it: playlists and the
gate draw the new line, and what was made of the whole recording is not named any more. What is to
be made again is asked for by ``media.jobs``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.work.enums import WorkState
from core.work.models import Work
from core.work.services import enqueue
from media.cuts.errors import CutIsFinal, CutMeanwhile, NothingCut
from media.cuts.remaking import REMAKE
from media.cuts.rules import KEPT, clipped, may_undo
from media.cuts.undo import (
    CUT,
    Undo,
    WholeTrack,
    former_objects,
    payload_of,
    payload_of_objects,
    present,
    restored_assets,
    undo_of,
    work_of_cut,
)
from media.enums import BroadcastState
from media.ladder import kinds
from media.models import Asset, Broadcast
from media.ports import ObjectStorage
from media.recording import replay_rows
from media.track_versions import move_versions
from media.tracks import keep_track, tracks_of
from media.window import UNCUT, Cut

MARGIN: Final = timedelta(minutes=5)
"""Between the last undo and the removal: clocks of machines may differ by seconds, not by this."""
ATTEMPTS: Final = kinds.ATTEMPTS
MAKES: Final = (
    kinds.PLAN,
    kinds.PART,
    kinds.SOUND,
    kinds.STORYBOARD,
    kinds.PUBLISH,
    REMAKE,
    "poster",
)
"""What makes something of a recording: useless once it is cut differently."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a change of the cuts works on; ``now`` is the present moment."""

    session: Session
    storage: ObjectStorage
    broadcast: Broadcast
    now: datetime


def cut_broadcast(
    session: Session,
    storage: ObjectStorage,
    *,
    broadcast_id: str,
    cut: Cut,
    revision: int,
    now: datetime,
) -> Broadcast:
    """Show only what lies within ``cut``, which lies within the one there is.

    Args:
        session: Written to and flushed.
        storage: Takes the texts of what is left.
        broadcast_id: An ended broadcast.
        cut: The new line.
        revision: That of the broadcast which the asker has seen.
        now: The present moment.

    Raises:
        CutMeanwhile: Somebody else was faster, or it has not ended.
        StorageUnavailable: The texts could not be stored.
    """
    broadcast = _move_line(session, broadcast_id, cut, revision, trimmed_at=now)
    _stop_making(session, broadcast_id)  # whoever plans more of it holds the broadcast
    scene = _Scene(session, storage, broadcast, now)
    former = work_of_cut(session, broadcast_id)
    assets = _take_assets(session, broadcast_id)
    undo = undo_of(former) if former is not None else present(broadcast, assets)
    if former is not None:
        _drop(former, broadcast_id, assets, now)
    if broadcast.live_retired_at is None:
        broadcast.generation, broadcast.generation_at = 0, None
    clip = _clip_tracks(scene, undo)
    by_ms = clip.offset_ms - undo.offset_ms
    move_versions(session, broadcast_id=broadcast_id, by_ms=by_ms, length_ms=clip.length_ms)
    _keep_undo(scene, clip)
    session.flush()
    return broadcast


def undo_cuts(
    session: Session, storage: ObjectStorage, *, broadcast_id: str, revision: int, now: datetime
) -> Broadcast:
    """Bring back everything that was cut off and is not removed; arguments as above.

    Raises:
        NothingCut: There is nothing to bring back.
        CutIsFinal: It was cut more than a day ago.
        CutMeanwhile: Somebody else was faster.
    """
    known = session.get_one(Broadcast, broadcast_id, populate_existing=True)
    if known.shown_from is None and known.shown_until is None:
        raise NothingCut
    former = work_of_cut(session, broadcast_id)
    if former is None or not may_undo(known.trimmed_at, now):
        raise CutIsFinal
    undo = undo_of(former)
    broadcast = _move_line(session, broadcast_id, UNCUT, revision, trimmed_at=None)
    _stop_making(session, broadcast_id)
    _drop(former, broadcast_id, _take_assets(session, broadcast_id), now)
    session.add_all(restored_assets(undo, broadcast_id))
    at = undo.generation_at
    broadcast.generation = undo.generation
    broadcast.generation_at = None if at is None else datetime.fromisoformat(at)
    for track in [undo.whole_track(one) for one in tracks_of(session, broadcast_id)]:
        _keep_track(_Scene(session, storage, broadcast, now), track, track.cues)
    until_ms = undo.offset_ms + undo.length_ms
    move_versions(session, broadcast_id=broadcast_id, by_ms=-undo.offset_ms, length_ms=until_ms)
    session.flush()
    return broadcast


def keep_whole_track(
    session: Session,
    storage: ObjectStorage,
    *,
    broadcast_id: str,
    track: WholeTrack,
    now: datetime,
) -> None:
    """Keep a text of the whole recording: what is cut off of it comes back when that is undone.

    The caller holds the broadcast, since before it read the recording that the text belongs to.

    Raises:
        StorageUnavailable: The text could not be stored.
    """
    scene = _Scene(session, storage, session.get_one(Broadcast, broadcast_id), now)
    work = work_of_cut(session, broadcast_id)
    if work is None:
        _keep_track(scene, track, track.cues)
        return
    undo = undo_of(work)
    cues = clipped(track.cues, offset_ms=undo.offset_ms, length_ms=undo.length_ms)
    kept = replace(track, shown_key=_keep_track(scene, track, cues))
    work.payload = payload_of(undo.with_track(kept))


def _move_line(
    session: Session, broadcast_id: str, cut: Cut, revision: int, *, trimmed_at: datetime | None
) -> Broadcast:
    """Move the line if nobody else has since ``revision``; return the broadcast as it is then."""
    changed = session.execute(
        update(Broadcast)
        .where(
            Broadcast.id == broadcast_id,
            Broadcast.revision == revision,
            Broadcast.state == BroadcastState.ENDED,
            Broadcast.emptied_at.is_(None),
        )
        .values(
            shown_from=cut.shown_from,
            shown_until=cut.shown_until,
            trimmed_at=trimmed_at,
            revision=revision + 1,
        )
        .returning(Broadcast.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        raise CutMeanwhile
    return session.get_one(Broadcast, broadcast_id, populate_existing=True)


def _stop_making(session: Session, broadcast_id: str) -> None:
    """Cancel what is being made of the recording as it was."""
    session.execute(
        update(Work)
        .where(
            Work.subject == broadcast_id,
            Work.kind.in_(MAKES),
            Work.state.in_((WorkState.QUEUED, WorkState.RUNNING)),
        )
        .values(state=WorkState.CANCELLED, leased_by="", lease_until=None)
        .execution_options(synchronize_session=False)
    )


def _take_assets(session: Session, broadcast_id: str) -> Sequence[Asset]:
    """Forget what was made of the recording, and return it."""
    assets = session.scalars(select(Asset).where(Asset.broadcast_id == broadcast_id)).all()
    for asset in assets:
        session.expunge(asset)
    session.execute(delete(Asset).where(Asset.broadcast_id == broadcast_id))
    return assets


def _clip_tracks(scene: _Scene, undo: Undo) -> Undo:
    """Let every text say what is left of it; return with what that is undone."""
    session, broadcast_id = scene.session, scene.broadcast.id
    offset_ms, length_ms = _part_ms(session, broadcast_id)
    kept = []
    for whole in [undo.whole_track(one) for one in tracks_of(session, broadcast_id)]:
        cues = clipped(whole.cues, offset_ms=offset_ms, length_ms=length_ms)
        kept.append(replace(whole, shown_key=_keep_track(scene, whole, cues)))
    return replace(undo, offset_ms=offset_ms, length_ms=length_ms, tracks=tuple(kept))


def _keep_track(scene: _Scene, track: WholeTrack, cues: Sequence[Sequence[object]]) -> str:
    return keep_track(
        scene.session,
        scene.storage,
        broadcast_id=scene.broadcast.id,
        kind=track.kind,
        language=track.language,
        source=track.source,
        cues=[(int(str(a)), int(str(b)), str(text)) for a, b, text in cues],
        now=scene.now,
    ).object_key


def _part_ms(session: Session, broadcast_id: str) -> tuple[int, int]:
    """Return where in the whole recording the part begins that is shown, and how long it is."""
    whole = replay_rows(session, broadcast_id=broadcast_id, uncut=True)
    part = replay_rows(session, broadcast_id=broadcast_id)
    if not part:
        return 0, 0
    before = sum(row.duration_us for row in whole if row.sequence < part[0].sequence)
    return before // 1000, sum(row.duration_us for row in part) // 1000


def _keep_undo(scene: _Scene, undo: Undo) -> None:
    """Ask for the removal of what is cut off, once it may no longer be undone."""
    enqueue(
        scene.session,
        kind=CUT,
        subject=scene.broadcast.id,
        revision=scene.broadcast.revision,
        now=scene.now,
        payload=payload_of(undo),
        max_attempts=ATTEMPTS,
        due_at=scene.now + KEPT + MARGIN,
    )


def _drop(work: Work, broadcast_id: str, assets: Sequence[Asset], now: datetime) -> None:
    """Let work of a former cut remove only what nobody needs any more, and now.

    That is also the texts of the whole recording as they were before somebody edited them.
    """
    undo = undo_of(work)
    texts = [one.shown_key for one in undo.tracks if one.shown_key]
    keys = [*former_objects(undo, broadcast_id), *texts, *(one.object_key for one in assets)]
    work.payload = payload_of_objects(keys)
    work.state, work.attempts, work.due_at = WorkState.QUEUED, 0, now
