"""What can be chosen about notices, by whom, and what a choice leaves. Pure.

A choice is only offered where it can be kept: what is read a day late is no reminder, so summaries
once a day are for what bears waiting.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from accounts.enums import Role
from accounts.notices.enums import Category, Pace
from accounts.notices.kinds import KINDS

SUMMARY: Final = Category.ACCOUNT
"""Under this name people choose about the summary of what was held back."""
VIEWERS: Final = (Category.REMINDERS, Category.CHANGES, Category.REPLAYS, Category.FOLLOWS)
_BY_ROLE: Final[Mapping[Category, frozenset[Role]]] = {
    Category.HOSTING: frozenset({Role.HOST}),
    Category.MODERATING: frozenset({Role.MODERATOR}),
    Category.STAFF: frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
}
_BEAR_WAITING: Final = frozenset({Category.REPLAYS, Category.STAFF})


@dataclass(frozen=True, slots=True)
class Offered:
    """A category as a form offers it."""

    category: Category
    paces: tuple[Pace, ...]
    chosen: Pace
    must_know: bool
    """Some notices of the category come whatever is chosen."""


def categories_for(roles: Iterable[Role] = ()) -> tuple[Category, ...]:
    """Return what concerns somebody; a category without any kind of notice concerns nobody."""
    held = frozenset(roles)
    duties = [category for category, by in _BY_ROLE.items() if held & by]
    used = {kind.category for kind in KINDS.values()}
    return tuple(category for category in (*VIEWERS, *duties, SUMMARY) if category in used)


def paces_of(category: Category) -> tuple[Pace, ...]:
    """Return the paces that can be chosen for a category, the usual one first."""
    if category is SUMMARY:
        return (Pace.DAILY, Pace.OFF)
    if category is Category.FOLLOWS:  # nobody asked for mails by following
        return (Pace.OFF, Pace.AT_ONCE, Pace.DAILY)
    return tuple(Pace) if category in _BEAR_WAITING else (Pace.AT_ONCE, Pace.OFF)


def pace_in(choices: Mapping[str, str], category: Category) -> Pace:
    """Return what was chosen for a category, or what is usual."""
    chosen = choices.get(category)
    usual, *others = paces_of(category)
    return Pace(chosen) if chosen in others else usual


def offered(choices: Mapping[str, str], categories: Iterable[Category]) -> tuple[Offered, ...]:
    """Return the categories with what was chosen for each, for a form."""
    return tuple(
        Offered(one, paces_of(one), pace_in(choices, one), must_know(one)) for one in categories
    )


def must_know(category: Category) -> bool:
    """Tell whether some notices of a category come even when it is off."""
    kinds = [kind for kind in KINDS.values() if kind.category is category]
    return category is not SUMMARY and any(not kind.can_be_off for kind in kinds)


def consistent(choices: Mapping[str, str]) -> dict[str, str]:
    """Return choices that hold together: who wants something once a day wants the summary."""
    kept = dict(choices)
    daily = any(choices.get(one) == Pace.DAILY for one in Category if one is not SUMMARY)
    if daily and kept.get(SUMMARY) == Pace.OFF:
        del kept[SUMMARY]
    return kept


def without(choices: Mapping[str, str], category: Category) -> dict[str, str]:
    """Return choices with a category off; without the summary, nothing waits for it either."""
    kept = dict(choices)
    if category is SUMMARY:
        kept |= {str(one): str(Pace.OFF) for one in Category if choices.get(one) == Pace.DAILY}
    return kept | {str(category): str(Pace.OFF)}
