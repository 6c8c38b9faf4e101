"""Which days the schedule shows, in whose zone, and what narrows it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.schedule.enums import Span
from catalog.schedule.queries import Entry, in_order
from catalog.schedule.rows import Talk, days_of
from catalog.schedule.rules import Period, Selection, period_of, query_of, selection_of

pytestmark = pytest.mark.unit

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # already the 29th in Berlin, the day of the change


def entry(number: int, starts_at: datetime, **changes: object) -> Entry:
    starts = int(starts_at.timestamp())
    plain = Entry(
        f"id{number}",
        "Title",
        None,
        "en",
        "host",
        starts=starts,
        ends=starts + 1800,
        state="scheduled",
        visibility="public",
        topics="0:sleep",
        captions=None,
    )
    return plain._replace(**changes)  # type: ignore[arg-type]  # fields of a row


def test_without_a_date_the_week_begins_today_in_the_readers_zone() -> None:
    week = period_of({}, zone=BERLIN, now=NOW)
    assert week == Period(Span.WEEK, date(2026, 3, 29), BERLIN)
    assert week.days[-1] == date(2026, 4, 4)


def test_a_day_with_a_clock_change_is_as_long_as_it_is() -> None:
    spring = period_of({"view": "day", "date": "2026-03-29"}, zone=BERLIN, now=NOW)
    autumn = period_of({"view": "day", "date": "2026-10-25"}, zone=BERLIN, now=NOW)
    assert spring.ends_at - spring.starts_at == timedelta(hours=23)
    assert autumn.ends_at - autumn.starts_at == timedelta(hours=25)


def test_periods_follow_each_other_without_a_gap() -> None:
    week = period_of({"date": "2026-10-20"}, zone=BERLIN, now=NOW)
    assert week.moved(1).starts_at == week.ends_at
    assert week.moved(1).moved(-1) == week


@pytest.mark.parametrize(
    "text", ["", "today", "2026-02-30", "0001-01-01", "9999-12-31", "\x00", "2026-03-29T10:00"]
)
def test_a_date_that_makes_no_sense_is_today(text: str) -> None:
    assert period_of({"date": text}, zone=BERLIN, now=NOW).first == date(2026, 3, 29)


@given(st.dictionaries(st.sampled_from(["topic", "language", "host", "view", "date"]), st.text()))
def test_no_address_is_refused(fields: dict[str, str]) -> None:
    selection = selection_of(fields)
    period = period_of(fields, zone=BERLIN, now=NOW)
    assert period.starts_at < period.ends_at
    assert query_of(selection, period).startswith("?view=")


def test_a_selection_and_its_address() -> None:
    fields = {"topic": "sleep", "language": "zh-Hans", "audience": "frontline", "state": "live"}
    selection = selection_of({**fields, "host": "h1", "utm": "x"})
    assert selection == Selection("sleep", "zh-Hans", "frontline", "h1", "live")
    assert query_of(selection.without("host").without("state")) == (
        "?topic=sleep&language=zh-Hans&audience=frontline"
    )
    assert query_of(Selection()) == ""
    nonsense = {"language": "tlh", "audience": "cats", "state": "draft", "host": "a b"}
    assert selection_of(nonsense) == Selection()


def test_days_of_puts_each_talk_on_its_local_day_and_marks_what_comes_next() -> None:
    late, early = NOW - timedelta(minutes=5), NOW + timedelta(hours=1)
    entries = [entry(1, late), entry(2, early), entry(3, early + timedelta(days=1))]
    days = [date(2026, 3, 29), date(2026, 3, 30), date(2026, 3, 31)]
    shown = days_of(entries, days, zone=BERLIN, now=NOW)
    assert [(day.date, [talk.entry.id for talk in day.talks]) for day in shown] == [
        (days[0], ["id1", "id2"]),
        (days[1], ["id3"]),
        (days[2], []),
    ]
    wall = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
    assert shown[0].talks[1] == Talk(entries[1], wall, comes_next=True)
    assert [talk.comes_next for day in shown for talk in day.talks] == [False, True, False]


def test_a_past_week_has_nothing_that_comes_next() -> None:
    past = NOW - timedelta(days=7)
    day = past.astimezone(BERLIN).date()
    shown = days_of([entry(1, past)], [day], zone=BERLIN, now=NOW)
    assert [talk.comes_next for talk in shown[0].talks] == [False]


def test_in_order_sorts_by_number_not_by_text() -> None:
    assert in_order("10:third 2:second 0:first") == ["first", "second", "third"]
    assert in_order(None) == []
