"""What is wrong with an entry of the board. Pure.

:mod:`scheduler.board.queries.conditions` says the same in SQL; a test holds the two together.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from catalog.enums import LivestreamState as L
from scheduler.board.enums import Kind
from scheduler.enums import SearchState

PATIENCE: Final = timedelta(days=3)
"""A proposal that waits longer for an answer is a problem."""
TAKES_TIME: Final = (L.PROPOSED, L.SCHEDULED, L.LIVE)
MODERATED: Final = (L.SCHEDULED, L.LIVE)


class Entry(NamedTuple):
    """A livestream on the board; times are seconds since 1970."""

    id: str
    title: str | None
    other_title: str | None
    """In another language, where there is none in the reader's."""
    language: str
    host_id: str
    host: str
    """The names of the host as JSON."""
    is_example: bool
    verified_until: int | None
    starts: int
    ends: int
    state: str
    visibility: str
    updated: int
    topics: str | None
    """Positions and slugs, see :func:`catalog.schedule.queries.in_order`."""
    needed: int
    moderators: int
    search: str | None
    """The state of the latest search for another host."""
    is_reserved: bool


def is_searching(entry: Entry) -> bool:
    """Tell whether another host is being looked for: nobody's time is taken meanwhile."""
    return entry.search == SearchState.ASKING


def problems_of(entry: Entry, now: datetime) -> tuple[Kind, ...]:
    """Return everything that is wrong with an entry, the most pressing first."""
    order = list(Kind)
    return tuple(sorted(_problems(entry, now), key=order.index))


def _problems(entry: Entry, now: datetime) -> Iterator[Kind]:
    if entry.state not in TAKES_TIME:
        return
    if entry.ends <= now.timestamp():
        if entry.state == L.PROPOSED:
            yield Kind.PASSED
        return
    if not is_searching(entry):
        yield from _host_problems(entry, now.timestamp())
    if entry.state in MODERATED and entry.moderators < entry.needed:
        yield Kind.MODERATORS_MISSING
    if entry.state == L.PROPOSED and entry.updated < (now - PATIENCE).timestamp():
        yield Kind.WAITING


def _host_problems(entry: Entry, now: float) -> Iterator[Kind]:
    if entry.search == SearchState.GIVEN_UP:
        yield Kind.SEARCH_FAILED
    if not entry.is_reserved:
        yield Kind.UNRESERVED
    if entry.verified_until is None or entry.verified_until <= now:
        yield Kind.HOST_UNVERIFIED
    elif entry.verified_until <= entry.starts:
        yield Kind.HOST_LAPSES
