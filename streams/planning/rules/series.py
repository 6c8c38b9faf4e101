"""A series as somebody plans it: its dates, and what each livestream of it is called. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from catalog.enums import Scope
from catalog.rules import LivestreamDraft
from core.words import CHINESE, Words
from scheduler.recurrences.rules import Rule, read_wall, walls
from scheduler.spans import Span
from streams.planning.rules.dates import Asked

MARKS: Final = {CHINESE: "\uff1a"}
"""What stands between a number and a title; elsewhere a colon and a space."""


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """Everything a person says about a series before it is there.

    ``fold`` answers for all dates that come twice, ``folds`` for one by its key; ``moved`` are
    starts chosen instead of those of the rule.
    """

    titles: Words
    topics: tuple[str, ...]
    language: str
    host_id: str
    rule: Rule
    minutes: int
    descriptions: Words = field(default_factory=dict)
    scope: str = Scope.EDUCATION
    is_numbered: bool = False
    series_id: str | None = None
    fold: int | None = None
    folds: Mapping[str, int] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    moved: Mapping[str, datetime] = field(default_factory=dict)


def key_of(wall: datetime) -> str:
    """Return the name of a date in forms and answers, ``2026-03-03T20:00``."""
    return wall.isoformat(timespec="minutes")


def asked_dates(plan: SeriesPlan) -> tuple[Asked, ...]:
    """Return all dates of a plan, with those that were left out or moved."""
    return tuple(_asked(plan, wall) for wall in walls(plan.rule))


def draft_for(plan: SeriesPlan, span: Span, number: int) -> LivestreamDraft:
    """Return the draft of the ``number``-th livestream."""
    return LivestreamDraft(
        titles=numbered(plan.titles, number) if plan.is_numbered else plan.titles,
        descriptions=plan.descriptions,
        topics=plan.topics,
        language=plan.language,
        host_id=plan.host_id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        timezone=plan.rule.timezone,
        scope=plan.scope,
    )


def numbered(titles: Words, number: int) -> dict[str, str]:
    """Put a number before each title, ``3: Sleep well``."""
    return {tag: _mark(tag, number) + title for tag, title in titles.items()}


def unnumbered(titles: Words, number: int) -> tuple[dict[str, str], bool]:
    """Take the number away again, and tell whether there was one."""
    plain = {tag: title.removeprefix(_mark(tag, number)) for tag, title in titles.items()}
    return plain, plain != dict(titles)


def _mark(tag: str, number: int) -> str:
    return f"{number}{MARKS.get(tag, ': ')}"


def _asked(plan: SeriesPlan, wall: datetime) -> Asked:
    key = key_of(wall)
    reading = read_wall(wall, plan.rule.timezone, plan.folds.get(key, plan.fold))
    moved = plan.moved.get(key)
    start = moved or reading.moment
    length = timedelta(minutes=plan.minutes)
    return Asked(
        key=key,
        reading=reading,
        span=Span(start, start + length) if start else None,
        resources=(plan.host_id,),
        is_moved=moved is not None,
        is_left_out=key in plan.left_out,
    )
