"""Writes of hours: always all of them at once, under a version that is compared and set.

An older form changes nothing and is told so. What was there before is kept once, so that the last
change can be undone. Services flush and never commit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.hours.errors import HoursChanged, NothingToUndo
from scheduler.hours.queries import hours_of
from scheduler.hours.rules.hours import Day, Hours, brought_back, kept, normal
from scheduler.hours.rules.intervals import Intervals
from scheduler.models import DatedHours, PersonTime, WeeklyHours


def save_week(
    session: Session, *, person_id: str, base: Hours, weekly: Sequence[Intervals], now: datetime
) -> Hours:
    """Write the hours of every week, one entry per weekday, with zone and buffers of ``base``.

    Raises as :func:`save`.
    """
    changed = replace(base, weekly=tuple(weekly))
    return save(session, person_id=person_id, hours=changed, now=now)


def save_days(
    session: Session,
    *,
    person_id: str,
    base: Hours,
    days: Iterable[date],
    differs: Day,
    now: datetime,
) -> Hours:
    """Write one or more days that differ from the week; raises as :func:`save`."""
    changed = replace(base, dated={**base.dated, **dict.fromkeys(days, differs)})
    return save(session, person_id=person_id, hours=changed, now=now)


def remove_days(
    session: Session, *, person_id: str, base: Hours, days: Iterable[date], now: datetime
) -> Hours:
    """Let days be as in every week again; raises as :func:`save`."""
    gone = frozenset(days)
    left = {day: differs for day, differs in base.dated.items() if day not in gone}
    return save(session, person_id=person_id, hours=replace(base, dated=left), now=now)


def save(session: Session, *, person_id: str, hours: Hours, now: datetime) -> Hours:
    """Write all hours of a person; return them as they are stored.

    Args:
        session: Of the transaction that is to hold the change.
        person_id: Whose.
        hours: What they shall be; ``version`` is that of the hours they were made from.
        now: When.

    Raises:
        InvalidInput: A field is faulty.
        HoursChanged: Somebody wrote in between; nothing was changed.
    """
    hours = normal(hours)
    before = hours_of(session, person_id=person_id, timezone=hours.timezone)
    if before.version != hours.version:
        raise HoursChanged
    written = replace(hours, version=before.version + 1)
    _set_time(session, person_id, written, before, now)
    _replace_rows(session, person_id, written)
    return written


def undo(session: Session, *, person_id: str, version: int, now: datetime) -> Hours:
    """Bring back the hours as they were before the last change, which can be undone in turn.

    Raises:
        NothingToUndo: Nothing was ever changed.
        HoursChanged: The change that was meant is not the last one any more.
    """
    row = session.execute(
        select(PersonTime.previous, PersonTime.version).where(PersonTime.person_id == person_id)
    ).one_or_none()
    if row is None or row.previous is None:
        raise NothingToUndo
    hours = brought_back(row.previous, version)
    return save(session, person_id=person_id, hours=hours, now=now)


def _set_time(session: Session, person_id: str, hours: Hours, before: Hours, now: datetime) -> None:
    values: dict[str, Any] = {
        "timezone": hours.timezone,
        "buffer_before": hours.buffers[0],
        "buffer_after": hours.buffers[1],
        "version": hours.version,
        "previous": kept(before),
        "updated_at": now,
    }
    if before.version == 0:
        _insert_time(session, person_id, values)
        return
    changed = session.execute(
        update(PersonTime)
        .where(PersonTime.person_id == person_id, PersonTime.version == before.version)
        .values(**values)
        .returning(PersonTime.version)
        .execution_options(synchronize_session=False)
    )
    if changed.scalar_one_or_none() is None:
        raise HoursChanged


def _insert_time(session: Session, person_id: str, values: dict[str, Any]) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(PersonTime).values(person_id=person_id, **values))
    except IntegrityError:  # somebody else was first
        raise HoursChanged from None


def _replace_rows(session: Session, person_id: str, hours: Hours) -> None:
    for table in (WeeklyHours, DatedHours):
        session.execute(
            delete(table)
            .where(table.person_id == person_id)
            .execution_options(synchronize_session=False)
        )
    if weekly := list(_weekly_rows(person_id, hours)):
        session.connection().execute(insert(WeeklyHours), weekly)
    if dated := list(_dated_rows(person_id, hours)):
        session.connection().execute(insert(DatedHours), dated)


def _weekly_rows(person_id: str, hours: Hours) -> Iterable[dict[str, Any]]:
    for weekday, intervals in enumerate(hours.weekly):
        for one in intervals:
            yield {
                "person_id": person_id,
                "weekday": weekday,
                "start_minute": one.start,
                "end_minute": one.end,
            }


def _dated_rows(person_id: str, hours: Hours) -> Iterable[dict[str, Any]]:
    for day, differs in hours.dated.items():
        for start, end in [(one.start, one.end) for one in differs.intervals] or [(0, 0)]:
            yield {
                "person_id": person_id,
                "day": day,
                "start_minute": start,
                "end_minute": end,
                "note": differs.note,
            }
