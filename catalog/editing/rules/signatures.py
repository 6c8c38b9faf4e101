"""The signature of a clinician under the words of a topic: signed, kept or withdrawn. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any, Final

from catalog.editing.rules.contents import Content, moment_of, text_of

SIGNATURE: Final = ("reviewed_by", "reviewed_at", "review_due_at")
SIGNED: Final = ("names", "descriptions", "words")
"""What a signature stands for: the place in a list and the level of care are no words."""
UNSIGNED: Final = dict.fromkeys(SIGNATURE, "")
DAY_LENGTH: Final = len("2026-11-22")


class Review(StrEnum):
    """What an editor says about the signature."""

    UNCHANGED = "unchanged"
    """It stays as long as the words do."""
    KEEP = "keep"
    """The words changed, but not what they say clinically."""
    SIGN = "sign"
    NONE = "none"


def after_review(
    live: Content | None, typed: Content, choice: str, now: datetime, draft: Content | None = None
) -> Content:
    """Return ``typed`` with the signature that follows from the choice.

    A change of signed words withdraws the signature unless the editor says that it is not clinical.
    A signature that ``draft`` holds already keeps its time.
    """
    before = signature_of(live) if live else UNSIGNED
    match choice:
        case Review.SIGN:
            held = signature_of(draft) if draft else UNSIGNED
            is_held = held != before and _same_day(held, typed)
            return typed | signed_anew(typed | held if is_held else typed, now, is_held=is_held)
        case Review.KEEP:
            return typed | before
        case Review.UNCHANGED if live and same_words(live, typed):
            return typed | before
    return typed | UNSIGNED


def choice_of(live: Content | None, content: Content) -> Review:
    """Return the choice that a form with this content shows."""
    before = signature_of(live) if live else UNSIGNED
    held = signature_of(content)
    if held == before:
        kept = bool(held["reviewed_by"]) and live is not None and not same_words(live, content)
        return Review.KEEP if kept else Review.UNCHANGED
    if held["reviewed_by"]:
        return Review.SIGN
    changed = live is not None and not same_words(live, content)
    return Review.UNCHANGED if changed else Review.NONE


def is_kept(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether signed words were changed and the signature stayed: a change not clinical."""
    held = signature_of(after)
    is_same = bool(held["reviewed_by"]) and held == signature_of(before)
    return is_same and not same_words(before, after)


def is_withdrawn(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether a signature that was there is gone."""
    return bool(before.get("reviewed_by")) and not after.get("reviewed_by")


def signature_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Return who signed, when, and when the next review is due."""
    return {name: content.get(name, "") for name in SIGNATURE}


def same_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two contents say the same; which talks stand first is no statement."""
    return all(_said(one, name) == _said(other, name) for name in SIGNED)


def _said(content: Mapping[str, Any], name: str) -> object:
    if name != "words":
        return content.get(name)
    said = {
        tag: {field: value for field, value in one.items() if field != "start"}
        for tag, one in content.get(name, {}).items()
    }
    return {tag: one for tag, one in said.items() if any(one.values())}


def signed_anew(typed: Content, now: datetime, *, is_held: bool = False) -> dict[str, str]:
    """Return the typed signature; today's gets the present time, so that no two are the same.

    Without a date it is signed today, without a next review that is due in a year.
    """
    at = moment_of(typed["reviewed_at"]) if typed["reviewed_at"] else now
    if not is_held and at is not None and at.date() == now.astimezone(UTC).date():
        at = now
    due = typed["review_due_at"] or (text_of(a_year_after(at)) if at else "")
    return {
        "reviewed_by": typed["reviewed_by"],
        "reviewed_at": text_of(at) or typed["reviewed_at"],
        "review_due_at": due,
    }


def _same_day(held: Mapping[str, str], typed: Content) -> bool:
    """Tell whether a form that shows days only was sent with the signature it had been given."""
    days = (
        (held["reviewed_at"][:DAY_LENGTH], typed["reviewed_at"][:DAY_LENGTH]),
        (held["review_due_at"][:DAY_LENGTH], typed["review_due_at"][:DAY_LENGTH]),
    )
    return held["reviewed_by"] == typed["reviewed_by"] != "" and all(a == b for a, b in days)


def a_year_after(moment: datetime) -> datetime:
    """Return midnight, in UTC, of the same day in the next year; 29 February becomes 1 March."""
    day = moment.astimezone(UTC).date()
    is_leap_day = (day.month, day.day) == (2, 29)
    same = day.replace(month=3, day=1) if is_leap_day else day
    later = same.replace(year=day.year + 1)
    return datetime.combine(later, time(), UTC)
