"""What can be cut of a recording, and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Livestream
from media.cuts.rules import KEPT, may_undo
from media.enums import BroadcastState
from media.hls import SegmentRow
from media.models import Broadcast
from media.recording import replay_rows
from media.window import Cut
from streams.trimming.rules import SECOND_US

OVER = (LivestreamState.ENDED, LivestreamState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Trimming:
    """How a recording is cut; lengths in seconds.

    ``undo_until`` is None when nothing is cut off that could be brought back.
    """

    shown_seconds: float
    cut_start_seconds: float
    cut_end_seconds: float
    revision: int
    undo_until: datetime | None
    in_seconds: bool
    """Whether cuts fall on whole seconds: later, of the ladder alone, on four."""


def is_cuttable(livestream: Livestream, broadcast: Broadcast) -> bool:
    """Tell whether there is a finished recording, kept and not withdrawn."""
    is_over = livestream.state in OVER and broadcast.state == BroadcastState.ENDED
    is_kept = livestream.recorded and livestream.withheld_at is None
    return is_over and is_kept and broadcast.emptied_at is None


def broadcast_of(session: Session, livestream: Livestream) -> Broadcast:
    """Return the broadcast as it is in the database now."""
    return session.get_one(Broadcast, livestream.broadcast_id, populate_existing=True)


def cut_of_broadcast(broadcast: Broadcast) -> Cut:
    """Return what is cut off."""
    return Cut(broadcast.shown_from, broadcast.shown_until)


def trimming_of(session: Session, *, broadcast: Broadcast, now: datetime) -> Trimming:
    """Return how a recording is cut at ``now``."""
    shown = replay_rows(session, broadcast_id=broadcast.id)
    before, after = _cut_off(session, broadcast, shown)
    is_open = may_undo(broadcast.trimmed_at, now)
    return Trimming(
        shown_seconds=_seconds(shown),
        cut_start_seconds=before,
        cut_end_seconds=after,
        revision=broadcast.revision,
        undo_until=broadcast.trimmed_at + KEPT if broadcast.trimmed_at and is_open else None,
        in_seconds=broadcast.live_retired_at is None,
    )


def _cut_off(
    session: Session, broadcast: Broadcast, shown: Sequence[SegmentRow]
) -> tuple[float, float]:
    """Return the seconds that are cut off and not removed yet, at the start and at the end."""
    if broadcast.trimmed_at is None or not shown:
        return 0.0, 0.0
    whole = replay_rows(session, broadcast_id=broadcast.id, uncut=True)
    before = [row for row in whole if row.sequence < shown[0].sequence]
    after = [row for row in whole if row.sequence > shown[-1].sequence]
    return _seconds(before), _seconds(after)


def _seconds(rows: Sequence[SegmentRow]) -> float:
    return sum(row.duration_us for row in rows) / SECOND_US
