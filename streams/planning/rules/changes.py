"""What a change of this, the following or all livestreams of a recurrence means for each. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from catalog.models import Livestream
from core.words import Words
from scheduler.recurrences.queries import Member
from scheduler.recurrences.rules import Reading, Terms, meant_wall, read_wall
from scheduler.spans import Span
from streams.planning.enums import Reach
from streams.planning.rules.moving import is_movable
from streams.planning.rules.series import numbered, unnumbered


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """What shall be different; None stays as it is.

    ``also_special`` changes what was edited by itself as well. ``moved``, ``folds`` and
    ``left_out`` name livestreams by their ids.
    """

    reach: Reach
    clock: time | None = None
    weekday: int | None = None
    minutes: int | None = None
    titles: Words | None = None
    descriptions: Words | None = None
    topics: tuple[str, ...] | None = None
    host_id: str | None = None
    also_special: bool = False
    fold: int | None = None
    folds: Mapping[str, int] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    moved: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def has_new_time(self) -> bool:
        """Tell whether starts change."""
        return self.clock is not None or self.weekday is not None


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of one livestream; ``span`` is None where the clocks leave its start open."""

    member: Member
    reading: Reading
    span: Span | None
    is_moved: bool
    words: Mapping[str, Any]
    """New values besides the times, by the names of :class:`catalog.rules.LivestreamDraft`."""


def reached(
    members: Sequence[Member], livestream_id: str, reach: Reach, now: datetime
) -> tuple[Member, ...]:
    """Return the livestreams that a change or a cancellation is about: none has started."""
    here = next(one for one in members if one.livestream.id == livestream_id)
    return tuple(
        one
        for one in members
        if is_movable(one.livestream.state)
        and one.livestream.starts_at > now
        and (reach is not Reach.THIS or one is here)
        and (reach is not Reach.FOLLOWING or one.original >= here.original)
    )


def changed_terms(terms: Terms, change: SeriesChange) -> Terms:
    """Return what the recurrence means after a change."""
    rule = replace(
        terms.rule,
        clock=change.clock or terms.rule.clock,
        weekday=terms.rule.weekday if change.weekday is None else change.weekday,
    )
    return Terms(rule, change.minutes or terms.minutes, change.host_id or terms.host_id)


def edits_for(members: Sequence[Member], terms: Terms, change: SeriesChange) -> tuple[Edit, ...]:
    """Return what becomes of each of ``members``, those that were left out too."""
    usual = next((one for one in members if not one.is_changed), None)
    return tuple(_edit(one, usual, terms, change) for one in members)


def _edit(one: Member, usual: Member | None, terms: Terms, change: SeriesChange) -> Edit:
    keeps = one.is_changed and not change.also_special and change.reach is not Reach.THIS
    reading = _reading(one, terms, change, keeps=keeps)
    moved = change.moved.get(one.livestream.id)
    start = moved or reading.moment
    length = _length(one.livestream, terms, change, keeps=keeps)
    return Edit(
        member=one,
        reading=reading,
        span=Span(start, start + length) if start else None,
        is_moved=moved is not None,
        words=_words(one, usual if keeps else None, change),
    )


def _reading(one: Member, terms: Terms, change: SeriesChange, *, keeps: bool) -> Reading:
    """Return the start after the change; what was moved by itself stays where it is."""
    livestream = one.livestream
    wall = datetime.fromisoformat(livestream.local_start)
    is_special = keeps and wall != meant_wall(terms.rule, one.original)
    if not change.has_new_time or is_special:
        return Reading(wall, livestream.starts_at)
    if change.reach is Reach.THIS:
        weekday = wall.weekday() if change.weekday is None else change.weekday
        day = wall.date() + timedelta(days=weekday - wall.weekday())
        wanted = datetime.combine(day, change.clock or wall.time())
    else:
        wanted = meant_wall(changed_terms(terms, change).rule, one.original)
    fold = change.folds.get(livestream.id, change.fold)
    return read_wall(wanted, livestream.timezone, fold)


def _length(
    livestream: Livestream, terms: Terms, change: SeriesChange, *, keeps: bool
) -> timedelta:
    old = livestream.ends_at - livestream.starts_at
    is_special = keeps and old != timedelta(minutes=terms.minutes)
    return old if change.minutes is None or is_special else timedelta(minutes=change.minutes)


def _words(one: Member, usual: Member | None, change: SeriesChange) -> dict[str, Any]:
    """Return the new words, without those that differ from what is ``usual`` already."""
    titles, has_number = unnumbered(one.livestream.titles, one.position + 1)
    new: dict[str, Any] = {}
    if change.titles is not None and not _differs(usual, titles, _plain_titles):
        number = one.position + 1
        new["titles"] = numbered(change.titles, number) if has_number else change.titles
    if change.descriptions is not None and not _differs(
        usual, one.livestream.descriptions, lambda it: it.livestream.descriptions
    ):
        new["descriptions"] = change.descriptions
    if change.topics is not None and not _differs(usual, one.topics, lambda it: it.topics):
        new["topics"] = change.topics
    if change.host_id is not None and not _differs(
        usual, one.livestream.host_id, lambda it: it.livestream.host_id
    ):
        new["host_id"] = change.host_id
    return new


def _differs(usual: Member | None, value: object, of: Any) -> bool:  # noqa: ANN401 -- reads a field
    return usual is not None and of(usual) != value


def _plain_titles(one: Member) -> dict[str, str]:
    return unnumbered(one.livestream.titles, one.position + 1)[0]
