"""When a host could give a livestream, and who of several comes first. Pure.

A window is looked at as a row of five-minute cells, from its first cell on, kept as the bits of
one whole number: what is open, what is free, and then every start at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from core.walltime import wall_of
from scheduler.matching.rules.shapes import Fit, Hours, Person, Stretch, Turn, Wish
from scheduler.spans import CELL, Span, cell_of, cells_of, moment_of_cell

DAY_MINUTES: Final = 1440
CELL_MINUTES: Final = 5
RECENT: Final = timedelta(days=90)
"""Sessions of this long count for the rotation."""
WIDEST_BUFFER: Final = 120
"""Minutes; no person keeps more free before or after."""
ENOUGH: Final = 3
"""When fewer fit, those who nearly do are named as well."""
QUARTER: Final = 3  # cells: people do not start at 20:05 when 20:00 or 20:15 will do


def stretches(window: Span, timezone: str) -> tuple[Stretch, ...]:
    """Return the cells of a window as clocks in ``timezone`` show them, in order."""
    cells = cells_of(window)
    first, _fold = wall_of(moment_of_cell(cells.start), timezone)
    last, _fold = wall_of(moment_of_cell(cells.stop - 1), timezone)
    if last - first == CELL * (len(cells) - 1):  # no change of clocks in between
        return tuple(_even(first, len(cells)))
    walls = (wall_of(moment_of_cell(cell), timezone)[0] for cell in cells)
    return tuple(_joined(Stretch(at, 1, *_day_and_minute(wall)) for at, wall in enumerate(walls)))


def _even(first: datetime, count: int) -> Iterator[Stretch]:
    """Yield a stretch per day from ``first`` on, where clocks run evenly."""
    day, minute = _day_and_minute(first)
    offset = 0
    while offset < count:
        length = min(count - offset, -(-(DAY_MINUTES - minute) // CELL_MINUTES))
        yield Stretch(offset, length, day, minute)
        offset, day, minute = offset + length, day + timedelta(days=1), 0


def _joined(cells: Iterable[Stretch]) -> Iterator[Stretch]:
    """Join stretches of which one goes on where the other ends."""
    last: Stretch | None = None
    for one in cells:
        if last is None:
            last = one
        elif (one.day, one.minute) == (last.day, last.minute + last.count * CELL_MINUTES):
            last = replace(last, count=last.count + one.count)
        else:
            yield last
            last = one
    if last is not None:
        yield last


def _day_and_minute(wall: datetime) -> tuple[date, int]:
    return wall.date(), wall.hour * 60 + wall.minute


def hours_on(person: Person, day: date) -> tuple[Hours, ...]:
    """Return when a person is open on a day: what is dated replaces the hours of the week."""
    return person.dated.get(day, person.weekly.get(day.weekday(), ()))


def first_fit(person: Person, wish: Wish, local: Sequence[Stretch], *, now: datetime) -> Fit | None:
    """Return the earliest start that suits a person, on a quarter of an hour if one does.

    ``local`` is the window of the wish in the zone of the person.
    """
    starts = starts_of(person, wish, local, now=now)
    return fit_among(starts, person, wish, local) if starts else None


def starts_of(person: Person, wish: Wish, local: Sequence[Stretch], *, now: datetime) -> int:
    """Return the starts that suit a person, as bits; none of them is zero."""
    starts = _open_starts(person, wish, local) & _free_starts(person, wish)
    return starts & _starts_allowed(person, wish, now)


def fit_among(starts: int, person: Person, wish: Wish, local: Sequence[Stretch]) -> Fit:
    """Return the best of some starts of :func:`starts_of`."""
    on_quarter = starts & _quarters(wish)
    return _fit_at(person, wish, local, _lowest(on_quarter or starts))


def hindrance(person: Person, wish: Wish, local: Sequence[Stretch], *, now: datetime) -> str | None:
    """Return the one thing that keeps a person from every start; None when it is more than one."""
    opened, free = _open_starts(person, wish, local), _free_starts(person, wish)
    allowed = _starts_allowed(person, wish, now)
    if opened & free:
        return "lapses"
    if opened & allowed:
        return "booked"
    return "closed" if free & allowed else None


def in_turn(host_ids: Iterable[str], turns: Mapping[str, Turn]) -> list[str]:
    """Return hosts by fair rotation: fewest sessions of late, then longest since the last."""
    return sorted(host_ids, key=lambda one: _rank(one, turns.get(one, Turn())))


def _rank(host_id: str, turn: Turn) -> tuple[int, datetime, str]:
    return turn.sessions, turn.last_at or datetime.min.replace(tzinfo=UTC), host_id


def _open_starts(person: Person, wish: Wish, local: Sequence[Stretch]) -> int:
    """Return the starts from which a person is open until the end, as bits."""
    bits = 0
    for one in local:
        for hours in hours_on(person, one.day):
            low = max(hours.start, one.minute)
            high = min(hours.end, one.minute + one.count * CELL_MINUTES)
            if low < high:
                shift = one.offset + (low - one.minute) // CELL_MINUTES
                bits |= _ones((high - low) // CELL_MINUTES) << shift
    return _lasting(bits, wish.length // CELL) & _ones(_count(wish))


def _free_starts(person: Person, wish: Wish) -> int:
    """Return the starts that leave a person's buffers untouched, as bits."""
    before, after = (minutes // CELL_MINUTES for minutes in person.buffers)
    begin = cell_of(wish.first) - before
    cells = _count(wish) + wish.length // CELL + before + after
    bits = _ones(cells)
    for cell in person.busy:
        if 0 <= cell - begin < cells:
            bits &= ~(1 << (cell - begin))
    return _lasting(bits, wish.length // CELL + before + after) & _ones(_count(wish))


def _starts_allowed(person: Person, wish: Wish, now: datetime) -> int:
    """Return the starts that are to come and over before the licence lapses."""
    bits = _ones(_count(wish))
    if now >= wish.first:
        bits &= ~_ones(cell_of(now) - cell_of(wish.first) + 1)
    room = (person.verified_until - wish.length - wish.first) // CELL
    if wish.first + wish.length + CELL * room == person.verified_until:
        room -= 1  # at the moment it ends it is no longer valid
    return bits & _ones(max(room + 1, 0))


def _quarters(wish: Wish) -> int:
    first = cell_of(wish.first)
    return sum(1 << step for step in range(-first % QUARTER, _count(wish), QUARTER))


def _fit_at(person: Person, wish: Wish, local: Sequence[Stretch], step: int) -> Fit:
    start = wish.first + CELL * step
    one = next(one for one in local if one.offset <= step < one.offset + one.count)
    minute = one.minute + (step - one.offset) * CELL_MINUTES
    hours = next(h for h in hours_on(person, one.day) if h.start <= minute < h.end)
    span = Span(start, start + wish.length)
    return Fit(span, one.day.weekday(), hours)


def _count(wish: Wish) -> int:
    return (wish.last - wish.first) // CELL + 1


def _ones(count: int) -> int:
    return (1 << count) - 1


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _lasting(bits: int, count: int) -> int:
    """Keep the bits that begin ``count`` set ones in a row."""
    have = 1
    while have < count:
        step = min(have, count - have)
        bits &= bits >> step
        have += step
    return bits
