"""What a form offers to choose from, and contents as people read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy.orm import Session

from catalog.editing.queries import Desk, find_livestreams, livestream_titles, subject_row
from catalog.editing.rules.contents import (
    QUESTION,
    SOURCE,
    TERM,
    Content,
    moment_of,
    normal,
)
from catalog.editing.rules.lengths import length_of
from catalog.editing.rules.signatures import DAY_LENGTH
from catalog.editing.services.removing import is_used
from catalog.enums import Audience, RevisionKind
from catalog.models import Series, Topic
from catalog.queries import list_topics
from catalog.topic_words import review_state
from core.words import LANGUAGES, Words

TERMS, QUESTIONS, SOURCES = 5, 5, 3
"""How many of each a topic's page is meant to have; more that are there are shown as well."""


def choices_for(
    session: Session, *, desk: Desk, content: Content, search: str, now: datetime
) -> dict[str, Any]:
    """Return what the template of a kind needs beyond the content."""
    match desk.subject.kind:
        case RevisionKind.TOPIC:
            return _topic(session, desk, content, now)
        case RevisionKind.SERIES:
            row = subject_row(session, subject=desk.subject)
            parts = content["livestreams"] if content else []
            found = find_livestreams(session, text=search, without=parts) if search else {}
            return {
                "parts": livestream_titles(session, ids=parts),
                "found": found,
                "search": search,
                "in_use": isinstance(row, Series) and is_used(session, row),
            }
        case RevisionKind.LIVESTREAM:
            row = subject_row(session, subject=desk.subject)
            topics = list_topics(session)
            return {"topics": topics, "audiences": [*Audience], "livestream": row}
        case _:
            return {}


def readable(
    session: Session, kind: RevisionKind, content: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return a content in the order of its form, with days for times and titles for livestreams."""
    if not content:
        return {}
    ordered = normal(kind, content)  # a database sorts the names in a document
    for name in ("reviewed_at", "review_due_at"):
        if moment_of(ordered.get(name, "")):
            ordered[name] = ordered[name][:DAY_LENGTH]
    if ordered.get("livestreams"):
        titles = livestream_titles(session, ids=ordered["livestreams"])
        named = [_title(titles.get(part, {}), part) for part in ordered["livestreams"]]
        ordered["livestreams"] = named
    return ordered


def _title(titles: Words, part: str) -> str:
    return titles.get(g.language) or next(iter(titles.values()), part)


def _topic(session: Session, desk: Desk, content: Content, now: datetime) -> dict[str, Any]:
    row = subject_row(session, subject=desk.subject)
    words = content.get("words", {})
    said = [words.get(tag, {}) for tag in LANGUAGES]
    rows = {
        name: range(max(least, *(len(one.get(name, ())) for one in said)))
        for name, least in (("terms", TERMS), ("questions", QUESTIONS), ("sources", SOURCES))
    }
    return {
        "rows": rows,
        "entry_fields": {"terms": TERM, "questions": QUESTION, "sources": SOURCE},
        "lengths": {
            tag: length_of(words.get(tag, {}).get("introduction", ""), tag) for tag in LANGUAGES
        },
        "review": review_state(row, now) if isinstance(row, Topic) else "draft",
        "signed": isinstance(row, Topic) and bool(row.reviewed_by),
        "topic": row,
        "in_use": isinstance(row, Topic) and is_used(session, row),
    }
