"""What of a broadcast may be shown at a moment: read once for each playlist."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from media.enums import BroadcastState
from media.errors import NoSuchMedia, NotYetPlayable
from media.models import Broadcast, Rendition, Segment
from media.premiere import Premiere, premiere_of, shown_generation
from media.window import Cut, Window, window_of

_COLUMNS: Final = (
    Broadcast.state,
    Broadcast.opened_at,
    Broadcast.shown_from,
    Broadcast.shown_until,
    Broadcast.revision,
    Broadcast.generation,
    Broadcast.generation_at,
    Broadcast.premiere_at,
    Broadcast.end_requested_at,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A broadcast that viewers may see, and its renditions in the order of the master playlist."""

    ended: bool
    rows: Window
    """What is shown of it, by the program times of rows."""
    uncut: Window
    """The same without its cuts."""
    revision: int
    """Rises with every change of the cuts: rows may be gone that were listed before."""
    generation: int
    every: tuple[Rendition, ...]
    premiere: Premiere | None = None
    """The premiere that it has or had; None: it was live, or only brought in."""
    has_shifted_times: bool = False
    """Whether its times are those of its premiere and not those of the rows."""
    is_whole: bool = False
    """Whether all is listed, though viewers may not have been shown all of it yet."""
    listed_until: datetime | None = None
    """The program time of rows up to which segments are listed; None: no bound."""
    pinned: int | None = None
    """The generation that a premiere began with, while it goes on."""

    @property
    def shift(self) -> timedelta:
        """What is added to the program times of rows."""
        if self.premiere is None or not self.has_shifted_times:
            return timedelta(0)
        return self.premiere.shift

    @property
    def window(self) -> Window:
        """What is shown of it, by the times that viewers are told."""
        closes_at = self.rows.closes_at
        return Window(self.rows.opens_at + self.shift, closes_at and closes_at + self.shift)

    @property
    def offered(self) -> int:
        """The generation that the master playlist names."""
        return self.generation if self.pinned is None else self.pinned

    def renditions(self, generation: int) -> tuple[Rendition, ...]:
        """Return the renditions of one generation."""
        return tuple(one for one in self.every if one.generation == generation)

    def find(self, name: str) -> Rendition | None:
        """Return the rendition of that name if viewers may know of it."""
        known = {0, self.generation, self.offered}
        return next((o for o in self.every if o.name == name and o.generation in known), None)

    def is_due(self, ends_at: datetime) -> bool:
        """Tell whether a segment whose row ends at this program time is listed."""
        return self.listed_until is None or ends_at <= self.listed_until


def premiere_shift(broadcast: Broadcast) -> timedelta:
    """Return by how much a premiere shows its talk later than its rows say; 0 without one."""
    premiere = premiere_of(
        premiere_at=broadcast.premiere_at, opened_at=broadcast.opened_at, ended_at=None
    )
    return premiere.shift if premiere else timedelta(0)


def shown_to_viewers(session: Session, broadcast_id: str, *, now: datetime) -> Shown:
    """Return what viewers may be told of at ``now``; of a premiere only what is due.

    Raises:
        NoSuchMedia: There is no such broadcast.
        NotYetPlayable: Nothing of it may be shown yet.
    """
    shown, generation_at = _read(session, broadcast_id)
    premiere = shown.premiere
    if premiere is None or premiere.is_settled(now):
        return replace(shown, has_shifted_times=True)
    offered = shown_generation(shown.generation, generation_at=generation_at, premiere=premiere)
    ids = [one.id for one in shown.renditions(offered)]
    ends_at = _last_end(session, ids, shown.rows.opens_at)
    return replace(
        shown,
        ended=shown.ended and premiere.is_over(ends_at, now),
        has_shifted_times=True,
        listed_until=premiere.listed_until(now),
        pinned=offered,
    )


def shown_in_whole(
    session: Session, broadcast_id: str, *, shift: bool = False, uncut: bool = False
) -> Shown:
    """Return all that is recorded, for whoever makes something of it; never for viewers.

    Args:
        session: Only read from.
        broadcast_id: Which broadcast.
        shift: Whether the times are to be those of a premiere, which viewers know.
        uncut: Whether what was cut off and is not removed yet belongs to it.

    Raises:
        NoSuchMedia: There is no such broadcast.
        NotYetPlayable: Nothing of it was recorded for viewers.
    """
    shown, _ = _read(session, broadcast_id)
    return replace(
        shown,
        rows=shown.uncut if uncut else shown.rows,
        has_shifted_times=shift,
        is_whole=uncut or shown.premiere is not None,
    )


def talk_length(session: Session, *, broadcast_id: str) -> timedelta:
    """Return how long the talk lasts that was brought in; nothing where there is none.

    Raises:
        NoSuchMedia: There is no such broadcast.
    """
    try:
        shown, _ = _read(session, broadcast_id)
    except NotYetPlayable:
        return timedelta(0)
    ids = [one.id for one in shown.renditions(shown.generation)]
    return _last_end(session, ids, shown.rows.opens_at) - shown.rows.opens_at


def _read(session: Session, broadcast_id: str) -> tuple[Shown, datetime | None]:
    query = (
        select(*_COLUMNS, Rendition)
        .outerjoin(Rendition, Rendition.broadcast_id == Broadcast.id)
        .where(Broadcast.id == broadcast_id)
        .order_by(Rendition.position, Rendition.name)
    )
    rows = session.execute(query).all()
    if not rows:
        raise NoSuchMedia
    first = rows[0]
    if first.opened_at is None:
        raise NotYetPlayable
    joined: list[Rendition | None] = [row[-1] for row in rows]
    shown = Shown(
        ended=first.state == BroadcastState.ENDED,
        rows=window_of(first.opened_at, Cut(first.shown_from, first.shown_until)),
        uncut=window_of(first.opened_at),
        revision=first.revision,
        generation=first.generation,
        every=tuple(one for one in joined if one is not None),
        premiere=premiere_of(
            premiere_at=first.premiere_at,
            opened_at=first.opened_at,
            ended_at=first.end_requested_at,
        ),
    )
    return shown, first.generation_at


def _last_end(session: Session, rendition_ids: Sequence[str], begun: datetime) -> datetime:
    """Return the program time of rows at which the last of these renditions ends."""
    last = (
        select(Segment.rendition_id, func.max(Segment.sequence).label("sequence"))
        .where(Segment.rendition_id.in_(rendition_ids))
        .group_by(Segment.rendition_id)
        .subquery()
    )
    same = and_(Segment.rendition_id == last.c.rendition_id, Segment.sequence == last.c.sequence)
    query = select(Segment.program_at, Segment.duration_us).join(last, same)
    ends = (at + timedelta(microseconds=length) for at, length in session.execute(query))
    return max(ends, default=begun)
