"""Who is written to about a question that cannot wait, and how soon a page knows of it. Pure."""

from datetime import timedelta
from typing import Final

from streams.moderation.enums import Hurry

PROMISED: Final = timedelta(seconds=10)
"""From the moment it was asked until a moderator is alerted."""
LOOKS_EVERY: Final = timedelta(seconds=2)
"""How often a page of the desk or the studio asks what is new, in a window that is hidden too;
the pages are given it."""
PATIENCE: Final = timedelta(seconds=4)
"""How long a page waits for an answer before it asks again."""
BEATS_EVERY: Final = timedelta(seconds=20)
"""How often a page of the desk says that somebody is there."""
UNREAD_FOR: Final = timedelta(seconds=60)
"""Somebody is there and has not opened it: from then on those on duty are written to as well."""
UNREAD_BY_CREW: Final = timedelta(minutes=5)
"""Nobody has opened it since those on duty were written to: then the staff is, too."""


def hurry(
    *,
    age: timedelta,
    is_looked_after: bool,
    somebody_here: bool,
    anybody_on_duty: bool,
    told: timedelta | None,
) -> Hurry:
    """Return who is to be written to about an undecided question of high risk.

    Args:
        age: Since it was asked.
        is_looked_after: Whether a moderator opened it lately.
        somebody_here: Whether a moderator is present, whose page says so within seconds.
        anybody_on_duty: Whether there is somebody to write to but the staff.
        told: Since those on duty were written to; None when they were not.
    """
    if is_looked_after or (somebody_here and age < UNREAD_FOR):
        return Hurry.NOBODY
    if not anybody_on_duty or (told is not None and told >= UNREAD_BY_CREW):
        return Hurry.STAFF
    return Hurry.CREW if told is None else Hurry.NOBODY
