"""The application of a person who wants to host: its steps, its fields and their faults. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from catalog.credentials.enums import ApplicationState, ApplicationStep
from catalog.credentials.rules.agreement import LISTED, NONE, RECORDING_VERSION
from catalog.credentials.rules.countries import is_country
from catalog.enums import CredentialKind
from core.errors import FieldError, _
from core.words import CHINESE, ENGLISH, LANGUAGES

Answers = Mapping[str, Any]
"""The fields of the wizard by name, as they were typed; lists for topics and languages."""

WORDS: Final = ("name", "title", "institution", "department")
"""What stands beside the player; each is written in English, in Chinese, or in both."""
LISTS: Final = frozenset({"topics", "languages"})
FIELDS: Final[Mapping[ApplicationStep, tuple[str, ...]]] = {
    ApplicationStep.ACCOUNT: (),
    ApplicationStep.PERSON: tuple(f"{one}_{tag}" for one in WORDS for tag in ("en", "zh")),
    ApplicationStep.LICENCE: ("kind", "holder", "country", "authority", "valid_until"),
    ApplicationStep.TOPICS: ("topics", "languages"),
    ApplicationStep.AGREEMENT: ("interests", "interests_en", "interests_zh", "recording"),
}
"""What is kept of each step; number, pages and password are kept elsewhere."""

REQUIRED: Final = (
    *("email", "password"),
    *("name_en", "title_en", "institution_en"),
    *("kind", "country", "authority", "number", "documents"),
    *("interests", "recording"),
)
"""All that has to be filled in, for somebody without an account."""

MOST_PAGES: Final = 5
MOST_TOPICS: Final = 20
LONGEST: Final = 120
LONGEST_TEXT: Final = 1000
LONGEST_KEPT: Final = 4000
"""What was typed is kept even when it is too long; beyond this nobody typed it."""
NUMBER_LENGTHS: Final = range(3, 41)
SHOWN_DIGITS: Final = 3
LONG_ENOUGH_TO_SHOW: Final = 8
KEPT_AFTER_DECISION: Final = timedelta(days=30)
OPEN_STATES: Final = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})
"""The applicant writes in these alone."""

NO_WORDS: Final = {
    "name": _("Write the name that viewers will see, in one language at least."),
    "title": _("Write your title, for example Consultant psychiatrist."),
    "institution": _("Write where you work, or “Independent practice”."),
}
NO_KIND: Final = _("Choose your profession.")
NO_COUNTRY: Final = _("Choose where you are licensed.")
NO_AUTHORITY: Final = _("Write who gave you the licence.")
NO_NUMBER: Final = _("Write the number of your licence.")
BAD_NUMBER: Final = _("A licence number has 3 to 40 letters and digits.")
NO_DAY: Final = _("Choose a day, for example 2027-11-22, or leave it empty.")
PASSED: Final = _("This day has passed. If you have renewed, enter the new date.")
NO_PAGES: Final = _("Add at least one page of your licence.")
NO_INTERESTS: Final = _("Say whether you have a conflict of interest.")
NOT_LISTED: Final = _("List your conflicts of interest, in one language at least.")
NO_RECORDING: Final = _("Hosting needs your consent to recording. Please read it and tick the box.")
TOO_LONG: Final = _("Use at most %(most)s characters.")
NO_TOPIC: Final = _("Choose topics from the list.")
NO_LANGUAGE: Final = _("Choose languages from the list.")


@dataclass(frozen=True, slots=True)
class Filled:
    """All that an application holds at one moment."""

    answers: Answers
    number: str
    pages: int
    topics: frozenset[str]
    """The topics there are."""


def empty_answers(language: str) -> dict[str, Any]:
    """Return what the wizard begins with: the language of the page is spoken, likely."""
    return {"languages": [language]}


def kept(value: str) -> str:
    """Return what is stored of something typed: no other line ends, no null, no book."""
    return value.replace("\r\n", "\n").replace("\x00", "")[:LONGEST_KEPT]


def normal_number(text: str) -> str:
    """Return a licence number in the form that is compared: no spaces, signs or small letters."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()


def shown_end(number: str) -> str:
    """Return the last characters of a number that its owner may see; of a short one, none."""
    return number[-SHOWN_DIGITS:] if len(number) >= LONG_ENOUGH_TO_SHOW else ""


def words_of(answers: Answers, field: str) -> dict[str, str]:
    """Return a text of the application per language; a language without text is left out."""
    typed = {ENGLISH: answers.get(f"{field}_en", ""), CHINESE: answers.get(f"{field}_zh", "")}
    return {tag: text.strip() for tag, text in typed.items() if text.strip()}


def interests_of(answers: Answers) -> dict[str, str]:
    """Return the declared conflicts of interest; empty: none."""
    return words_of(answers, "interests") if answers.get("interests") == LISTED else {}


def languages_of(answers: Answers, default: str) -> tuple[str, ...]:
    """Return the languages that are taught in; whoever chose none teaches in that of the page."""
    chosen = tuple(one for one in answers.get("languages", ()) if one in LANGUAGES)
    return chosen or (default,)


def last_moment(answers: Answers) -> datetime | None:
    """Return when the licence ends: the end of its last day; None when it has none."""
    day = _day(answers.get("valid_until", ""))
    return datetime.combine(day + timedelta(days=1), time(0), UTC) if day else None


def faults_of(step: ApplicationStep, filled: Filled, today: date) -> tuple[FieldError, ...]:
    """Return what is wrong with one step, in the order of its fields."""
    match step:
        case ApplicationStep.PERSON:
            return _person_faults(filled.answers)
        case ApplicationStep.LICENCE:
            return _licence_faults(filled, today)
        case ApplicationStep.TOPICS:
            return _topic_faults(filled)
        case ApplicationStep.AGREEMENT:
            return _agreement_faults(filled.answers)
    return ()


def all_faults(filled: Filled, today: date) -> dict[ApplicationStep, tuple[FieldError, ...]]:
    """Return the faults of every step that has any."""
    found = {step: faults_of(step, filled, today) for step in FIELDS}
    return {step: faults for step, faults in found.items() if faults}


def _person_faults(answers: Answers) -> tuple[FieldError, ...]:
    missing = [
        FieldError(f"{one}_en", NO_WORDS[one])
        for one in WORDS
        if one in NO_WORDS and not words_of(answers, one)
    ]
    return (*missing, *_lengths(answers, FIELDS[ApplicationStep.PERSON], LONGEST))


def _licence_faults(filled: Filled, today: date) -> tuple[FieldError, ...]:
    answers = filled.answers
    checks = (
        ("kind", answers.get("kind") not in set(CredentialKind), NO_KIND),
        ("country", not is_country(answers.get("country", "")), NO_COUNTRY),
        ("authority", not answers.get("authority", "").strip(), NO_AUTHORITY),
        ("number", not filled.number, NO_NUMBER),
        ("number", bool(filled.number) and not _is_number(filled.number), BAD_NUMBER),
        *_day_checks(answers.get("valid_until", ""), today),
        ("documents", filled.pages < 1, NO_PAGES),
    )
    faults = [FieldError(name, message) for name, is_wrong, message in checks if is_wrong]
    return (*faults, *_lengths(answers, ("holder", "authority"), LONGEST))


def _day_checks(typed: str, today: date) -> tuple[tuple[str, bool, str], ...]:
    day, is_typed = _day(typed), bool(typed.strip())
    return (
        ("valid_until", is_typed and day is None, NO_DAY),
        ("valid_until", day is not None and day < today, PASSED),
    )


def _topic_faults(filled: Filled) -> tuple[FieldError, ...]:
    topics = filled.answers.get("topics", ())
    checks = (
        ("topics", not filled.topics.issuperset(topics) or len(topics) > MOST_TOPICS, NO_TOPIC),
        ("languages", not set(LANGUAGES).issuperset(_listed(filled, "languages")), NO_LANGUAGE),
    )
    return tuple(FieldError(name, message) for name, is_wrong, message in checks if is_wrong)


def _listed(filled: Filled, name: str) -> tuple[str, ...]:
    return tuple(filled.answers.get(name, ()))


def _agreement_faults(answers: Answers) -> tuple[FieldError, ...]:
    choice = answers.get("interests", "")
    unlisted = choice == LISTED and not interests_of(answers)
    checks = (
        ("interests", choice not in {NONE, LISTED}, NO_INTERESTS),
        ("interests_en", unlisted, NOT_LISTED),
        ("recording", answers.get("recording") != str(RECORDING_VERSION), NO_RECORDING),
    )
    faults = [FieldError(name, message) for name, is_wrong, message in checks if is_wrong]
    return (*faults, *_lengths(answers, ("interests_en", "interests_zh"), LONGEST_TEXT))


def _lengths(answers: Answers, names: tuple[str, ...], most: int) -> tuple[FieldError, ...]:
    long = [name for name in names if len(answers.get(name, "").strip()) > most]
    return tuple(FieldError(name, TOO_LONG, {"most": most}) for name in long)


def _is_number(number: str) -> bool:
    return len(normal_number(number)) in NUMBER_LENGTHS


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.year < YEAR_TOO_FAR else None


YEAR_TOO_FAR: Final = 2200
