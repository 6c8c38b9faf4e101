"""What the desk offers for a question, and in which order questions stand. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from streams.moderation.enums import Act, Pile
from streams.questions.enums import QuestionState as Q
from streams.questions.enums import RiskTier

TAKEN_FOR: Final = timedelta(seconds=60)
"""Whoever opens a question has it for so long; a page that stays open says so again and again."""

PILES: Final[Mapping[Pile, tuple[Q, ...]]] = MappingProxyType(
    {
        Pile.WAITING: (Q.WAITING,),
        Pile.HELD: (Q.HELD,),
        Pile.APPROVED: (Q.APPROVED, Q.ON_AIR),
        Pile.ANSWERED: (Q.ANSWERED, Q.PRIVATE),
        Pile.REFUSED: (Q.REFUSED, Q.MERGED),
    }
)
"""What its asker took back lies on no pile: nobody reads it any more."""

_UNREAD: Final = (Act.APPROVE, Act.NEXT, Act.MERGE, Act.PRIVATE, Act.PUBLIC)
_OFFERED: Final[Mapping[Q, tuple[Act, ...]]] = MappingProxyType(
    {
        Q.WAITING: (*_UNREAD, Act.HOLD, Act.REFUSE),
        Q.HELD: (*_UNREAD, Act.REFUSE),
        Q.APPROVED: (Act.NEXT, Act.PUBLIC, Act.MERGE, Act.HOLD, Act.REFUSE, Act.ANSWERED),
        Q.ON_AIR: (Act.ANSWERED, Act.PUBLIC, Act.BACK),
        Q.ANSWERED: (Act.PUBLIC,),
    }
)
_OFFERED_HIGH: Final = (Act.PRIVATE, Act.HELP)
_FOR_HOST: Final[Mapping[Q, tuple[Act, ...]]] = MappingProxyType(
    {Q.APPROVED: (Act.ON_AIR, Act.ANSWERED), Q.ON_AIR: (Act.ANSWERED, Act.BACK)}
)
_RANK: Final[Mapping[str, int]] = MappingProxyType(
    {RiskTier.HIGH: 0, RiskTier.MEDIUM: 1, RiskTier.LOW: 2}
)


def pile_of(state: str) -> Pile | None:
    """Return the pile a question lies on in this state."""
    return next((pile for pile, states in PILES.items() if state in states), None)


def offered(state: str, tier: str) -> tuple[Act, ...]:
    """Return what a moderator may do to a question; of high risk nothing that shows it."""
    if tier == RiskTier.HIGH:
        return _OFFERED_HIGH if state in {Q.WAITING, Q.HELD} else ()
    return _OFFERED.get(Q(state), ())


def offered_to_host(state: str, tier: str) -> tuple[Act, ...]:
    """Return what the host may do to a question that everybody can read."""
    return () if tier == RiskTier.HIGH else _FOR_HOST.get(Q(state), ())


def is_open_case(state: str) -> bool:
    """Tell whether a moderator has still to decide."""
    return state in {Q.WAITING, Q.HELD}


def place(tier: str, asked_at: datetime) -> tuple[int, datetime]:
    """Return where a question stands in the queue: the most urgent first, then the oldest."""
    return _RANK[tier], asked_at


def is_taken(reader_id: str | None, read_until: datetime | None, *, by: str, now: datetime) -> bool:
    """Tell whether somebody other than ``by`` has a question open."""
    return reader_id not in {None, by} and read_until is not None and now < read_until
