"""What has to be put right before a content may be published. Pure.

A fault names the field of the form it belongs to. Livestreams are checked by
:func:`catalog.services.edit_livestream`, and by what the audiences need here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from catalog.editing.rules.contents import QUESTION, SOURCE, TERM, Content, moment_of
from catalog.enums import Audience, RevisionKind, RiskLevel
from core.errors import FieldError, _
from core.words import ENGLISH, LANGUAGES, Words

LONGEST: Final = {
    "names": 80,
    "titles": 200,
    "descriptions": 5000,
    "institutions": 200,
    "departments": 200,
    "biographies": 5000,
}
LONGEST_WORDS: Final = 5000
LONGEST_INITIALS: Final = 4
LONGEST_NAME: Final = 120
MOST_PARTS: Final = 100
MOST_POSITIONS: Final = 9999
ENTRIES: Final = {"terms": TERM, "questions": QUESTION, "sources": SOURCE}

NO_NAME: Final = _("Write it in at least one language.")
TOO_LONG: Final = _("At most %(longest)s characters.")
INCOMPLETE: Final = _("Fill in this field as well, or empty the others beside it.")
NOT_HTTPS: Final = _("Use a whole address that begins with https://.")
NO_DATE: Final = _("Choose a day, for example 2026-11-22.")


def content_faults(kind: RevisionKind, content: Content, now: datetime) -> list[FieldError]:
    """Return everything that is wrong with a content, whatever the database holds."""
    faults = list(_texts_faults(content))
    match kind:
        case RevisionKind.TOPIC:
            faults += [
                *_topic_faults(content),
                *_words_faults(content),
                *_review_faults(content, now),
            ]
        case RevisionKind.SERIES if len(content["livestreams"]) > MOST_PARTS:
            faults.append(FieldError("livestreams", _("At most 100 livestreams."), {}))
        case RevisionKind.HOST if not 1 <= len(content["initials"]) <= LONGEST_INITIALS:
            faults.append(FieldError("initials", _("Write one to four letters or characters.")))
        case RevisionKind.LIVESTREAM if not set(content["audiences"]) <= set(Audience):
            faults.append(FieldError("audiences", _("Choose from the list.")))
    return faults


def slug_faults(slug: str, taken: Sequence[str]) -> list[FieldError]:
    """Return what is wrong with the slug of a new topic; ``taken`` are those that exist."""
    if slug in taken:
        return [FieldError("slug", _("There is a topic with this address already."))]
    if slug in RESERVED:
        return [FieldError("slug", _("This word has a meaning of its own in addresses."))]
    parts = slug.split("-")
    letters = all(part.isascii() and part.isalnum() and part == part.lower() for part in parts)
    if not letters or not slug[:1].isalpha() or not SHORTEST_SLUG <= len(slug) <= LONGEST_SLUG:
        return [FieldError("slug", BAD_SLUG)]
    return []


SHORTEST_SLUG: Final = 2
LONGEST_SLUG: Final = 40
BAD_SLUG: Final = _(
    "Use 2 to 40 lower-case letters and digits, words joined by hyphens, a letter first."
)
RESERVED: Final = frozenset(
    {
        *("new", "edit", "history", "preview", "discard", "restore", "delete", "feed", "calendar"),
        *(
            "all",
            "topic",
            "topics",
            "series",
            "host",
            "hosts",
            "livestream",
            "livestreams",
            "zh",
            "en",
        ),
        *("api", "admin", "static", "media", "platform", "site", "queue", "none", "null"),
    }
)
"""Words that address something else beside or below ``/topics/``, now or soon."""


def _texts_faults(content: Content) -> Iterator[FieldError]:
    name = "names" if "names" in content else "titles"
    if not content[name]:
        yield FieldError(f"{name}.{ENGLISH}", NO_NAME)
    for field, longest in LONGEST.items():
        texts: Words = content.get(field, {})
        for tag, text in texts.items():
            if len(text) > longest:
                yield FieldError(f"{field}.{tag}", TOO_LONG, {"longest": longest})


def _topic_faults(content: Content) -> Iterator[FieldError]:
    if content["risk"] not in set(RiskLevel):
        yield FieldError("risk", _("Choose from the list."))
    position = content["position"]
    if not isinstance(position, int) or not 0 <= position <= MOST_POSITIONS:
        yield FieldError("position", _("Write a whole number from 0 to 9999."))


def _words_faults(content: Content) -> Iterator[FieldError]:
    for tag in LANGUAGES:
        words: Mapping[str, Any] = content["words"].get(tag, {})
        at = f"words.{tag}"
        for field in ("introduction", "seek_help"):
            text = words.get(field, "")
            if len(text if isinstance(text, str) else "\n".join(text)) > LONGEST_WORDS:
                yield FieldError(f"{at}.{field}", TOO_LONG, {"longest": LONGEST_WORDS})
        for name, fields in ENTRIES.items():
            for place, entry in enumerate(words.get(name, ())):
                yield from _entry_faults(f"{at}.{name}.{place}", entry, fields)


def _entry_faults(at: str, entry: Mapping[str, str], fields: Sequence[str]) -> Iterator[FieldError]:
    for field in fields:
        text = entry[field]
        if not text:
            yield FieldError(f"{at}.{field}", INCOMPLETE)
        elif len(text) > LONGEST_WORDS:
            yield FieldError(f"{at}.{field}", TOO_LONG, {"longest": LONGEST_WORDS})
        elif field == "url" and not _is_https(text):
            yield FieldError(f"{at}.{field}", NOT_HTTPS)


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket without its pair
        return False
    is_clean = url.isprintable() and not any(mark in url for mark in ' <>"')
    return parts.scheme == "https" and "." in (parts.hostname or "") and is_clean


def _review_faults(content: Content, now: datetime) -> Iterator[FieldError]:
    signed = [content["reviewed_by"], content["reviewed_at"], content["review_due_at"]]
    if not any(signed):
        return
    if not content["reviewed_by"]:
        yield FieldError("reviewed_by", _("Write the name of the clinician who signed."))
    if len(content["reviewed_by"]) > LONGEST_NAME:
        yield FieldError("reviewed_by", TOO_LONG, {"longest": LONGEST_NAME})
    at, due = moment_of(content["reviewed_at"]), moment_of(content["review_due_at"])
    if at is None:
        yield FieldError("reviewed_at", NO_DATE)
    elif at > now:
        yield FieldError("reviewed_at", _("A review cannot be signed in the future."))
    if due is None:
        yield FieldError("review_due_at", NO_DATE)
    elif at is not None and due <= at:
        yield FieldError("review_due_at", _("The next review comes after this one."))
