"""What becomes of a row, written: each change holds only for the worker that has the lease."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import Table, Update, bindparam, case, update
from sqlalchemy.orm import Session

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from accounts.notices.rules import is_exhausted, is_too_late, next_attempt_at
from accounts.notices.services.claiming import NO_LEASE
from core.orm import Json, UtcDateTime

IN_DIGEST: Final = "in_digest"
"""The reason of a row that is sent because a digest told it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The end took it at ``at``; ``told`` has what a digest said of each row that it told."""

    id: str
    at: datetime
    said: Mapping[str, Any]
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    recipient_id: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """It steps aside until a person tries it again."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """It was not taken this time; ``attempts`` counts this one."""

    id: str
    reason: str
    attempts: int
    at: datetime
    give_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Back:
    """Nothing was tried: the way out was closed."""

    id: str


Failure: TypeAlias = Failed | Again | Back
Outcome: TypeAlias = Sent | Failure

_LEDGER: Final = cast("Table", Notice.__table__)
_OF_WORKER: Final = update(_LEDGER).where(
    _LEDGER.c.id == bindparam("notice_id"),
    _LEDGER.c.state == bindparam("before"),
    _LEDGER.c.leased_by == bindparam("worker"),
)
# Nearly every notice takes these two, so they are made once.
_SENT: Final = _OF_WORKER.values(
    state=NoticeState.SENT, sent_at=bindparam("at"), said=bindparam("words"), **NO_LEASE
)
_SENDING: Final = _OF_WORKER.values(
    state=NoticeState.SENDING,
    attempts=_LEDGER.c.attempts + 1,
    reason="",
    lease_until=bindparam("until"),
)
# Both at once, for most notices follow one that was sent.
_IS_BEFORE: Final = _LEDGER.c.id == bindparam("sent_id")
_SENT_AND_SENDING: Final = (
    update(_LEDGER)
    .where(
        _LEDGER.c.id.in_((bindparam("sent_id"), bindparam("notice_id"))),
        _LEDGER.c.leased_by == bindparam("worker"),
        _LEDGER.c.state == case((_IS_BEFORE, NoticeState.SENDING), else_=NoticeState.LEASED),
    )
    .values(
        state=case((_IS_BEFORE, NoticeState.SENT), else_=NoticeState.SENDING),
        sent_at=case((_IS_BEFORE, bindparam("at", type_=UtcDateTime())), else_=_LEDGER.c.sent_at),
        said=case((_IS_BEFORE, bindparam("words", type_=Json())), else_=_LEDGER.c.said),
        leased_by=case((_IS_BEFORE, ""), else_=_LEDGER.c.leased_by),
        lease_until=case((_IS_BEFORE, None), else_=bindparam("until", type_=UtcDateTime())),
        attempts=case((_IS_BEFORE, _LEDGER.c.attempts), else_=_LEDGER.c.attempts + 1),
        reason=case((_IS_BEFORE, _LEDGER.c.reason), else_=""),
    )
    .returning(_LEDGER.c.id)
)
_HELD: Final = update(_LEDGER).where(
    _LEDGER.c.id == bindparam("notice_id"), _LEDGER.c.state == NoticeState.HELD
)
_TOLD: Final = _HELD.values(
    state=NoticeState.SENT, reason=IN_DIGEST, sent_at=bindparam("at"), said=bindparam("words")
)
_LEFT_OUT: Final = _HELD.values(state=bindparam("to"), reason=bindparam("why"))


def record(session: Session, worker: str, outcome: Outcome) -> None:
    """Write how a sending ended; nothing, when the row is another worker's by now."""
    if isinstance(outcome, Sent):
        _record_sent(session, worker, outcome)
    else:
        before, values = NoticeState.SENDING, _values(outcome)
        change(session, worker, outcome.id, before, **values, **NO_LEASE)


def _record_sent(session: Session, worker: str, sent: Sent) -> None:
    same = {"at": sent.at, "words": dict(sent.said)}
    mine = _changed(session, _SENT, worker, sent.id, NoticeState.SENDING, **same)
    if mine and sent.told:
        told = [{**same, "notice_id": key, "words": said} for key, said in sent.told.items()]
        session.connection().execute(_TOLD, told)


def mark_sending(session: Session, worker: str, notice_id: str, until: datetime) -> bool:
    """Mark a row that may be sent from now on, with a lease until then; tell whether it is ours."""
    return _changed(session, _SENDING, worker, notice_id, NoticeState.LEASED, until=until)


def record_and_mark_sending(
    session: Session, worker: str, sent: Sent, notice_id: str, until: datetime
) -> bool:
    """Do :func:`record` and :func:`mark_sending` in one statement; ``sent`` told one thing alone.

    Each holds for itself: a row that is another worker's by now stays as it is.
    """
    asked = {"sent_id": sent.id, "at": sent.at, "words": dict(sent.said)}
    asked |= {"notice_id": notice_id, "worker": worker, "until": until}
    changed = session.connection().execute(_SENT_AND_SENDING, asked).scalars().all()
    return notice_id in changed


def record_undecided(session: Session, worker: str, outcome: Failure) -> None:
    """Write that nothing could be decided over a row: an attempt, though nothing was sent."""
    values = {**_values(outcome), "attempts": _LEDGER.c.attempts + 1}
    change(session, worker, outcome.id, NoticeState.LEASED, **values, **NO_LEASE)


def change(
    session: Session,
    worker: str,
    notice_id: str,
    before: NoticeState,
    **values: Any,  # noqa: ANN401 -- columns
) -> bool:
    """Change a row that ``worker`` has, if it is in the state ``before``; tell whether it was.

    Args:
        session: Where the row is.
        worker: Who must have the lease.
        notice_id: Which row.
        before: The state it must be in.
        **values: Columns, and what they become.
    """
    return _changed(session, _OF_WORKER.values(**values), worker, notice_id, before)


def _changed(
    session: Session,
    statement: Update,
    worker: str,
    notice_id: str,
    before: NoticeState,
    **more: Any,  # noqa: ANN401 -- columns
) -> bool:
    asked = {"notice_id": notice_id, "before": before, "worker": worker, **more}
    return session.connection().execute(statement, asked).rowcount == 1


def settle_held(session: Session, left_out: Mapping[str, tuple[NoticeState, str]]) -> None:
    """Write what becomes of rows that a digest would have told were they still true."""
    if left_out:
        rows = [{"notice_id": key, "to": to, "why": why} for key, (to, why) in left_out.items()]
        session.connection().execute(_LEFT_OUT, rows)


def _values(outcome: Failure) -> dict[str, Any]:
    match outcome:
        case Failed(reason=reason):
            return {"state": NoticeState.FAILED, "reason": reason}
        case Back():
            return {"state": NoticeState.WAITING, "attempts": _LEDGER.c.attempts - 1}
        case Again():
            return _again(outcome)


def _again(outcome: Again) -> dict[str, Any]:
    """Wait for the next attempt, or step aside: no attempt is made when it would be too late."""
    at = next_attempt_at(attempts=outcome.attempts, now=outcome.at)
    over = is_exhausted(outcome.attempts) or is_too_late(outcome.give_up_at, at)
    if over:
        return {"state": NoticeState.FAILED, "reason": outcome.reason}
    return {"state": NoticeState.WAITING, "due_at": at, "reason": outcome.reason}
