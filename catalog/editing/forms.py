"""From what an editor typed to a content, and back; nothing typed is dropped on the way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from catalog.editing.rules.contents import Base, Content, Subject, flat, moment_of, nested, normal
from catalog.editing.rules.signatures import DAY_LENGTH, after_review, choice_of
from catalog.enums import RevisionKind

Typed = MultiDict[str, str]
LAST: Final = 10_000


def read(
    subject: Subject, form: Typed, *, live: Content | None, before: Content, now: datetime
) -> Content:
    """Return what the form says.

    Args:
        subject: What is edited.
        form: Fields by dotted names (see ``rules.contents.flat``).
        live: What the page says; a signature under it stays or falls with its words.
        before: What the form was filled from: the order of lists that check boxes lose.
        now: When; a signature without a day is of now.
    """
    raw = nested({name: value for name, value in form.items() if name not in LISTS})
    match subject.kind:
        case RevisionKind.TOPIC:
            typed = normal(subject.kind, raw)
            return after_review(live, typed, form.get("review", ""), now, before or None)
        case RevisionKind.SERIES:
            raw["livestreams"] = _parts(form)
        case RevisionKind.LIVESTREAM:
            raw["topics"] = _in_old_order(form.getlist("topics"), before.get("topics", ()))
            raw["audiences"] = sorted(form.getlist("audiences"))
    return normal(subject.kind, raw)


LISTS: Final = frozenset({"livestreams", "topics", "audiences"})


def base_of(form: Typed) -> Base:
    """Return what the form had been filled from; a form that does not say fits nothing."""
    number = form.get("base_number", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < len(str(LAST))
    return Base(int(number) if is_number else -1, form.get("base_fingerprint", ""))


def values_of(content: Mapping[str, Any], live: Content | None) -> dict[str, str]:
    """Return what the fields of a form hold, by their names; days without their time."""
    values = flat(content)
    for name in ("reviewed_at", "review_due_at"):
        if moment_of(values.get(name, "")):
            values[name] = values[name][:DAY_LENGTH]
    if "reviewed_by" in content:
        values["review"] = choice_of(live, dict(content))
    return values


def _parts(form: Typed) -> list[str]:
    """Return the livestreams of a series by their typed places, then those that are added."""
    removed = set(form.getlist("remove"))
    stay = [part for part in form.getlist("livestreams") if part not in removed]
    return [*sorted(stay, key=lambda part: _place(form, part)), *form.getlist("add")]


def _place(form: Typed, part: str) -> float:
    try:
        return float(form.get(f"place.{part}", ""))
    except ValueError:
        return LAST


def _in_old_order(chosen: Sequence[str], old: Sequence[str]) -> list[str]:
    """Keep the order of topics that stay: the first one lends a livestream its picture."""
    return sorted(chosen, key=lambda slug: old.index(slug) if slug in old else len(old))
