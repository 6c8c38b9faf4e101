"""What is true of livestreams against what was told of them; a difference that settled is told.

A job of the clock. It looks at what was written lately and at what is settling, and writes each
revision by compare-and-set: any number of clocks make one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.clock import as_utc
from core.database import insert_into
from media.models import Broadcast
from scheduler.models.notices import Bulletin
from scheduler.notices import announcing, crew, followers, replays
from scheduler.notices.facts import (
    VIEWER_KINDS,
    Facts,
    Standing,
    facts_of,
    is_news,
    is_news_for_host,
    read_facts,
)
from scheduler.notices.mailings import make_mailing
from scheduler.notices.news import told_otherwise
from scheduler.notices.settling import is_settled

log = structlog.get_logger("mindcast.notices")

MARGIN: Final = timedelta(minutes=10)
"""A transaction may commit so long after the moment that it wrote into its rows."""
WAITED_FOR: Final = (L.SCHEDULED, L.LIVE)
CALLED_OFF: Final = (L.CANCELLED, L.MISSED)
AWAY: Final = timedelta(days=7)
"""So long all clocks may have been away and still tell what was called off meanwhile."""


class Row(NamedTuple):
    """A livestream and its bulletin; without one the last fields are None."""

    id: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    state: str
    host_id: str
    host_wanted_at: datetime | None
    announced_at: datetime | None
    updated_at: datetime
    broadcast_state: str
    end_requested_at: datetime | None
    revision: int | None
    facts: dict[str, Any] | None
    seen: dict[str, Any] | None
    looked_at: datetime | None
    pending_since: datetime | None
    changed_at: datetime | None


def look(session: Session, now: datetime) -> None:
    """Look at livestreams that were written lately, and at changes that are settling."""
    newest = session.scalar(select(func.max(Bulletin.looked_at)))
    # A clock that ran ahead once must not hide what is written until then.
    since = None if newest is None else min(as_utc(newest), now) - MARGIN
    lately = () if since is None else (Livestream.updated_at >= since,)
    _look_at_all(session, [*_read(session, _news(now), *lately), *_read(session, _pending())], now)


def look_at_everything(session: Session, now: datetime) -> None:
    """Look at every livestream: also at one that came in with the date of an earlier day."""
    _look_at_all(session, _read(session, _news(now)), now)


def _look_at_all(session: Session, rows: Iterable[Row], now: datetime) -> None:
    """Look at each; one that cannot be told does not stop the others."""
    announced = []
    for row in sorted({row.id: row for row in rows}.values(), key=_by_start):
        try:
            with session.begin_nested():
                if _look_at(session, row, now):
                    announced.append(row)
        except Exception:  # whatever it is, the next tick tries this one again
            log.exception("livestream not looked at", livestream=row.id)
    announcing.tell_hosts(session, announced, now=now)


def _by_start(row: Row) -> tuple[datetime, str]:
    """Sort here: asked to, SQLite would read every livestream by its start, every few seconds."""
    return row.starts_at, row.id


def _look_at(session: Session, row: Row, now: datetime) -> bool:
    """Note what is new of one livestream; return whether it is its first announcement."""
    if row.facts is None or row.seen is None:
        return _begin(session, row, now)
    told, true = read_facts(row.facts), facts_of(row)
    replays.tell(session, row, now=now)
    if is_news(told, true) or is_news_for_host(told, true):
        _settle(session, row, told, true, now)
    else:  # what went back to what was told is told to nobody
        _write(session, row, facts=_kept(true, row), pending_since=None, changed_at=None)
    return False


def _begin(session: Session, row: Row, now: datetime) -> bool:
    """Make the bulletin of a livestream that people can wait for from now on.

    What somebody was told before any clock looked stands in it, and is settling if it is not true.
    """
    true, since = facts_of(row), (row.announced_at or now).isoformat()
    told = told_otherwise(session, row.id, true)
    changed_at = None if told is None else min(row.updated_at, now)
    made = insert_into(session, Bulletin).values(
        livestream_id=row.id,
        revision=1,
        facts={**(told or true).as_json(), "since": since},
        seen={**true.as_json(), "since": since if changed_at is None else changed_at.isoformat()},
        looked_at=row.updated_at,
        pending_since=changed_at,
        changed_at=changed_at,
    )
    first = made.on_conflict_do_nothing().returning(Bulletin.livestream_id)
    is_first = session.scalar(first) is not None and true.standing is Standing.COMING
    if is_first:
        followers.tell_coming(session, row.id, row.starts_at, now)
    return is_first


def _settle(session: Session, row: Row, told: Facts, true: Facts, now: datetime) -> None:
    changed_at, since = row.changed_at, row.pending_since
    if changed_at is None or since is None or read_facts(row.seen or {}) != true:
        changed_at = min(row.updated_at, now)
        since = since or changed_at
    nearest = min(told.start, true.start)
    if is_settled(since=since, changed_at=changed_at, nearest=nearest, now=now):
        _tell(session, row, told, true, since, now)
    else:
        _write(session, row, pending_since=since, changed_at=changed_at)


def _tell(
    session: Session, row: Row, told: Facts, true: Facts, since: datetime, now: datetime
) -> None:
    """Make the next revision, unless another clock has just made it."""
    revision = (row.revision or 0) + 1
    told_now = {"revision": revision, "facts": _kept(true, row)}
    if not _write(session, row, **told_now, pending_since=None, changed_at=None):
        return
    if is_news(told, true):
        facts = {"was": told.as_json()}
        kind = VIEWER_KINDS[true.standing]
        make_mailing(session, row.id, kind, revision=revision, facts=facts, due_at=now, now=now)
    crew.tell_change(
        session,
        crew.Change(row.id, revision, told, true, since, row.end_requested_at or row.updated_at),
        now=now,
    )


def _write(session: Session, row: Row, **values: Any) -> bool:  # noqa: ANN401 -- columns
    """Write a bulletin if no other clock did since it was read; nothing new is not written."""
    whole = {**values, "seen": _kept(facts_of(row), row), "looked_at": row.updated_at}
    if all(getattr(row, name) == value for name, value in whole.items()):
        return True
    written = session.execute(
        update(Bulletin)
        .where(Bulletin.livestream_id == row.id, Bulletin.revision == row.revision)
        .where(Bulletin.looked_at == row.looked_at)
        .values(**whole)
        .returning(Bulletin.livestream_id)
        .execution_options(synchronize_session=False)
    )
    return written.scalar_one_or_none() is not None


def _kept(true: Facts, row: Row) -> dict[str, Any]:
    """Return what a bulletin keeps: the facts, and since when this start is known."""
    for known in (row.facts, row.seen):  # a start that went back was known all the time
        if known is not None and _is_known(read_facts(known), true):
            return {**true.as_json(), "since": known["since"]}
    return {**true.as_json(), "since": row.updated_at.isoformat()}


def _is_known(known: Facts, true: Facts) -> bool:
    """Tell whether a start stays the one that people wait for."""
    return known.start == true.start and (
        known.standing is Standing.COMING or true.standing is not Standing.COMING
    )


def _news(now: datetime) -> ColumnElement[bool]:
    """Return the condition of livestreams that were written since they were looked at."""
    return or_(
        and_(Bulletin.livestream_id.is_not(None), Bulletin.looked_at != Livestream.updated_at),
        and_(
            Bulletin.livestream_id.is_(None),
            Livestream.announced_at.is_not(None),
            or_(
                Livestream.state.in_(WAITED_FOR),
                and_(Livestream.state.in_(CALLED_OFF), Livestream.updated_at >= now - AWAY),
            ),
        ),
    )


def _pending() -> ColumnElement[bool]:
    return Bulletin.changed_at.is_not(None)


def _read(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Row]:
    rows = session.connection().execute(_ROWS.where(*conditions)).all()
    return [Row._make(row) for row in rows]


_ROWS: Final = (
    select(
        Livestream.id,
        Livestream.starts_at,
        Livestream.ends_at,
        Livestream.timezone,
        Livestream.state,
        Livestream.host_id,
        Livestream.host_wanted_at,
        Livestream.announced_at,
        Livestream.updated_at,
        Broadcast.state.label("broadcast_state"),
        Broadcast.end_requested_at,
        Bulletin.revision,
        Bulletin.facts,
        Bulletin.seen,
        Bulletin.looked_at,
        Bulletin.pending_since,
        Bulletin.changed_at,
    )
    .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
    .outerjoin(Bulletin, Bulletin.livestream_id == Livestream.id)
)
