"""The content of a subject in its one normal form, and as the flat names of a form. Pure.

Topic: ``names, descriptions, risk, position, words, reviewed_by, reviewed_at, review_due_at``.
Series: ``titles, descriptions, livestreams`` (ids in order). Host: ``names, titles, institutions,
departments, biographies, initials``. Livestream: ``titles, descriptions, topics, language,
audiences``. Texts per language leave out empty ones; times are ISO 8601 texts, empty for none.
A number or a time that cannot be read stays as it was typed: a draft may hold anything.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

from catalog.enums import RevisionKind, RiskLevel
from core.words import LANGUAGES

Content = dict[str, Any]

TERM: Final = ("term", "meaning")
QUESTION: Final = ("question", "answer")
SOURCE: Final = ("title", "publisher", "url")
STEP: Final = re.compile(r"([0-9A-Za-z]+)/?(?:[?#].*)?$")
"""The id of a livestream, alone or at the end of the address of its page."""
TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    RevisionKind.TOPIC: ("names", "descriptions"),
    RevisionKind.SERIES: ("titles", "descriptions"),
    RevisionKind.HOST: ("names", "titles", "institutions", "departments", "biographies"),
    RevisionKind.LIVESTREAM: ("titles", "descriptions"),
}
"""What each kind says in every language."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is edited: its kind, and its slug or id."""

    kind: RevisionKind
    id: str


@dataclass(frozen=True, slots=True)
class Base:
    """What a form was filled from: the number of the draft (0: there was none) and a digest."""

    number: int
    fingerprint: str


def normal(kind: RevisionKind, raw: Mapping[str, Any]) -> Content:
    """Return ``raw``, of a row, a form or a revision, in the normal form of its kind."""
    texts = {name: _texts(raw.get(name)) for name in TEXTS[kind]}
    match kind:
        case RevisionKind.TOPIC:
            return texts | _topic(raw)
        case RevisionKind.SERIES:
            return texts | {"livestreams": lines(raw.get("livestreams"))}
        case RevisionKind.HOST:
            return texts | {"initials": plain(raw.get("initials"))}
        case RevisionKind.LIVESTREAM:
            lists = {name: lines(raw.get(name)) for name in ("topics", "audiences")}
            return texts | lists | {"language": plain(raw.get("language"))}


def fingerprint(content: Mapping[str, Any] | None) -> str:
    """Return a short digest of a content; of nothing, an empty text."""
    if content is None:
        return ""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return blake2b(written.encode(), digest_size=12).hexdigest()


def flat(content: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return texts by dotted names, ``words.en.terms.0.term``; a list of texts is one of lines."""
    found: dict[str, str] = {}
    for name, value in content.items():
        found |= _flat_value(f"{prefix}{name}", value)
    return found


def nested(fields: Mapping[str, str]) -> Content:
    """Return what :func:`flat` took apart, for :func:`normal`; places in lists are still names."""
    found: Content = {}
    for name, value in fields.items():
        *path, last = name.split(".")
        into = found
        for step in path:
            deeper = into.setdefault(step, {})
            into = deeper if isinstance(deeper, dict) else {}
        into[last] = value
    return found


def name_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Return what the subject is called per language."""
    return dict(content.get("names") or content.get("titles") or {})


def moment_of(text: str) -> datetime | None:
    """Return the moment that a text of a content names, in UTC; None when it names none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def text_of(moment: datetime | None) -> str:
    """Return a moment as contents hold it."""
    return moment.astimezone(UTC).isoformat() if moment else ""


def lines(raw: object) -> list[str]:
    """Return the texts of a list, or the lines of one text, without empty and repeated ones."""
    given = raw.splitlines() if isinstance(raw, str) else raw
    parts = given if isinstance(given, list | tuple) else ()
    return list(dict.fromkeys(text for text in map(plain, parts) if text))


def plain(raw: object) -> str:
    """Return a text without spaces around it, with one kind of line end and nothing unstorable."""
    if not isinstance(raw, str):
        return ""
    storable = raw.replace("\x00", "").encode("utf-8", "replace").decode()
    return storable.replace("\r\n", "\n").replace("\r", "\n").strip()


def _topic(raw: Mapping[str, Any]) -> Content:
    said = raw.get("words")
    per_language = said if isinstance(said, Mapping) else {}
    words = {tag: _words(per_language.get(tag)) for tag in LANGUAGES}
    return {
        "risk": plain(raw.get("risk")) or RiskLevel.ORDINARY.value,
        "position": _number(raw.get("position")),
        "words": {tag: one for tag, one in words.items() if any(one.values())},
        "reviewed_by": plain(raw.get("reviewed_by")),
        "reviewed_at": _time(raw.get("reviewed_at")),
        "review_due_at": _time(raw.get("review_due_at")),
    }


def _words(raw: object) -> Content:
    said = raw if isinstance(raw, Mapping) else {}
    start = [found[1] for line in lines(said.get("start")) if (found := STEP.search(line))]
    return {
        **({"start": list(dict.fromkeys(start))} if start else {}),
        "introduction": plain(said.get("introduction")),
        "terms": _entries(said.get("terms"), TERM),
        "questions": _entries(said.get("questions"), QUESTION),
        "seek_help": lines(said.get("seek_help")),
        "sources": _entries(said.get("sources"), SOURCE),
    }


def _entries(raw: object, names: Iterable[str]) -> list[dict[str, str]]:
    """Return entries of texts in their order; a form names their places, in any order."""
    if isinstance(raw, Mapping):
        places = sorted((name for name in raw if str(name).isdecimal()), key=int)
        raw = [raw[place] for place in places]
    found = raw if isinstance(raw, list | tuple) else ()
    entries = (
        {name: plain(one.get(name)) for name in names} for one in found if isinstance(one, Mapping)
    )
    return [entry for entry in entries if any(entry.values())]


def _texts(raw: object) -> dict[str, str]:
    given = raw if isinstance(raw, Mapping) else {}
    texts = {tag: plain(given.get(tag)) for tag in LANGUAGES}
    return {tag: text for tag, text in texts.items() if text}


def _number(raw: object) -> int | str:
    if isinstance(raw, int):
        return raw
    typed = plain(raw) or "0"
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else typed  # noqa: PLR2004 -- nobody keeps ten thousand topics


def _time(raw: object) -> str:
    if isinstance(raw, datetime):
        return text_of(raw)
    typed = plain(raw)
    return text_of(moment_of(typed)) or typed


def _flat_value(name: str, value: object) -> dict[str, str]:
    if isinstance(value, Mapping):
        return flat(value, f"{name}.")
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return flat({str(place): one for place, one in enumerate(value)}, f"{name}.")
    if isinstance(value, list):
        return {name: "\n".join(value)}
    return {name: str(value)}
