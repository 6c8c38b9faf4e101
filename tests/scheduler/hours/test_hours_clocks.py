"""The preview of changes of the clocks."""

from datetime import UTC, date, datetime

import pytest

from core.errors import InvalidInput
from scheduler.hours.rules.clocks import Elsewhere, Move, moves
from scheduler.hours.rules.hours import Day, Hours
from scheduler.hours.rules.intervals import Interval
from scheduler.hours.rules.week import (
    blocks_of,
    boxes_of,
    entries_on,
    monday_of,
    runs_of_days,
    span_of,
    ticked,
    with_typed,
)
from scheduler.spans import Span

pytestmark = pytest.mark.unit

TUESDAY = ((), (Interval(1080, 1200),), (), (), (), (), (Interval(90, 180),))
WINTER = datetime(2026, 3, 10, 18, tzinfo=UTC)
AUTUMN = datetime(2026, 9, 1, 18, tzinfo=UTC)


def wall(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[arg-type,misc]  # as at


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year, month, …


def test_a_gap_names_what_is_lost_and_how_viewers_see_the_hours_from_then_on() -> None:
    hours = Hours("Europe/Berlin", weekly=TUESDAY)
    assert moves(hours, WINTER, ("Asia/Shanghai", "Europe/London", "Europe/Berlin")) == (
        Move(
            timezone="Europe/Berlin",
            is_own=True,
            day=date(2026, 3, 29),
            is_forward=True,
            start="02:00",
            end="03:00",
            hit=(Interval(120, 180),),
            elsewhere=(
                Elsewhere(
                    "Asia/Shanghai",
                    here=wall(2026, 3, 31, 18),
                    there=wall(2026, 4, 1, 0),
                    there_before=wall(2026, 4, 1, 1),
                ),
            ),
        ),
    )


def test_a_change_elsewhere_is_named_when_it_moves_the_hours_there() -> None:
    hours = Hours("Asia/Shanghai", weekly=TUESDAY)
    (found,) = moves(hours, WINTER, ("Europe/London",))
    assert (found.is_own, found.timezone, found.monday) == (
        False,
        "Europe/London",
        date(2026, 3, 23),
    )
    assert found.elsewhere == (
        Elsewhere(
            "Europe/London",
            here=wall(2026, 3, 31, 18),
            there=wall(2026, 3, 31, 11),
            there_before=wall(2026, 3, 31, 10),
        ),
    )
    assert moves(Hours("Asia/Shanghai"), WINTER, ("Europe/London",)) == ()


def test_a_repeated_hour_is_named_and_nothing_is_when_no_clock_changes() -> None:
    hours = Hours("Europe/Berlin", weekly=TUESDAY)
    (found,) = moves(hours, AUTUMN, ())
    assert (found.is_forward, found.start, found.end) == (False, "02:00", "03:00")
    assert (found.day, found.hit) == (date(2026, 10, 25), (Interval(120, 180),))
    assert moves(Hours("Asia/Shanghai", weekly=TUESDAY), AUTUMN, ("Asia/Tokyo",)) == ()


def test_boxes_keep_parts_of_hours_and_read_them_back() -> None:
    day = (Interval(1110, 1215), Interval(1320, 1440))
    boxes = boxes_of(day)
    assert [(box.value, box.is_part) for box in boxes if box.is_open] == [
        ("18:30-19:00", True),
        ("19:00-20:00", False),
        ("20:00-20:15", True),
        ("22:00-23:00", False),
        ("23:00-24:00", False),
    ]
    assert ticked(box.value for box in boxes if box.is_open) == day
    two = (Interval(600, 605), Interval(630, 645))
    assert boxes_of(two)[10].value == "10:00-10:05 10:30-10:45"
    assert ticked([boxes_of(two)[10].value]) == two
    with pytest.raises(InvalidInput):
        ticked(["19:00-18:00"])


def test_typed_time_opens_and_closes_on_the_chosen_days() -> None:
    opened = with_typed(((),) * 7, (0, 6), Interval(1080, 1200), is_open=True)
    assert opened == ((Interval(1080, 1200),), *((),) * 5, (Interval(1080, 1200),))
    closed = with_typed(opened, (6,), Interval(1110, 1140), is_open=False)
    assert closed[6] == (Interval(1080, 1110), Interval(1140, 1200))
    assert closed[0] == opened[0]


class Booking:
    def __init__(self, start: datetime, end: datetime) -> None:
        self.span = Span(start, end)


def test_bookings_are_cut_at_midnight_and_share_a_block_when_they_share_an_hour() -> None:
    late = Booking(at(2026, 3, 10, 15, 30), at(2026, 3, 10, 17))
    early = Booking(at(2026, 3, 10, 17, 30), at(2026, 3, 10, 18))
    found = [entries_on(date(2026, 3, day), (late, early), "Asia/Shanghai") for day in (10, 11, 12)]
    minutes = [[(one.at.start, one.at.end) for one in entries] for entries in found]
    assert minutes == [[(1410, 1440)], [(0, 60), (90, 120)], []]
    assert [(one.first, one.rows, len(one.entries)) for one in blocks_of(found[1])] == [
        (0, 1, 1),
        (1, 1, 1),
    ]
    shared = Booking(at(2026, 3, 10, 16, 40), at(2026, 3, 10, 18))
    entries = entries_on(date(2026, 3, 11), (late, shared), "Asia/Shanghai")
    assert [(one.first, one.rows, len(one.entries)) for one in blocks_of(entries)] == [(0, 2, 2)]


def test_a_week_has_an_hour_less_when_clocks_go_forward_and_runs_of_days_are_one() -> None:
    monday = monday_of(date(2026, 3, 29))
    assert monday == date(2026, 3, 23)
    assert span_of(monday, 7, "Europe/Berlin").length.total_seconds() == (7 * 24 - 1) * 3600
    days = [(date(2026, 3, day), Day((), "a" if day < 4 else "")) for day in (1, 2, 3, 4, 6)]
    runs = [(first.day, last.day, differs.note) for first, last, differs in runs_of_days(days)]
    assert runs == [(1, 3, "a"), (4, 4, ""), (6, 6, "")]
