"""What an application or a line of a roster says of a person, in one shape. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from catalog.credentials.rules.application import (
    interests_of,
    languages_of,
    last_moment,
    words_of,
)
from core.words import CHINESE, ENGLISH, Words, in_language

MOST_INITIALS: Final = 2
ACADEMIC: Final = frozenset({"dr", "dr.", "prof", "prof.", "professor", "med", "med."})


@dataclass(frozen=True, slots=True)
class Profile:
    """The public face of a person and their licence, without its number."""

    names: Words
    titles: Words
    institutions: Words
    departments: Words
    kind: str
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    interests: Words
    holder: str
    country: str
    authority: str
    valid_until: datetime | None


def profile_of(answers: Mapping[str, Any]) -> Profile:
    """Return what the fields of the wizard or of a roster say; what is missing is empty."""
    names = words_of(answers, "name")
    return Profile(
        names=names,
        titles=words_of(answers, "title"),
        institutions=words_of(answers, "institution"),
        departments=words_of(answers, "department"),
        kind=answers.get("kind", ""),
        languages=languages_of(answers, ENGLISH),
        topics=tuple(answers.get("topics", ())),
        interests=interests_of(answers),
        holder=answers.get("holder", "").strip() or in_language(names, ENGLISH),
        country=answers.get("country", ""),
        authority=answers.get("authority", "").strip(),
        valid_until=last_moment(answers),
    )


def initials_of(names: Words) -> str:
    """Return what stands in the circle beside a name: two letters, or a Chinese family name."""
    parts = [part for part in names.get(ENGLISH, "").split() if part.lower() not in ACADEMIC]
    if parts:
        chosen = (parts[0], parts[-1]) if len(parts) > 1 else (parts[0],)
        return "".join(part[0] for part in chosen).upper()[:MOST_INITIALS]
    return in_language(names, CHINESE)[:1]
