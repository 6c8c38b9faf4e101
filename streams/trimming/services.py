"""Cutting the start and the end of a replay. Services flush, the edge commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from catalog.models import Livestream
from media.cuts.errors import CutMeanwhile
from media.cuts.rules import Choice
from media.cuts.services import cut_broadcast, undo_cuts
from media.jobs import enqueue_remaking
from media.ports import ObjectStorage
from media.recording import replay_rows
from streams.trimming.errors import NoRecording, NothingToCut
from streams.trimming.queries import broadcast_of, cut_of_broadcast, is_cuttable
from streams.trimming.rules import wanted_cut


def choice_for(
    session: Session, *, livestream: Livestream, start: float | None, end: float | None
) -> Choice:
    """Return what would go if all but ``start`` to ``end`` were cut off, in seconds of the replay.

    Raises:
        NoRecording: There is none that is over.
        NothingToCut: All of it would stay.
        InvalidInput: The positions make no sense, or less than ten seconds would be left.
    """
    broadcast = broadcast_of(session, livestream)
    rows = replay_rows(session, broadcast_id=broadcast.id)
    if not is_cuttable(livestream, broadcast) or not rows:
        raise NoRecording
    choice = wanted_cut(rows, start=start, end=end, cut=cut_of_broadcast(broadcast))
    if choice.is_empty:
        raise NothingToCut
    return choice


def trim(
    session: Session,
    storage: ObjectStorage,
    *,
    livestream: Livestream,
    start: float | None,
    end: float | None,
    revision: int | None,
    now: datetime,
) -> Choice:
    """Cut off all but ``start`` to ``end``, in seconds of the replay as it is shown.

    ``revision`` is that of the recording which the positions were read from; None: the present one.

    Raises:
        CutMeanwhile: Somebody else has cut since.
        StorageUnavailable: The texts of what is left could not be stored; nothing was changed.
        NoRecording, NothingToCut, InvalidInput: As :func:`choice_for`.
    """
    seen = broadcast_of(session, livestream).revision
    if revision not in {None, seen}:
        raise CutMeanwhile
    choice = choice_for(session, livestream=livestream, start=start, end=end)
    cut_broadcast(
        session,
        storage,
        broadcast_id=livestream.broadcast_id,
        cut=choice.cut,
        revision=seen,
        now=now,
    )
    enqueue_remaking(session, broadcast_id=livestream.broadcast_id, now=now)
    return choice


def undo(
    session: Session,
    storage: ObjectStorage,
    *,
    livestream: Livestream,
    revision: int | None,
    now: datetime,
) -> None:
    """Bring back what was cut off within the last day.

    Raises:
        NoRecording: There is none that is over.
        NothingCut, CutIsFinal: There is nothing to bring back, or not any more.
        CutMeanwhile: Somebody else has cut since.
    """
    broadcast = broadcast_of(session, livestream)
    if not is_cuttable(livestream, broadcast):
        raise NoRecording
    seen = broadcast.revision if revision is None else revision
    undo_cuts(session, storage, broadcast_id=broadcast.id, revision=seen, now=now)
    enqueue_remaking(session, broadcast_id=broadcast.id, now=now)
