"""Writes of recurrences; they flush and never commit."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.ids import new_id
from scheduler.models import Occurrence, Recurrence
from scheduler.recurrences.queries import Member
from scheduler.recurrences.rules import Terms


def record_recurrence(
    session: Session,
    *,
    series_id: str,
    terms: Terms,
    by: str | None,
    now: datetime,
) -> Recurrence:
    """Write down a rule; its livestreams are named by :func:`record_occurrences`."""
    recurrence = Recurrence(
        id=new_id(),
        series_id=series_id,
        created_by=by,
        created_at=now,
        updated_at=now,
        **_columns(terms),
    )
    session.add(recurrence)
    session.flush()
    return recurrence


def record_occurrences(
    session: Session,
    *,
    recurrence_id: str,
    originals: Mapping[str, datetime],
    changed: Collection[str] = (),
) -> None:
    """Name the livestreams of a rule, by id, with the wall times that it meant for them."""
    session.add_all(
        Occurrence(
            livestream_id=livestream_id,
            recurrence_id=recurrence_id,
            original_local_start=original.isoformat(timespec="seconds"),
            is_changed=livestream_id in changed,
        )
        for livestream_id, original in originals.items()
    )
    session.flush()


def mark_changed(session: Session, *, livestream_ids: Collection[str], is_changed: bool) -> None:
    """Note which livestreams were edited by themselves, or are like the others again."""
    session.execute(
        update(Occurrence)
        .where(Occurrence.livestream_id.in_(livestream_ids))
        .values(is_changed=is_changed)
    )


def change_terms(session: Session, *, recurrence: Recurrence, terms: Terms, now: datetime) -> None:
    """Write what a recurrence means from now on."""
    for name, value in _columns(terms).items():
        setattr(recurrence, name, value)
    recurrence.updated_at = now
    session.flush()


def split(
    session: Session,
    *,
    recurrence: Recurrence,
    terms: Terms,
    following: Sequence[Member],
    by: str | None,
    now: datetime,
) -> Recurrence:
    """Let ``following`` go on under terms of their own; the old rule ends before them."""
    fresh = record_recurrence(session, series_id=recurrence.series_id, terms=terms, by=by, now=now)
    session.execute(
        update(Occurrence)
        .where(Occurrence.livestream_id.in_([one.livestream.id for one in following]))
        .values(recurrence_id=fresh.id)
    )
    shorten(session, recurrence=recurrence, times=recurrence.times - len(following), now=now)
    return fresh


def shorten(session: Session, *, recurrence: Recurrence, times: int, now: datetime) -> None:
    """Let a rule end after so many times, at least one."""
    recurrence.times, recurrence.updated_at = max(1, times), now
    session.flush()


def _columns(terms: Terms) -> dict[str, Any]:
    rule = terms.rule
    return {
        "host_id": terms.host_id,
        "minutes": terms.minutes,
        "frequency": rule.frequency.value,
        "every": rule.every,
        "weekday": rule.weekday,
        "nth": rule.nth,
        "local_time": f"{rule.clock:%H:%M}",
        "timezone": rule.timezone,
        "starts_on": rule.starts_on,
        "times": rule.times,
    }
