from datetime import UTC, date, datetime, time

import pytest

from accounts.enums import Role
from accounts.rules import STRANGER, Actor
from catalog.enums import LivestreamState as L
from core.errors import FieldError
from core.work.models import Work
from media.enums import BroadcastState as B
from streams.hosting import rules
from streams.hosting.queries import lines_of
from streams.hosting.rules import (
    NoSuchMoment,
    group_of,
    locked_fields,
    moment_of,
    offered_acts,
)

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
pytestmark = pytest.mark.unit


def test_every_state_stands_in_one_group() -> None:
    listed = [state for states in rules.GROUPS.values() for state in states]
    assert sorted(listed) == sorted(L)
    assert group_of("missed") == "closed"


def test_hosts_and_staff_may_host() -> None:
    people = (STRANGER, Actor("a", frozenset({Role.VIEWER})), Actor("a", frozenset({Role.HOST})))
    assert [rules.may_host(one) for one in people] == [False, False, True]
    assert rules.may_host(Actor("a", frozenset({Role.EDITOR})))


@pytest.mark.parametrize(
    ("pair", "of_host", "of_staff"),
    [
        ((L.DRAFT, B.IDLE), ("propose", "cancel"), ("schedule", "propose", "cancel")),
        ((L.PROPOSED, B.IDLE), ("cancel",), ("schedule", "cancel")),
        ((L.SCHEDULED, B.RECEIVING), ("start", "cancel"), ("start", "cancel")),
        ((L.LIVE, B.INTERRUPTED), ("end",), ("end",)),
        ((L.ENDED, B.ENDED), ("publish",), ("publish",)),
        ((L.PUBLISHED, B.ENDED), (), ()),
    ],
)
def test_acts_follow_the_state_and_the_role(
    pair: tuple[L, B], of_host: tuple[str, ...], of_staff: tuple[str, ...]
) -> None:
    offered = [
        offered_acts(pair, "after_release", is_staff=staff, announced_at=NOW)
        for staff in (False, True)
    ]
    assert offered == [of_host, of_staff]


def test_a_host_changes_only_words_and_replay_of_what_is_scheduled() -> None:
    free = rules.FIELDS - locked_fields("scheduled", is_staff=False)
    kept = {"replay_policy", "auto_start", "recorded", "premiere"}
    assert free == {"titles", "descriptions"} | kept
    assert locked_fields("scheduled", is_staff=True) == set()
    assert locked_fields("draft", is_staff=False) == {"host_id"}
    assert locked_fields("cancelled", is_staff=True) == rules.FIELDS


def test_a_time_is_that_of_its_zone() -> None:
    day, clock = date(2026, 3, 29), time(20, 0)
    assert moment_of(day, clock, "Europe/Berlin") == datetime(2026, 3, 29, 18, tzinfo=UTC)
    assert moment_of(day, clock, "Asia/Shanghai") == datetime(2026, 3, 29, 12, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_refused_with_those_around_it() -> None:
    with pytest.raises(NoSuchMoment) as refused:
        moment_of(date(2026, 3, 29), time(2, 30), "Europe/Berlin")
    expected = FieldError("time", rules.NO_SUCH_TIME, {"before": "01:55", "after": "03:00"})
    assert refused.value.fault == expected


def test_a_time_that_comes_twice_asks_which() -> None:
    night = (date(2026, 10, 25), time(2, 30), "Europe/Berlin")
    with pytest.raises(NoSuchMoment) as refused:
        moment_of(*night)
    assert refused.value.fault == FieldError("fold", rules.TWICE)
    assert moment_of(*night, fold="0") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment_of(*night, fold="1") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(NoSuchMoment) as refused:
        moment_of(date(2026, 3, 29), time(2, 30), zone)
    assert refused.value.fault.field == "timezone"


def test_parts_of_a_long_recording_are_one_line_that_says_what_matters() -> None:
    def step(name: str, kind: str, state: str, progress: float = 0.0) -> Work:
        return Work(
            id=name, kind=kind, state=state, progress=progress, attempts=1, reason="", subject="a"
        )

    steps = [
        step("a", "poster", "done", 1.0),
        step("b", "part", "done", 1.0),
        step("c", "part", "running", 0.5),
        step("d", "part", "queued"),
        step("e", "sound", "done", 1.0),
        step("f", "sound", "failed", 0.5),
        step("g", "plan", "done", 1.0),
        step("h", "plan", "queued"),
        step("i", "import_upload", "failed"),
        step("j", "import_upload", "done", 1.0),
    ]
    found = [(line.id, line.kind, line.state, line.progress) for line in lines_of(steps)]
    assert found == [
        ("a", "poster", "done", 1.0),
        ("c", "part", "running", 0.5),
        ("f", "sound", "failed", 0.75),
        ("h", "plan", "running", 0.5),
        ("j", "import_upload", "done", 1.0),
    ]


def test_a_step_that_a_cut_replaced_is_no_line_and_one_that_a_person_cancelled_is() -> None:
    def step(name: str, kind: str, state: str, finished_at: datetime | None) -> Work:
        return Work(
            id=name,
            kind=kind,
            state=state,
            progress=0.0,
            attempts=1,
            reason="",
            subject="a",
            finished_at=finished_at,
        )

    steps = [
        step("a", "sound", "cancelled", None),
        step("b", "sound", "queued", None),
        step("c", "part", "cancelled", None),
        step("d", "poster", "cancelled", NOW),
    ]
    found = [(line.id, line.kind, line.state) for line in lines_of(steps)]
    assert found == [("b", "sound", "queued"), ("d", "poster", "cancelled")]
