"""From what the browser sent of a step to answers; nothing typed is dropped on the way."""

from dataclasses import dataclass
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from accounts.errors import BadEmail, WeakPassword
from accounts.rules import normal_email, normal_password
from catalog.credentials.enums import ApplicationStep
from catalog.credentials.rules.application import FIELDS, LISTS, NUMBER_LENGTHS, kept
from core.errors import FieldError, Refusal

Typed = MultiDict[str, str]
ONE_FIELD: Final = "only"
"""The part of a form that a script saves by itself; empty: the whole form was sent."""
LONGEST_NUMBER: Final = 2 * NUMBER_LENGTHS.stop


@dataclass(frozen=True, slots=True)
class StepForm:
    """What was sent of a step."""

    answers: dict[str, Any]
    number: str


def read_step(step: ApplicationStep, form: Typed) -> StepForm:
    """Return the fields of a step; a box that is not sent is not ticked.

    A script that saves one field names it, and the others are left alone.
    """
    only = form.get(ONE_FIELD, "")
    names = [name for name in FIELDS[step] if only in {"", name}]
    has_number = step is ApplicationStep.LICENCE and only in {"", "number"}
    number = form.get("number", "") if has_number else ""
    return StepForm({name: _value(form, name) for name in names}, number[:LONGEST_NUMBER])


def account_faults(email: str, password: str) -> tuple[FieldError, ...]:
    """Return what is wrong with an address and a password before anybody is looked up."""
    faults = []
    for name, check, value in (
        ("email", normal_email, email),
        ("password", normal_password, password),
    ):
        try:
            check(value)
        except (BadEmail, WeakPassword) as refusal:
            faults.append(_beside(name, refusal))
    return tuple(faults)


def _beside(name: str, refusal: Refusal) -> FieldError:
    return FieldError(name, refusal.message, refusal.params)


def _value(form: Typed, name: str) -> str | list[str]:
    if name in LISTS:
        return [kept(one) for one in form.getlist(name)]
    return kept(form.get(name, ""))


def read_teaching(form: Typed) -> dict[str, Any]:
    """Return what a host changes on the page of the licence."""
    names = ("topics", "languages", "interests", "interests_en", "interests_zh")
    return {name: _value(form, name) for name in names}
