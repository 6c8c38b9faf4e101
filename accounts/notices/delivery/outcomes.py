"""What becomes of a row, written: each change holds only for the worker that has the lease."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from accounts.notices.rules import is_exhausted, is_too_late, next_attempt_at
from accounts.notices.services.claiming import NO_LEASE

IN_DIGEST: Final = "in_digest"
"""The reason of a row that is sent because a digest told it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The end took it at ``at``; ``told`` has what a digest said of each row that it told."""

    id: str
    at: datetime
    said: Mapping[str, Any]
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


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


Outcome: TypeAlias = Sent | Failed | Again | Back

_OF_WORKER: Final = update(Notice).where(
    Notice.id == bindparam("notice_id"),
    Notice.state == bindparam("before"),
    Notice.leased_by == bindparam("worker"),
)
_HELD: Final = update(Notice).where(
    Notice.id == bindparam("notice_id"), Notice.state == NoticeState.HELD
)


def record(session: Session, worker: str, outcome: Outcome) -> None:
    """Write how a sending ended; nothing, when the row is another worker's by now."""
    before = NoticeState.SENDING
    mine = change(session, worker, outcome.id, before, **_values(outcome), **NO_LEASE)
    if mine and isinstance(outcome, Sent) and outcome.told:
        same: dict[str, Any] = {"state": NoticeState.SENT, "reason": IN_DIGEST}
        told = [{"notice_id": key, "words": said} for key, said in outcome.told.items()]
        session.connection().execute(
            _HELD.values(said=bindparam("words"), sent_at=outcome.at, **same), told
        )


def record_undecided(session: Session, worker: str, outcome: Outcome) -> None:
    """Write that nothing could be decided over a row: an attempt, though nothing was sent."""
    values = {**_values(outcome), "attempts": Notice.attempts + 1}
    change(session, worker, outcome.id, NoticeState.LEASED, **values, **NO_LEASE)


def change(  # noqa: D417 -- the values are columns
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
    """
    asked = {"notice_id": notice_id, "before": before, "worker": worker}
    done = session.connection().execute(_OF_WORKER.values(**values), asked)
    return done.rowcount == 1


def settle_held(session: Session, left_out: Mapping[str, tuple[NoticeState, str]]) -> None:
    """Write what becomes of rows that a digest would have told were they still true."""
    if left_out:
        rows = [{"notice_id": key, "to": to, "why": why} for key, (to, why) in left_out.items()]
        settled = _HELD.values(state=bindparam("to"), reason=bindparam("why"))
        session.connection().execute(settled, rows)


def _values(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Sent(at=at, said=said):
            return {"state": NoticeState.SENT, "sent_at": at, "said": dict(said)}
        case Failed(reason=reason):
            return {"state": NoticeState.FAILED, "reason": reason}
        case Back():
            return {"state": NoticeState.WAITING, "attempts": Notice.attempts - 1}
        case Again():
            return _again(outcome)


def _again(outcome: Again) -> dict[str, Any]:
    """Wait for the next attempt, or step aside: no attempt is made when it would be too late."""
    at = next_attempt_at(attempts=outcome.attempts, now=outcome.at)
    over = is_exhausted(outcome.attempts) or is_too_late(outcome.give_up_at, at)
    if over:
        return {"state": NoticeState.FAILED, "reason": outcome.reason}
    return {"state": NoticeState.WAITING, "due_at": at, "reason": outcome.reason}
