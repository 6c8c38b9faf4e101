"""What the desk offers for a question, and which stand in front. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from streams.moderation.enums import Act, Pile
from streams.questions.enums import QuestionState as Q
from streams.questions.enums import RiskTier
from streams.questions.rules import UNREAD

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

_OPEN: Final = (Act.APPROVE, Act.NEXT, Act.MERGE, Act.PRIVATE, Act.PUBLIC)
_OFFERED: Final[Mapping[Q, tuple[Act, ...]]] = MappingProxyType(
    {
        Q.WAITING: (*_OPEN, Act.HOLD, Act.REFUSE),
        Q.HELD: (*_OPEN, Act.REFUSE),
        Q.APPROVED: (Act.NEXT, Act.PUBLIC, Act.MERGE, Act.HOLD, Act.REFUSE, Act.ANSWERED),
        Q.ON_AIR: (Act.ANSWERED, Act.PUBLIC, Act.BACK),
        Q.ANSWERED: (Act.PUBLIC,),
    }
)
_OFFERED_HIGH: Final = (Act.PRIVATE, Act.HELP)
_FOR_HOST: Final[Mapping[Q, tuple[Act, ...]]] = MappingProxyType(
    {Q.APPROVED: (Act.ON_AIR, Act.ANSWERED), Q.ON_AIR: (Act.ANSWERED, Act.BACK)}
)
OF_HOST: Final = frozenset({Act.ON_AIR, Act.ANSWERED, Act.BACK})
"""What the host does: what is answered now, and done. Moderators may, in the host's place."""
_TO: Final[Mapping[Q, Act]] = MappingProxyType(
    {
        Q.HELD: Act.HOLD,
        Q.APPROVED: Act.APPROVE,
        Q.ON_AIR: Act.ON_AIR,
        Q.ANSWERED: Act.ANSWERED,
        Q.PRIVATE: Act.PRIVATE,
        Q.MERGED: Act.MERGE,
        Q.REFUSED: Act.REFUSE,
    }
)
RANK: Final[Mapping[str, int]] = MappingProxyType(
    {str(RiskTier.HIGH): 0, str(RiskTier.MEDIUM): 1, str(RiskTier.LOW): 2}
)
"""Where a tier stands in the queue."""


def offered(state: str, tier: str) -> tuple[Act, ...]:
    """Return what a moderator may do to a question; of high risk nothing that shows it."""
    if tier == RiskTier.HIGH:
        return _OFFERED_HIGH if state in UNREAD else ()
    return _OFFERED.get(Q(state), ())


def offered_to_host(state: str, tier: str) -> tuple[Act, ...]:
    """Return what the host may do to a question that everybody can read."""
    return () if tier == RiskTier.HIGH else _FOR_HOST.get(Q(state), ())


def act_for(to: str, *, state: str, tier: str, says: bool) -> Act | None:
    """Return the act of the desk by which a question gets from ``state`` to ``to``; None: none.

    Args:
        to: What a program wants it to become.
        state: What it is.
        tier: How urgent it sounds.
        says: Whether a reply comes with it.
    """
    if to == Q.APPROVED and state == Q.ON_AIR:
        return Act.BACK
    if to == Q.ANSWERED and says:
        return Act.PUBLIC
    if to == Q.PRIVATE and tier == RiskTier.HIGH and not says:
        return Act.HELP
    return _TO.get(Q(to))


def is_open_case(state: str) -> bool:
    """Tell whether a moderator has still to decide."""
    return state in UNREAD


def is_taken(reader_id: str | None, read_until: datetime | None, *, by: str, now: datetime) -> bool:
    """Tell whether somebody other than ``by`` has a question open."""
    return reader_id not in {None, by} and read_until is not None and now < read_until
