"""What somebody without an account types to be reminded. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.errors import BadEmail
from accounts.rules import normal_email
from core.errors import FieldError, InvalidInput, _
from core.walltime import is_timezone

BAD_ZONE = _("Choose a time zone from the list.")
NO_ADDRESS = _("Write the address that we should write to, for example mei@example.org.")


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody is reminded, and in which zone times are written."""

    email: str
    timezone: str


def contact_in(form: Mapping[str, str]) -> Contact:
    """Read the fields of the page.

    Raises:
        InvalidInput: The address or the zone is none.
    """
    email, timezone = form.get("email", "").strip(), form.get("timezone", "").strip()
    faults = []
    try:
        normal_email(email)
    except BadEmail as error:
        faults.append(FieldError("email", error.message if email else NO_ADDRESS))
    if not is_timezone(timezone):
        faults.append(FieldError("timezone", BAD_ZONE))
    if faults:
        raise InvalidInput(*faults)
    return Contact(email, timezone)
