"""What going live needs, item by item, at any time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import InvalidInput
from core.words import LANGUAGES
from streams.readiness.rules import (
    DeviceReport,
    Facts,
    check_report,
    is_here,
    missing,
    release_gate,
    report_of_feed,
    script,
    start_gate,
)

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
READY = Facts(
    host_verified_until=NOW + DAY,
    moderators=1,
    device_checked_at=NOW,
    script_read_at=NOW,
)
CODES = (
    "host_verified",
    "host_present",
    "moderators",
    "device_check",
    "crisis_script",
    "recording_consent",
)


def codes(facts: Facts) -> list[str]:
    return [item.code for item in missing(start_gate(facts, NOW))]


def test_gate_is_open_when_everything_is_there() -> None:
    gate = start_gate(READY, NOW)
    assert [(item.code, item.met) for item in gate] == [(code, True) for code in CODES]
    assert all(item.title and item.reason and item.remedy for item in gate)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"host_verified_until": None}, "host_verified"),
        ({"host_verified_until": NOW}, "host_verified"),
        ({"host_present": False}, "host_present"),
        ({"moderators": 0}, "moderators"),
        ({"moderators_needed": 2}, "moderators"),
        ({"device_checked_at": None}, "device_check"),
        ({"device_checked_at": NOW - DAY}, "device_check"),
        ({"script_read_at": None}, "crisis_script"),
        ({"script_read_at": NOW - 90 * DAY}, "crisis_script"),
        ({"consent_withdrawn": True}, "recording_consent"),
        ({"premiere": True}, "premiere_talk"),
        ({"withheld": True}, "recording"),
    ],
)
def test_each_item_alone_keeps_the_gate_shut(changes: dict[str, Any], code: str) -> None:
    assert codes(replace(READY, **changes)) == [code]


@pytest.mark.parametrize(
    "changes",
    [
        {"host_verified_until": NOW + TICK},
        {"moderators": 2, "moderators_needed": 2},
        {"device_checked_at": NOW - DAY + TICK},
        {"device_checked_at": None, "is_sending": True},
        {"device_checked_at": None, "premiere": True, "talk_held": True},
        {"script_read_at": NOW - 90 * DAY + TICK},
        {"consent_withdrawn": True, "recorded": False},
    ],
)
def test_gate_is_open_at_the_edge(changes: dict[str, Any]) -> None:
    assert codes(replace(READY, **changes)) == []


def test_moderators_are_counted_in_the_reason() -> None:
    gate = start_gate(replace(READY, moderators_needed=2), NOW)
    (item,) = missing(gate)
    assert item.fault.message % item.fault.params == "Moderators: 1 of 2 are assigned."


def test_uploaded_talk_needs_less() -> None:
    nobody = Facts(host_verified_until=NOW + DAY, moderators=0)
    assert missing(release_gate(nobody, NOW)) == ()
    none = Facts(host_verified_until=None, host_present=False, consent_withdrawn=True)
    assert [item.code for item in missing(release_gate(none, NOW))] == [
        "host_verified",
        "host_present",
        "recording_consent",
    ]


@pytest.mark.parametrize(("premiere", "codes"), [(False, ["recorded"]), (True, [])])
def test_talk_of_what_is_not_recorded_is_taken_as_a_premiere_only(
    premiere: bool,  # noqa: FBT001 -- a parameter of the test
    codes: list[str],
) -> None:
    unkept = Facts(host_verified_until=NOW + DAY, recorded=False, premiere=premiere)
    assert [item.code for item in missing(release_gate(unkept, NOW))] == codes


def test_somebody_is_here_for_a_minute() -> None:
    minute = timedelta(seconds=60)
    assert [is_here(at, NOW) for at in (None, NOW, NOW - minute + TICK, NOW - minute)] == [
        *(False, True, True, False)
    ]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"picture": False}, ["picture"]),
        ({"sound": False}, ["sound"]),
        ({"width": 7681, "loudest": 1.1}, ["width", "loudest"]),
        ({"upload_kbit_s": -1}, ["upload_kbit_s"]),
        ({"loudest": float("nan")}, ["loudest"]),
    ],
)
def test_report_of_a_check(changes: dict[str, Any], fields: list[str]) -> None:
    report = replace(DeviceReport(picture=True, sound=True, width=1280, height=720), **changes)
    try:
        check_report(report)
        found: list[str] = []
    except InvalidInput as refused:
        found = [error.field for error in refused.errors]
    assert found == fields


def test_feed_counts_with_picture_and_sound_only() -> None:
    whole = {"video": "h264", "audio": "aac", "width": 1280, "height": 720}
    assert report_of_feed(whole) == DeviceReport(picture=True, sound=True, width=1280, height=720)
    for shape in (None, {}, {**whole, "video": ""}, {**whole, "audio": ""}):
        assert report_of_feed(shape) is None


def test_script_says_everything_in_every_language_and_that_nobody_reviewed_it() -> None:
    text = script()
    words = [text.notice, *(part.title for part in text.parts)]
    words += [sentence for part in text.parts for sentence in part.sentences]
    assert all(set(one) == set(LANGUAGES) and all(one.values()) for one in words)
    assert (text.version, text.reviewed_by) == (1, "")
    assert "draft" in text.notice["en"]
    assert "草稿" in text.notice["zh-Hans"]
    assert all(len(one["en"]) < 160 for one in words if one is not text.notice)
