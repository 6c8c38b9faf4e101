"""What the fields of a content are called, in the language of the page."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from catalog.enums import RevisionKind
from core.errors import _
from core.words import CHINESE, ENGLISH, LANGUAGES

TOPIC: Final[Mapping[str, str]] = {
    "names": _("Name"),
    "descriptions": _("Description"),
    "introduction": _("Introduction"),
    "terms.term": _("Term %(number)s"),
    "terms.meaning": _("Meaning of term %(number)s"),
    "questions.question": _("Question %(number)s"),
    "questions.answer": _("Answer to question %(number)s"),
    "seek_help": _("When to seek help"),
    "start": _("Talks to begin with"),
    "sources.title": _("Title of source %(number)s"),
    "sources.publisher": _("Publisher of source %(number)s"),
    "sources.url": _("Address of source %(number)s"),
    "risk": _("Level of care"),
    "position": _("Place in lists"),
    "reviewed_by": _("Signed by"),
    "reviewed_at": _("Signed on"),
    "review_due_at": _("Next review"),
}
OTHERS: Final[Mapping[str, str]] = {
    "names": _("Name"),
    "titles": _("Title"),
    "descriptions": _("Description"),
    "institutions": _("Institution"),
    "departments": _("Department"),
    "biographies": _("About the person"),
    "initials": _("Initials"),
    "livestreams": _("Livestreams"),
    "topics": _("Topics"),
    "language": _("Spoken language"),
    "audiences": _("Made for"),
}
IN: Final = {ENGLISH: _("%(field)s in English"), CHINESE: _("%(field)s in Chinese")}


def label_of(field: str, kind: str = RevisionKind.TOPIC) -> str:
    """Return what a field is called, ``words.en.terms.0.term`` is “Term 1 in English”."""
    parts = field.removeprefix("words.").split(".")
    number = next((int(part) + 1 for part in parts if part.isdecimal()), 0)
    language = next((part for part in parts if part in LANGUAGES), "")
    name = ".".join(part for part in parts if not part.isdecimal() and part not in LANGUAGES)
    known = TOPIC if kind == RevisionKind.TOPIC else OTHERS
    label = gettext(known[name], number=number) if name in known else name
    if kind == RevisionKind.HOST and name == "titles":
        label = gettext("Profession")
    return str(gettext(IN[language], field=label)) if language else str(label)
