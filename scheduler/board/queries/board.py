"""The board of some days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from catalog.queries import TopicView, list_topics
from catalog.schedule.rules import Period
from core.words import Words
from scheduler.board.enums import Kind
from scheduler.board.queries.clashes import clashes_of
from scheduler.board.queries.entries import counts_of, first_of_days, is_too_full, wrong_ones
from scheduler.board.queries.others import Hold, OpenSlot, holds, open_slots, room_names, rooms_of
from scheduler.board.rules.clashes import Clash
from scheduler.board.rules.problems import Entry, problems_of
from scheduler.board.rules.selection import Selection
from scheduler.duties.queries import DutyRow, latest_refusals
from scheduler.duties.queries.rota import OnDuty, on_duty_for
from scheduler.spans import Span


@dataclass(frozen=True, slots=True)
class Board:
    """What a page of the board shows; nothing here grows with what is not shown."""

    entries: Sequence[Entry]
    counts: Sequence[int]
    """Livestreams per day, shown or not."""
    wrong: Sequence[Entry]
    """The first that something is wrong with."""
    wrong_count: int
    clashes: Mapping[str, Clash]
    refusals: Mapping[str, DutyRow]
    """Why moderators of the wrong ones cannot come."""
    on_duty: Mapping[str, Sequence[OnDuty]]
    slots: Sequence[OpenSlot]
    holds: Sequence[Hold]
    topics: Mapping[str, TopicView]
    rooms: Mapping[str, Words]
    """All there are, by id."""
    room_of: Mapping[str, str]
    """The rooms of livestreams that have one."""

    @property
    def is_too_full(self) -> bool:
        """Whether there are more livestreams than were looked through for problems."""
        return is_too_full(self.counts)


def board_of(
    session: Session,
    *,
    period: Period,
    selection: Selection,
    language: str,
    most: int,
    now: datetime,
) -> Board:
    """Return the board of the days of a period, with at most so many livestreams a day."""
    edges = [*(period_start(period, day) for day in range(len(period.days))), period.ends_at]
    span = Span(period.starts_at, period.ends_at)
    entries: Sequence[Entry] = ()
    counts, wrong, wrong_count = [0] * len(period.days), list[Entry](), 0
    if selection.shows_livestreams:
        counts = counts_of(session, edges=edges, selection=selection, now=now)
        entries = first_of_days(
            session, edges=edges, selection=selection, language=language, most=most, now=now
        )
        wrong, wrong_count = wrong_ones(
            session, edges=edges, selection=selection, language=language, now=now
        )
    rooms = room_names(session)
    unreserved = [one for one in wrong if Kind.UNRESERVED in problems_of(one, now)]
    return Board(
        entries=entries,
        counts=counts,
        wrong=wrong,
        wrong_count=wrong_count,
        clashes=clashes_of(session, entries=unreserved, now=now),
        refusals=latest_refusals(session, livestream_ids=[one.id for one in wrong]),
        on_duty=on_duty_for(session, [one.id for one in entries if one.moderators]),
        slots=open_slots(session, span=span, selection=selection) if selection.shows_slots else (),
        holds=holds(session, span=span, now=now) if selection == Selection() else (),
        topics={topic.slug: topic for topic in list_topics(session)},
        rooms=rooms,
        room_of=rooms_of(session, span=span, rooms=rooms) if rooms else {},
    )


def period_start(period: Period, day: int) -> datetime:
    """Return the first moment of a day of a period, in UTC."""
    return Period(period.span, period.first + timedelta(days=day), period.zone).starts_at
