"""What a livestream must be, and what can still be changed in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from catalog import rules
from catalog.rules import Known, LivestreamDraft

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 0, tzinfo=UTC)  # a day that has no evening in Shanghai
KNOWN = Known(topics=frozenset({"sleep", "anxiety"}), host=True, organisation=True)
DRAFT = LivestreamDraft(
    titles={"en": "Naps"},
    topics=("sleep",),
    language="en",
    host_id="host",
    starts_at=NOW,
    ends_at=NOW + timedelta(minutes=45),
    timezone="Asia/Shanghai",
)


def faults(known: Known = KNOWN, **changes: Any) -> list[str]:  # noqa: ANN401 -- any field
    return [fault.field for fault in rules.draft_faults(replace(DRAFT, **changes), known)]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"titles": "Naps"}, []),
        ({"titles": ""}, ["title"]),
        ({"titles": {"en": "x" * 201}}, ["title"]),
        ({"titles": {"en": "Naps", "fr": "Siestes"}}, ["title"]),
        ({"titles": {"en": "a\x00b"}}, ["title"]),
        ({"descriptions": {"en": "x" * 5001}}, ["description"]),
        ({"language": "fr"}, ["language"]),
        ({"topics": ()}, ["topics"]),
        ({"topics": ("sleep", "work")}, ["topics"]),
        ({"timezone": "Asia/Atlantis"}, ["timezone"]),
        ({"timezone": "Asia"}, ["timezone"]),
        ({"timezone": "../etc/passwd"}, ["timezone"]),
        ({"timezone": ""}, ["timezone"]),
        ({"visibility": "organisation"}, ["organisation"]),
        ({"organisation_id": "companya"}, ["organisation"]),
        ({"visibility": "organisation", "organisation_id": "companya"}, []),
        ({"visibility": "secret"}, ["visibility"]),
        ({"replay_policy": "never"}, ["replay_policy"]),
        ({"starts_at": NOW.replace(tzinfo=None)}, ["starts_at"]),
        ({"starts_at": LAST, "ends_at": LAST + timedelta(minutes=45)}, ["starts_at", "ends_at"]),
        ({"ends_at": datetime.max.replace(tzinfo=timezone(timedelta(hours=-10)))}, ["ends_at"]),
        ({"ends_at": NOW}, ["ends_at"]),
        ({"ends_at": NOW + timedelta(minutes=5)}, []),
        ({"ends_at": NOW + timedelta(hours=8)}, []),
        ({"ends_at": NOW + timedelta(hours=8, minutes=5)}, ["ends_at"]),
        ({"starts_at": NOW + timedelta(minutes=1)}, ["starts_at"]),
    ],
)
def test_draft_faults(changes: dict[str, Any], fields: list[str]) -> None:
    assert faults(**changes) == fields


def test_draft_faults_of_what_does_not_exist() -> None:
    nothing = Known(topics=frozenset(), host=False, organisation=False)
    private = {"visibility": "organisation", "organisation_id": "none"}
    assert faults(nothing, **private) == ["topics", "host", "organisation"]


def test_draft_faults_names_the_two_nearest_times() -> None:
    draft = replace(DRAFT, starts_at=NOW + timedelta(minutes=7, seconds=1))
    (fault,) = rules.draft_faults(draft, KNOWN)
    assert fault.params == {
        "before": "2026-03-10T18:05:00+00:00",
        "after": "2026-03-10T18:10:00+00:00",
    }


@given(some.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 -- given a zone below
def test_nearest_times_enclose_every_moment(naive: datetime) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(hours=5, minutes=45)))
    before, after = rules.nearest_times(moment)
    assert before <= moment < after
    assert after - before == rules.GRID
    assert (before.minute % 5, before.second, before.microsecond) == (0, 0, 0)


def test_entry_faults_allows_what_began_within_the_hour() -> None:
    hour = timedelta(hours=1)
    assert rules.entry_faults(NOW, NOW + hour) == []
    (fault,) = rules.entry_faults(NOW, NOW + hour + timedelta(seconds=1))
    assert fault.field == "starts_at"


def test_local_start_across_a_change_of_clocks() -> None:
    summer = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert rules.local_start(summer, "Europe/Berlin") == "2026-03-29T01:30:00"
    later = summer + timedelta(hours=1)
    assert rules.local_start(later, "Europe/Berlin") == "2026-03-29T03:30:00"


@pytest.mark.parametrize(
    ("state", "left"),
    [
        ("draft", []),
        ("scheduled", []),
        ("live", ["ends_at", "host_id"]),
        ("ended", ["ends_at", "host_id", "replay_policy"]),
        ("published", ["ends_at", "host_id", "replay_policy"]),
        ("cancelled", ["ends_at", "host_id", "replay_policy", "titles"]),
        ("missed", ["ends_at", "host_id", "replay_policy", "titles"]),
    ],
)
def test_forbidden_fields(state: str, left: list[str]) -> None:
    asked = {"titles", "replay_policy", "host_id", "ends_at"}
    assert rules.forbidden_fields(state, asked) == left
