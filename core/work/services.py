"""Asking for work, claiming it, and saying how it went.

Every change is compare-and-set on the lease: a worker that was thought dead can spoil nothing.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.work import rules
from core.work.enums import WorkState
from core.work.errors import LeaseLost, NoSuchWork, NotCancellable, NotRetryable
from core.work.models import Work
from core.work.queries import due_work, find_work


def enqueue(
    session: Session,
    *,
    kind: str,
    subject: str,
    now: datetime,
    revision: int = 1,
    payload: Mapping[str, Any] | None = None,
    max_attempts: int = 3,
    due_at: datetime | None = None,
) -> Work:
    """Ask for ``kind`` to be done to ``subject`` once; return the row that there is of it now.

    It is begun from ``due_at`` on; None: at once.
    """
    if found := find_work(session, kind=kind, subject=subject, revision=revision):
        return found
    asked = Work(
        kind=kind,
        subject=subject,
        revision=revision,
        payload=dict(payload or {}),
        max_attempts=max_attempts,
        due_at=due_at or now,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError:  # somebody asked for the same at the same moment
        found = find_work(session, kind=kind, subject=subject, revision=revision)
        if found is None:
            raise
        return found
    return asked


def claim_next(
    session: Session, *, worker: str, kinds: Collection[str], now: datetime, lease_seconds: int
) -> Work | None:
    """Claim what is due longest, or what a vanished worker left; return it, or ``None``.

    The order of ``kinds`` is the order of claims: cheap steps are named before expensive ones, so
    that an hour's encode does not hold up another's poster.

    However many workers ask at once, each piece goes to one of them.
    """
    while candidates := due_work(session, kinds=kinds, now=now):
        for work in candidates:
            if _claim(session, work, worker, now, lease_seconds):
                return work
    return None


def renew(
    session: Session,
    *,
    work_id: str,
    worker: str,
    progress: float,
    now: datetime,
    lease_seconds: int,
) -> None:
    """Keep the lease and state the progress (0 to 1).

    Raises:
        LeaseLost: The work is no longer this worker's.
    """
    until = now + timedelta(seconds=lease_seconds)
    _set_mine(session, work_id, worker, progress=rules.as_fraction(progress), lease_until=until)


def finish(session: Session, *, work_id: str, worker: str, now: datetime) -> None:
    """Record that the work is done.

    Raises:
        LeaseLost: The work is no longer this worker's.
    """
    _set_mine(
        session,
        work_id,
        worker,
        state=WorkState.DONE,
        progress=1.0,
        reason="",
        log="",
        finished_at=now,
        **_NO_LEASE,
    )


def fail(
    session: Session,
    *,
    work_id: str,
    worker: str,
    reason: str,
    now: datetime,
    final: bool = False,
    log: str = "",
) -> None:
    """Record why the work failed; it is tried again later unless ``final`` or out of attempts.

    ``log`` is what the program that failed said, for an administrator; its end is kept.

    Raises:
        LeaseLost: The work is no longer this worker's.
    """
    work = get_work(session, work_id=work_id)
    state = rules.state_after_failure(
        attempts=work.attempts, max_attempts=work.max_attempts, final=final
    )
    _set_mine(
        session,
        work_id,
        worker,
        state=state,
        reason=reason,
        log=rules.log_tail(log),
        due_at=rules.next_attempt_at(attempts=work.attempts, now=now),
        finished_at=now if state == WorkState.FAILED else None,
        **_NO_LEASE,
    )


def release(session: Session, *, work_id: str, worker: str, now: datetime) -> None:
    """Give work back that a worker cannot finish because it is told to stop; no attempt is lost.

    Raises:
        LeaseLost: The work is no longer this worker's.
    """
    _set_mine(
        session,
        work_id,
        worker,
        state=WorkState.QUEUED,
        attempts=Work.attempts - 1,
        due_at=now,
        **_NO_LEASE,
    )


def retry(session: Session, *, work_id: str, now: datetime) -> None:
    """Try failed or cancelled work again from the start, because a person asked.

    Raises:
        NotRetryable: It is waiting, running or done.
    """
    changed = _set_in(
        session,
        work_id,
        rules.RETRYABLE,
        state=WorkState.QUEUED,
        attempts=0,
        progress=0.0,
        reason="",
        log="",
        due_at=now,
        finished_at=None,
    )
    if not changed:
        raise NotRetryable


def cancel(session: Session, *, work_id: str, now: datetime) -> None:
    """Cancel work; a worker on it notices when it renews its lease.

    Raises:
        NotCancellable: It is done or cancelled.
    """
    changed = _set_in(
        session,
        work_id,
        rules.CANCELLABLE,
        state=WorkState.CANCELLED,
        finished_at=now,
        **_NO_LEASE,
    )
    if not changed:
        raise NotCancellable


def get_work(session: Session, *, work_id: str) -> Work:
    """Return one piece of work as it is now.

    Raises:
        NoSuchWork: There is none of this id.
    """
    query = select(Work).where(Work.id == work_id).execution_options(populate_existing=True)
    work = session.execute(query).scalar_one_or_none()
    if work is None:
        raise NoSuchWork
    return work


_NO_LEASE: dict[str, Any] = {"leased_by": "", "lease_until": None}


def _claim(session: Session, work: Work, worker: str, now: datetime, lease_seconds: int) -> bool:
    """Take ``work`` unless it changed since it was read; give it up if it keeps getting lost."""
    seen = (
        Work.id == work.id,
        Work.state == work.state,
        Work.attempts == work.attempts,
        Work.leased_by == work.leased_by,
        Work.lease_until.is_not_distinct_from(work.lease_until),
    )
    lost = work.state == WorkState.RUNNING and rules.is_exhausted(
        attempts=work.attempts, max_attempts=work.max_attempts
    )
    taken: dict[str, Any] = {
        "state": WorkState.RUNNING,
        "attempts": work.attempts + 1,
        "progress": 0.0,
        "started_at": now,
        "leased_by": worker,
        "lease_until": now + timedelta(seconds=lease_seconds),
    }
    given_up = {"state": WorkState.FAILED, "reason": rules.LOST, "finished_at": now, **_NO_LEASE}
    change = update(Work).where(*seen).values(given_up if lost else taken)
    return _changed(session, change) and not lost


def _set_mine(session: Session, work_id: str, worker: str, **values: Any) -> None:  # noqa: ANN401 -- columns
    mine = update(Work).where(
        Work.id == work_id, Work.state == WorkState.RUNNING, Work.leased_by == worker
    )
    if not _changed(session, mine.values(values)):
        raise LeaseLost(work_id)


def _set_in(session: Session, work_id: str, states: Collection[str], **values: Any) -> bool:  # noqa: ANN401 -- columns
    change = update(Work).where(Work.id == work_id, Work.state.in_(states)).values(values)
    return _changed(session, change)


def _changed(session: Session, change: Update) -> bool:
    done = cast("CursorResult[Any]", session.execute(change))
    if done.rowcount > 1:
        raise AssertionError  # the id is the primary key
    return done.rowcount == 1
