"""What a follow is about, how many there may be, and what counts as one visit. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from catalog.follows.enums import Followed
from catalog.rules import is_id

MOST: Final = 100
"""By one person: a page shows them all."""
ACTS_AN_HOUR: Final = 240
VISIT: Final = timedelta(minutes=30)
"""Whoever comes back sooner is still on the same visit: what was new to her stays new."""
LONGEST: Final = 40
"""Characters of a slug."""
_FOLDERS: Final = {
    Followed.TOPIC: "topics",
    Followed.SERIES: "series",
    Followed.HOST: "hosts",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is followed; ``id`` is the slug of a topic."""

    kind: Followed
    id: str

    @property
    def key(self) -> str:
        """Return it as forms send it."""
        return f"{self.kind}:{self.id}"

    @property
    def path(self) -> str:
        """Return the path of its page, without a language."""
        return f"/{_FOLDERS[self.kind]}/{self.id}"


def subject_in(key: str) -> Subject | None:
    """Return what a form names, if such a thing could be there."""
    kind, _colon, name = key.partition(":")
    if kind not in set(Followed):
        return None
    is_name = 0 < len(name) <= LONGEST and name.isascii() and name.isprintable()
    if not is_name or (kind != Followed.TOPIC and not is_id(name)):
        return None  # a database refuses some texts with a fault
    return Subject(Followed(kind), name)


def seen_until(*, seen_at: datetime, visited_at: datetime, now: datetime) -> datetime:
    """Return until when somebody has seen what is new.

    ``visited_at`` is when her last visit began, ``seen_at`` when the one before it did: a page that
    is loaded twice says twice what is new.
    """
    return visited_at if is_new_visit(visited_at=visited_at, now=now) else seen_at


def is_new_visit(*, visited_at: datetime, now: datetime) -> bool:
    """Tell whether a visit that began then is over."""
    return visited_at <= now - VISIT
