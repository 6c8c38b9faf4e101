"""From the fields of a form to what somebody chose. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from accounts.notices.channels import Texts
from accounts.notices.enums import Category, Pace
from accounts.notices.paces import paces_of
from core.errors import FieldError, InvalidInput, _
from core.walltime import is_timezone
from core.words import LANGUAGES

PHONE: Final = re.compile(r"\+[1-9]\d{6,14}")
"""E.164: a plus, the country code, at most fifteen digits."""
BAD_PHONE: Final = _("Write the number with its country code, for example +86 138 0013 8000.")
_BETWEEN: Final = re.compile(r"[\s().\-\u2010-\u2015]")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a form of choices says."""

    paces: Mapping[Category, Pace]
    shows_titles: bool


@dataclass(frozen=True, slots=True)
class Texting:
    """What a form says of text messages; without a number there are none."""

    phone: str
    texts: frozenset[Texts]


def choices_in(form: Mapping[str, str], categories: Iterable[Category]) -> Chosen:
    """Read the fields of ``accounts/notices/_choices.html``.

    Raises:
        InvalidInput: A pace is none that is offered for its category, or is missing.
    """
    given = {one: form.get(f"pace-{one}", "") for one in categories}
    wrong = [one for one, pace in given.items() if pace not in paces_of(one)]
    if wrong:
        raise InvalidInput(*(FieldError(f"pace-{one}", _("Choose one of these.")) for one in wrong))
    paces = {one: Pace(pace) for one, pace in given.items()}
    return Chosen(paces, shows_titles="shows_titles" in form)


def place_in(form: Mapping[str, str]) -> tuple[str, str]:
    """Return the language and the zone in which somebody wants to be written to.

    Raises:
        InvalidInput: One of them is not known.
    """
    language, zone = form.get("language", ""), form.get("timezone", "")
    faults = []
    if language not in LANGUAGES:
        faults.append(FieldError("language", _("Choose one of these.")))
    if not is_timezone(zone):
        faults.append(FieldError("timezone", _("Choose a time zone from the list.")))
    if faults:
        raise InvalidInput(*faults)
    return language, zone


def texting_in(form: Mapping[str, str]) -> Texting:
    """Return a phone number in E.164 and what is wanted as a text message.

    Raises:
        InvalidInput: It is no such number, or messages are wanted without one.
    """
    phone = _BETWEEN.sub("", form.get("phone", ""))
    texts = frozenset(one for one in Texts if one in form)
    if phone and not PHONE.fullmatch(phone):
        raise InvalidInput(FieldError("phone", BAD_PHONE))
    if texts and not phone:
        raise InvalidInput(FieldError("phone", _("Text messages need a number.")))
    return Texting(phone, texts)
