"""What may become of a question, and what a text must be. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from core.errors import FieldError, InvalidInput, _
from core.words import CHINESE, ENGLISH, without_controls
from streams.questions.enums import QuestionState as S
from streams.questions.enums import RiskTier

LONGEST: Final = 500
LONGEST_REPLY: Final = 2000
REJECTED_KEPT: Final = timedelta(days=30)
"""After its refusal, or after the end, what was never shown."""
EMPTY: Final = _("Please write your question first.")
TOO_LONG: Final = _("Please use at most %(most)s characters.")
EMPTY_REPLY: Final = _("Please write a reply first.")

SHOWN: Final = frozenset({S.APPROVED, S.ON_AIR, S.ANSWERED})
"""What everybody may read."""
UNREAD: Final = frozenset({S.WAITING, S.HELD})
"""Nothing has been decided: its asker may still change the words."""
NEVER_AT_RISK: Final = SHOWN | {S.MERGED}
"""Where words of tier ``high`` never go; the database says so as well."""

NEXT: Final[Mapping[S, frozenset[S]]] = {
    S.WAITING: frozenset({S.HELD, S.APPROVED, S.REFUSED, S.MERGED, S.PRIVATE, S.ANSWERED}),
    S.HELD: frozenset({S.WAITING, S.APPROVED, S.REFUSED, S.MERGED, S.PRIVATE, S.ANSWERED}),
    S.APPROVED: frozenset({S.ON_AIR, S.ANSWERED, S.HELD, S.REFUSED, S.MERGED}),
    S.ON_AIR: frozenset({S.APPROVED, S.ANSWERED, S.HELD, S.REFUSED}),
    S.ANSWERED: frozenset({S.APPROVED, S.ON_AIR, S.HELD, S.REFUSED}),
    S.REFUSED: frozenset({S.HELD, S.APPROVED, S.PRIVATE}),
    S.PRIVATE: frozenset({S.PRIVATE}),
    S.MERGED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
"""What the crew may make of a question. What is shown can be taken from view again."""
BY_REPLY: Final = frozenset({S.PRIVATE})
"""Only a reply brings a question there, or there would be nothing to read."""

_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r"\n{3,}")


def may_move(old: str, new: str, *, tier: str) -> bool:
    """Tell whether a question may go from one state to another."""
    if tier == RiskTier.HIGH and new in NEVER_AT_RISK:
        return False
    return new in NEXT[S(old)]


def check_text(text: str) -> str:
    """Return a question as it is kept.

    Raises:
        InvalidInput: Nothing is said, or more than :data:`LONGEST` characters.
    """
    return _checked("text", text, most=LONGEST, empty=EMPTY)


def check_reply(text: str) -> str:
    """Return a reply as it is kept; raises as :func:`check_text`."""
    return _checked("reply", text, most=LONGEST_REPLY, empty=EMPTY_REPLY)


def language_of(text: str, page: str) -> str:
    """Return the language of a text: Chinese where it has Chinese characters, else as the page.

    On a Chinese page a text without any is in English.
    """
    if _CHINESE.search(text):
        return CHINESE
    return ENGLISH if page == CHINESE else page


def _checked(field: str, text: str, *, most: int, empty: str) -> str:
    lines = without_controls(unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    kept = _LINES.sub("\n\n", _SPACES.sub(" ", lines)).strip()
    if not kept:
        raise InvalidInput(FieldError(field, empty))
    if len(kept) > most:
        raise InvalidInput(FieldError(field, TOO_LONG, {"most": most}))
    return kept
