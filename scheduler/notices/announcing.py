"""Hosts learn what is in the programme for them; several dates of one rule are one message."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_user
from scheduler.models import Occurrence

FRESH: Final = timedelta(days=1)
"""What was announced longer ago its host knows: an installation that is renewed tells nothing."""


class Announced(Protocol):
    """What was announced for the first time."""

    @property
    def id(self) -> str: ...  # noqa: D102 -- as the column
    @property
    def host_id(self) -> str: ...  # noqa: D102 -- as above
    @property
    def host_wanted_at(self) -> datetime | None: ...  # noqa: D102 -- as above
    @property
    def announced_at(self) -> datetime | None: ...  # noqa: D102 -- as above


def tell_hosts(session: Session, announced: Iterable[Announced], *, now: datetime) -> None:
    """Write down what hosts are told of what was announced since the last look."""
    fresh = [one for one in announced if _is_news(one, now)]
    rules = _rules_of(session, [one.id for one in fresh])

    def together(one: Announced) -> tuple[str, str]:
        return one.host_id, rules.get(one.id, one.id)

    for (host_id, rule), ones in groupby(sorted(fresh, key=together), key=together):
        posting = _posting(rule, [one.id for one in ones], now)
        post_to_user(session, posting, user_id=host_id, now=now)


def _is_news(one: Announced, now: datetime) -> bool:
    at = one.announced_at
    return one.host_wanted_at is None and at is not None and now - at < FRESH


def _posting(rule: str, livestreams: Sequence[str], now: datetime) -> Posting:
    if len(livestreams) == 1:
        return Posting("host_scheduled", livestreams[0])
    facts = {"livestreams": list(livestreams)}
    # Further dates of the same rule, later, are a message of their own.
    return Posting("host_series_scheduled", rule, int(now.timestamp()), facts=facts)


def _rules_of(session: Session, livestreams: Sequence[str]) -> dict[str, str]:
    """Return the recurrence of each livestream that has one."""
    if not livestreams:
        return {}
    rows = session.execute(
        select(Occurrence.livestream_id, Occurrence.recurrence_id).where(
            Occurrence.livestream_id.in_(livestreams)
        )
    )
    return {row.livestream_id: row.recurrence_id for row in rows}
