"""What may be told of a number of people. Pure.

Everything that is shown of an audience goes through :func:`told`: on the page of a livestream, in
the API, in the report of its host.
"""

from collections.abc import Iterable
from typing import Final, Literal

from catalog.enums import RiskLevel

LEAST: Final = 10
LEAST_AT_RISK: Final = 20
STEP: Final = 5
FEW: Final = "few"
Few = Literal["few"]


def least_of(risks: Iterable[str]) -> int:
    """Return the smallest group that is counted out, for topics of these risks."""
    return LEAST_AT_RISK if RiskLevel.RAISED in set(risks) else LEAST


def told(people: int, least: int) -> int | None:
    """Return a number of people as it may be told: None below ``least``, otherwise rounded.

    To five below a hundred, to two digits above: one person more or less is rarely seen at all, and
    where it is, it could be any of five.
    """
    return None if people < least else max(least, rounded(people))


def rounded(people: int) -> int:
    """Return the nearest multiple of five, or of what leaves two digits."""
    step = STEP if people < 100 else 10 ** (len(str(people)) - 2)  # noqa: PLR2004 -- two digits end there
    return (people + step // 2) // step * step


def told_or_few(people: int | None, least: int) -> int | Few | None:
    """Return what the audience state says: a number, ``few``, or None when nothing is known."""
    if people is None:
        return None
    number = told(people, least)
    return FEW if number is None else number
