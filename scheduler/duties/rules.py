"""How many moderators a livestream needs, who can be one of them, and in which order. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from catalog.enums import LivestreamState as L
from catalog.enums import RiskLevel
from core.errors import FieldError, _
from core.words import LANGUAGES, Words
from scheduler.enums import DutyState as D
from scheduler.spans import Span

NEEDED: Final = {RiskLevel.ORDINARY: 1, RiskLevel.RAISED: 2}
"""Moderators per livestream by the risk of its topics (trust.md, 4)."""
STAFFED: Final = frozenset({L.PROPOSED, L.SCHEDULED, L.LIVE})
"""States of a livestream in which moderators are assigned, replaced and released."""
STANDING: Final = frozenset({D.ASSIGNED, D.ACCEPTED})
SOURCES: Final[Mapping[D, frozenset[D]]] = {
    D.ACCEPTED: frozenset({D.ASSIGNED}),
    D.DECLINED: STANDING,
    D.RELEASED: STANDING,
}
"""From which states a duty comes into another one."""
MOST_NAMED: Final = 3
"""So many free moderators are named when one is taken."""
RECENT: Final = timedelta(days=28)
"""Fair rotation counts the duties of so long before and after a livestream."""
LONGEST_REASON: Final = 200
LONGEST_NAME: Final = 80
LONGEST_NOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """A moderator who might take a livestream, and what speaks against it."""

    id: str
    name: str
    recent: int
    """Duties within :data:`RECENT` before and after."""
    last_at: datetime | None
    """The start of the latest of them."""
    against: str = ""
    """``busy``, ``hours``, ``host`` or ``assigned``; empty: can be chosen."""
    gave_hours: bool = False

    @property
    def is_free(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.against


@dataclass(frozen=True, slots=True, order=True)
class FreeModerator(Span):
    """Somebody else who is free at that time, as an answer to "taken"."""

    moderator: str
    name: str


def needed_for(risks: Iterable[str]) -> int:
    """Return how many moderators a livestream needs on topics of these risks."""
    return max((NEEDED[RiskLevel(risk)] for risk in risks), default=NEEDED[RiskLevel.ORDINARY])


def in_turn(candidates: Collection[Candidate]) -> list[Candidate]:
    """Return who can be chosen first, among them who had the fewest duties lately."""
    return sorted(candidates, key=_turn)


def _turn(one: Candidate) -> tuple[bool, int, float, str]:
    last = one.last_at.timestamp() if one.last_at else 0.0
    return (not one.is_free, one.recent, last, one.name)


def reason_faults(reason: str) -> list[FieldError]:
    """Return what is wrong with the reason of a moderator who cannot come."""
    if not reason:
        return [FieldError("reason", _("Say in a few words why, so that the editors can plan."))]
    if len(reason) > LONGEST_REASON or "\x00" in reason:
        return [FieldError("reason", _("At most %(longest)s characters."), {"longest": 200})]
    return []


def room_faults(names: Words, note: str) -> list[FieldError]:
    """Return what is wrong with the names and the note of a room."""
    faults = []
    if not any(names.values()):
        faults.append(FieldError("name", _("Give the room a name in at least one language.")))
    if any(len(name) > LONGEST_NAME or "\x00" in name for name in names.values()):
        longest = {"longest": LONGEST_NAME}
        faults.append(FieldError("name", _("At most %(longest)s characters."), longest))
    if not set(names) <= set(LANGUAGES):
        known = {"known": ", ".join(LANGUAGES)}
        faults.append(FieldError("name", _("Use the languages %(known)s."), known))
    if len(note) > LONGEST_NOTE or "\x00" in note:
        longest = {"longest": LONGEST_NOTE}
        faults.append(FieldError("note", _("At most %(longest)s characters."), longest))
    return faults
