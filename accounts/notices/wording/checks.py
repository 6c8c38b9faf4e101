"""What may not be sent as a wording: unknown variables, conditions in subjects. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from accounts.notices.kinds import IN_SUBJECTS, KINDS, Kind
from accounts.notices.wording.conditions import condition_in
from accounts.notices.wording.filling import BadPatternError, names
from accounts.notices.wording.texts import default_of
from core.errors import FieldError, _

LONGEST: Final = {"subject": 120, "body": 4000, "action": 40}
"""Characters of each field, before its variables are filled."""
NEEDED: Final = frozenset({"changes", "items", "dates", "reason"})
"""What a mail was sent for: a wording of its kind may not leave it out."""
_LINES: Final = re.compile(r"\r\n|\n")


def check(
    kind: str,
    language: str,
    *,
    subject: str,
    body: str,
    action: str,
    conditions: Iterable[str] = (),
) -> list[FieldError]:
    """Return what is wrong with an edited wording, field by field; empty: it may be used.

    ``conditions`` are the names of topics, which no subject may have either. Raises ``KeyError``
    for a kind or a language that does not exist.
    """
    rules = KINDS[kind]
    has_button = bool(default_of(kind, language).action)
    return [
        *_subject(rules, subject, conditions),
        *_body(rules, body),
        *_action(action, has_button=has_button),
    ]


def _subject(rules: Kind, text: str, conditions: Iterable[str]) -> Iterator[FieldError]:
    yield from _line("subject", text, may_be_empty=False)
    yield from _variables("subject", text, rules.variables & IN_SUBJECTS, rules.variables)
    found = condition_in(text, conditions)
    if found:
        yield FieldError(
            "subject",
            _("A subject is seen on locked screens and may not name a condition: “%(word)s”."),
            {"word": found},
        )


def _body(rules: Kind, text: str) -> Iterator[FieldError]:
    yield from _length("body", text, may_be_empty=False)
    if _has_controls(_LINES.sub("", text)):
        yield FieldError("body", _("There is a control character in it."))
    faults = list(_variables("body", text, rules.variables, rules.variables))
    yield from faults
    if faults:
        return
    for name in sorted((rules.variables & NEEDED) - names(text)):
        yield FieldError("body", _("Leave {%(name)s} in: the mail is about it."), {"name": name})


def _action(text: str, *, has_button: bool) -> Iterator[FieldError]:
    yield from _line("action", text, may_be_empty=not has_button)
    yield from _variables("action", text, frozenset(), frozenset())


def _line(field: str, text: str, *, may_be_empty: bool) -> Iterator[FieldError]:
    """Check a text that is one line; a line break in a subject would begin another header."""
    yield from _length(field, text, may_be_empty=may_be_empty)
    if _has_controls(text):
        yield FieldError(field, _("This has to be one line, without control characters."))


def _length(field: str, text: str, *, may_be_empty: bool) -> Iterator[FieldError]:
    if not text.strip() and not may_be_empty:
        yield FieldError(field, _("Write something here."))
    if len(text) > LONGEST[field]:
        yield FieldError(field, _("Use at most %(most)s characters."), {"most": LONGEST[field]})


def _has_controls(text: str) -> bool:
    """Tell whether a text has line breaks, control or direction characters, or half characters."""
    return any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in _TURNING for c in text)


_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _variables(
    field: str, text: str, allowed: frozenset[str], known: frozenset[str]
) -> Iterator[FieldError]:
    try:
        named = names(text)
    except BadPatternError as bad:
        yield FieldError(
            field,
            _("“%(found)s” is no variable. Write {{ or }} for a brace itself."),
            {"found": bad.found},
        )
        return
    for name in sorted(named - allowed):
        yield FieldError(field, _outside(name in known), {"name": name})


def _outside(is_known: bool) -> str:  # noqa: FBT001 -- the one thing it decides by
    if is_known:
        return _("{%(name)s} may stand in the text of the mail, not here.")
    return _("There is no {%(name)s} in this mail.")
