"""From the fields of a form to what is to be followed. Pure."""

from collections.abc import Iterable

from accounts.notices.enums import Category, Pace
from accounts.notices.paces import paces_of
from catalog.follows.rules import MOST, Subject, subject_in
from core.errors import FieldError, InvalidInput, _

NOTHING = _("Say what to follow: a topic, a series or a host.")
BAD_PACE = _("Choose one of these.")


def subjects_in(keys: Iterable[str]) -> tuple[Subject, ...]:
    """Read the fields ``what``, one or more.

    Raises:
        InvalidInput: There is none, there are too many, or one names nothing.
    """
    found = [subject_in(key) for key in keys]
    subjects = tuple(one for one in found if one is not None)
    if not subjects or len(subjects) < len(found) or len(subjects) > MOST:
        raise InvalidInput(FieldError("what", NOTHING))
    return subjects


def pace_in_form(text: str) -> Pace:
    """Read how somebody wants to be told.

    Raises:
        InvalidInput: It is none of those that are offered.
    """
    if text not in paces_of(Category.FOLLOWS):
        raise InvalidInput(FieldError("pace", BAD_PACE))
    return Pace(text)
