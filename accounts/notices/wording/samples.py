"""Values to look at a notice with: what previews, pictures and tests show."""

from accounts.notices.ports import Due, Person, Say


def sample_person(language: str, **changes: object) -> Person:
    """Return somebody who could be told something."""
    raise NotImplementedError


def sample_say(kind: str, language: str) -> Say:
    """Return what a source could answer for a kind."""
    raise NotImplementedError


def sample_due(kind: str, language: str, *, registered: bool | None = None) -> Due:
    """Return a row of the ledger of a kind."""
    raise NotImplementedError
