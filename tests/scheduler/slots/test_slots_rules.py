"""Who may claim what, and what a slot must be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.slots.rules import Asked, SlotDraft, Teacher, refusal_of, slot_faults

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
TEACHER = Teacher(
    id="host",
    verified_until=NOW + timedelta(days=1),
    kind="psychotherapist",
    topics=frozenset({"sleep", "anxiety"}),
    languages=frozenset({"en"}),
)
ASKED = Asked(frozenset({"sleep"}), "en", "diagnosis")
DRAFT = SlotDraft(
    topics=("sleep",),
    language="en",
    starts_at=NOW + timedelta(days=1),
    ends_at=NOW + timedelta(days=1, minutes=45),
    timezone="Asia/Shanghai",
)


@pytest.mark.parametrize(
    ("teacher", "asked", "code"),
    [
        (TEACHER, ASKED, None),
        (replace(TEACHER, topics=frozenset(), languages=frozenset()), ASKED, None),
        (replace(TEACHER, verified_until=NOW), ASKED, "not_verified"),
        (replace(TEACHER, verified_until=None), ASKED, "not_verified"),
        (TEACHER, replace(ASKED, scope="medication"), "beyond_scope"),
        (replace(TEACHER, kind="counsellor"), ASKED, "beyond_scope"),
        (TEACHER, replace(ASKED, topics=frozenset({"sleep", "adhd"})), "other_topic"),
        (TEACHER, replace(ASKED, language="zh-Hans"), "other_language"),
    ],
)
def test_refusal_of_names_the_first_reason(
    teacher: Teacher, asked: Asked, code: str | None
) -> None:
    refusal = refusal_of(teacher, asked, NOW)
    assert (refusal.code if refusal else None) == code


def faults_of(draft: SlotDraft, *, room_is_known: bool = True) -> list[str]:
    found = slot_faults(draft, topics=["sleep"], room_is_known=room_is_known, now=NOW)
    return [fault.field for fault in found]


def test_a_slot_needs_no_title() -> None:
    assert faults_of(DRAFT) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"topics": ()}, ["topics"]),
        ({"topics": ("none",)}, ["topics"]),
        ({"language": "fr"}, ["language"]),
        ({"scope": "surgery"}, ["scope"]),
        ({"timezone": "Mars/Base"}, ["timezone"]),
        ({"starts_at": NOW}, ["ends_at", "starts_at"]),
        ({"starts_at": DRAFT.starts_at + timedelta(minutes=2)}, ["starts_at"]),
        ({"ends_at": DRAFT.starts_at}, ["ends_at"]),
    ],
)
def test_faults_stand_beside_their_fields(changes: dict[str, object], fields: list[str]) -> None:
    assert sorted(faults_of(replace(DRAFT, **changes))) == fields  # type: ignore[arg-type]  # one per case


def test_an_unknown_room_is_a_fault() -> None:
    assert faults_of(DRAFT, room_is_known=False) == ["room"]
