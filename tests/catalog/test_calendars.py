"""Calendars as text: what an independent reader (the icalendar library, dateutil) finds in them."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from unicodedata import category
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.feeds.events import Event, calendar
from catalog.feeds.ics import fold, text
from catalog.feeds.wording import Wording
from catalog.feeds.zones import vtimezone

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
NOT_WRITTEN = {"Cc", "Zl", "Zp"}
"""Control characters, and what some readers take for the end of a line (U+2028, U+2029)."""
WORDING = Wording(
    name="Mindcast",
    summary="Mindcast livestream",
    description="Open the page to watch:",
    pages="https://example.org/livestreams/",
    host="example.org",
)
ZONES = (
    "Europe/Berlin",
    "Asia/Shanghai",
    "America/St_Johns",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Africa/Casablanca",  # winter time in Ramadan
    "Europe/Dublin",  # winter time is the exception
    "America/Santiago",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "America/Nuuk",
)


def event_at(starts_at: datetime, zone: str = "Europe/Berlin", **changes: object) -> Event:
    plain = Event("abc", starts_at, starts_at + timedelta(minutes=45), zone, "scheduled", 0, NOW)
    return plain._replace(**changes)  # type: ignore[arg-type]  # fields of an event


def read(body: str) -> list[icalendar.Component]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


@given(st.text())
def test_text_comes_back_as_it_was(words: str) -> None:
    body = calendar([event_at(NOW, title=f"x{words}")], WORDING)
    plain = f"x{words}".replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(one for one in plain if one in "\n\t" or category(one) not in NOT_WRITTEN)
    assert str(read(body)[0]["summary"]) == kept


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1))
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(words: str) -> None:
    line = f"SUMMARY:{text(words)}"
    folded = fold(line)
    pieces = folded.encode().split(b"\r\n")
    assert max(map(len, pieces)) <= 75
    assert all(piece.decode() for piece in pieces)
    assert folded.replace("\r\n ", "") == line


def test_an_event_is_read_back_whole() -> None:
    starts_at = datetime(2026, 6, 1, 18, 0, tzinfo=UTC)
    changed = NOW + timedelta(seconds=90)
    body = calendar([event_at(starts_at, updated_at=changed, sequence=3)], WORDING)
    whole = icalendar.Calendar.from_ical(body)
    found = next(iter(whole.walk("VEVENT")))
    assert {name: found.decoded(name) for name in found} == {
        "UID": "abc@example.org",
        "DTSTAMP": changed,
        "LAST-MODIFIED": changed,
        "SEQUENCE": 3,
        "DTSTART": starts_at,
        "DTEND": starts_at + timedelta(minutes=45),
        "SUMMARY": "Mindcast livestream",
        "DESCRIPTION": "Open the page to watch: https://example.org/livestreams/abc",
        "URL": "https://example.org/livestreams/abc",
        "STATUS": "CONFIRMED",
    }
    assert found["dtstart"].params["TZID"] == "Europe/Berlin"
    assert str(whole["method"]) == "PUBLISH"
    assert body.endswith("END:VCALENDAR\r\n")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("draft", "TENTATIVE"),
        ("scheduled", "CONFIRMED"),
        ("live", "CONFIRMED"),
        ("published", "CONFIRMED"),
        ("cancelled", "CANCELLED"),
        ("missed", "CANCELLED"),
    ],
)
def test_status_follows_the_state(state: str, status: str) -> None:
    assert str(read(calendar([event_at(NOW, state=state)], WORDING))[0]["status"]) == status


def test_sequence_is_that_of_the_livestream() -> None:
    assert read(calendar([event_at(NOW, sequence=4)], WORDING))[0].decoded("sequence") == 4


def offsets(name: str, first: datetime, last: datetime) -> list[tuple[datetime, timedelta]]:
    """Return the distance to UTC of a zone on both sides of each change, and in between."""
    zone, found = ZoneInfo(name), []
    moment = first
    while moment < last:
        found.append((moment, moment.astimezone(zone).utcoffset() or timedelta(0)))
        moment += timedelta(hours=1)
    return found


@pytest.mark.parametrize("name", ZONES)
def test_a_reader_of_vtimezone_tells_the_same_time(name: str) -> None:
    # dateutil knows the zone from our text alone
    reader = tzical(StringIO(vtimezone(name, 2026, 2027)))
    read_zone = reader.get(name)
    assert read_zone is not None
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
    wrong = [
        moment
        for moment, offset in offsets(name, first, last)
        if moment.astimezone(ZoneInfo(name)).fold == 0  # a wall time means its first coming
        and (moment + offset).replace(tzinfo=read_zone).utcoffset() != offset
    ]
    assert wrong == []


def test_every_zone_can_be_written() -> None:
    for name in sorted(available_timezones()):
        assert tzical(StringIO(vtimezone(name, 2026, 2026))).keys() == [name]


@settings(max_examples=200)
@given(
    st.sampled_from(ZONES),
    st.datetimes(min_value=datetime(2026, 1, 2), max_value=datetime(2029, 12, 30)),  # noqa: DTZ001 -- made aware below
)
def test_no_start_is_shifted_whatever_the_zone(name: str, plain: datetime) -> None:
    starts_at = plain.replace(second=0, microsecond=0, tzinfo=UTC)
    found = read(calendar([event_at(starts_at, zone=name)], WORDING))[0]
    assert found.decoded("dtstart") == starts_at
    assert found.decoded("dtend") == starts_at + timedelta(minutes=45)


def test_a_wall_time_that_comes_twice_is_written_in_utc_the_second_time() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in summer time
    second = first + timedelta(hours=1)  # 02:30 in winter time
    short = timedelta(minutes=5)
    lines = [
        calendar([event_at(one)._replace(ends_at=one + short)], WORDING) for one in (first, second)
    ]
    assert "DTSTART;TZID=Europe/Berlin:20261025T023000" in lines[0]
    assert "DTSTART:20261025T013000Z" in lines[1]
    assert "DTEND:20261025T013500Z" in lines[1]


def test_each_zone_is_described_once_for_the_years_it_is_used() -> None:
    events = [event_at(NOW), event_at(NOW + timedelta(days=700)), event_at(NOW, zone="UTC")]
    whole = icalendar.Calendar.from_ical(calendar(events, WORDING))
    zones = list(whole.walk("VTIMEZONE"))
    assert [str(zone["tzid"]) for zone in zones] == ["Europe/Berlin"]
    assert len(zones[0].subcomponents) == 1 + 2 * 3  # what held at first, and three years
