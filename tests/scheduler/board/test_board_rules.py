from datetime import UTC, datetime, timedelta

import pytest

from scheduler.board.enums import Kind
from scheduler.board.rules.clashes import Rival, clash_of
from scheduler.board.rules.problems import Entry, problems_of
from scheduler.board.rules.selection import PROBLEMS, Selection, query_of, selection_of
from scheduler.spans import Span

pytestmark = pytest.mark.unit

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
START = datetime(2026, 5, 5, 20, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(**changes: object) -> Entry:
    values: dict[str, object] = {
        "id": "a",
        "title": "Sleep",
        "other_title": None,
        "language": "en",
        "host_id": "host",
        "host": "{}",
        "is_example": False,
        "verified_until": round((START + HOUR).timestamp()),
        "starts": round(START.timestamp()),
        "ends": round((START + HOUR).timestamp()),
        "state": "scheduled",
        "visibility": "public",
        "updated": round(NOW.timestamp()),
        "topics": "0:sleep",
        "needed": 1,
        "moderators": 1,
        "search": None,
        "is_reserved": True,
    }
    return Entry(**{**values, **changes})  # type: ignore[arg-type]  # as the fields are


LONG_AGO = round((NOW - timedelta(days=4)).timestamp())
OVER = round(NOW.timestamp())


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, ()),
        ({"moderators": 0}, (Kind.MODERATORS_MISSING,)),
        ({"moderators": 1, "needed": 2}, (Kind.MODERATORS_MISSING,)),
        ({"verified_until": None}, (Kind.HOST_UNVERIFIED,)),
        ({"verified_until": round(NOW.timestamp())}, (Kind.HOST_UNVERIFIED,)),
        ({"verified_until": round(START.timestamp())}, (Kind.HOST_LAPSES,)),
        ({"is_reserved": False}, (Kind.UNRESERVED,)),
        ({"is_reserved": False, "search": "asking"}, ()),
        ({"search": "given_up"}, (Kind.SEARCH_FAILED,)),
        ({"state": "proposed", "moderators": 0}, ()),
        ({"state": "proposed", "updated": LONG_AGO}, (Kind.WAITING,)),
        ({"state": "proposed", "ends": OVER, "is_reserved": False}, (Kind.PASSED,)),
        ({"state": "scheduled", "ends": OVER, "is_reserved": False}, ()),
        ({"state": "cancelled", "is_reserved": False, "moderators": 0}, ()),
        (
            {"verified_until": None, "moderators": 0, "is_reserved": False},
            (Kind.HOST_UNVERIFIED, Kind.UNRESERVED, Kind.MODERATORS_MISSING),
        ),
    ],
)
def test_problems_of_an_entry(changes: dict[str, object], problems: tuple[Kind, ...]) -> None:
    assert problems_of(entry(**changes), NOW) == problems


def rival(start: datetime) -> Rival:
    span = Span(start, start + HOUR)
    return Rival("b", "livestream", {"en": "Grief"}, span, span.widened(15, 15))


def test_clash_names_who_is_in_the_way_and_three_free_times() -> None:
    wanted, other = Span(START, START + HOUR), rival(START - HOUR / 2)
    found = clash_of(wanted, buffers=(15, 15), rivals=[other], busy=set(), now=NOW)
    assert (found.rival, found.buffer) == (other, 15)
    assert [f"{span.starts_at:%d %H:%M}" for span in found.alternatives] == [
        "05 21:30",
        "05 21:45",
        "05 22:00",
    ]
    assert {span.length for span in found.alternatives} == {HOUR}


def test_clash_without_anybody_in_the_way_names_none() -> None:
    wanted = Span(START, START + HOUR)
    apart = rival(START + HOUR + timedelta(minutes=30))  # both keep a quarter of an hour
    found = clash_of(wanted, buffers=(15, 15), rivals=[apart], busy=set(), now=NOW)
    assert found.rival is None


def test_selection_keeps_what_makes_sense_and_survives_its_address() -> None:
    asked = {"topic": "sleep", "host": " Dr. Ito ", "language": "xx", "state": "problems"}
    found = selection_of(asked)
    assert found == Selection(topic="sleep", host="Dr. Ito", state=PROBLEMS)
    assert query_of(found, NOW.date()) == (
        "?date=2026-05-04&topic=sleep&host=Dr.+Ito&state=problems"
    )
    assert query_of(Selection()) == ""
    assert found.without("host").active() == {"topic": "sleep", "state": PROBLEMS}


@pytest.mark.parametrize(
    ("selection", "shown"),
    [
        (Selection(), (True, True)),
        (Selection(state="open"), (False, True)),
        (Selection(state=PROBLEMS), (True, False)),
        (Selection(host="x"), (True, False)),
    ],
)
def test_selection_says_what_can_be_shown(selection: Selection, shown: tuple[bool, bool]) -> None:
    assert (selection.shows_livestreams, selection.shows_slots) == shown
