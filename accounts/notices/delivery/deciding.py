"""The decision over one notice, by what is true in the transaction that it is written in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from accounts.notices import rules
from accounts.notices.delivery.checks import Hold, Obstacle, obstacle
from accounts.notices.delivery.digests import Gathered, gather, hold_for_digest
from accounts.notices.delivery.outcomes import (
    Outcome,
    Sent,
    change,
    mark_sending,
    record,
    record_and_mark_sending,
    settle_held,
)
from accounts.notices.delivery.rows import Row, due_of, leased_row, one_at_a_time, sent_since
from accounts.notices.enums import NoticeState
from accounts.notices.errors import LostError, NoSourceError
from accounts.notices.kinds import KINDS
from accounts.notices.ports import Answer, Drop, Due, Later, Say, Site, Source
from accounts.notices.services.claiming import LEASE_SECONDS, NO_LEASE
from accounts.notices.wording import Wordings

SOONEST: Final = timedelta(seconds=1)
"""A source that says "later" is not asked again before."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A notice that is marked as being sent, and what it says."""

    row: Row
    due: Due
    say: Say
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What is said of each item, when it is a digest."""

    @property
    def attempts(self) -> int:
        """How often it was tried, this time included."""
        return self.row.attempts + 1


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides over notices that ``worker`` has claimed."""

    worker: str
    site: Site
    sources: Mapping[str, Source]
    lease_seconds: float = LEASE_SECONDS
    """How long a worker that gave no sign of life keeps what it claimed."""

    def decide(
        self,
        session: Session,
        notice_id: str,
        *,
        wordings: Wordings,
        now: datetime,
        before: Outcome | None = None,
    ) -> Ready | None:
        """Mark a notice as being sent and return what to say, or write why it is not sent now.

        ``before`` is how the sending before ended: it is recorded as well.

        Raises:
            NoSourceError: Nobody answers for its kind.
            LostError: All its attempts ended with their worker.
        """
        row = leased_row(session, notice_id, self.worker)
        joined = before if isinstance(before, Sent) and _can_join(before, row) else None
        if before is not None and joined is None:
            record(session, self.worker, before)
        if row is None:  # the lease ran out, and another has it
            return None
        self._refuse_hopeless(row)
        if hindered := self._obstacle(session, row, now):
            self._write(session, row, hindered, now, joined)
            return None
        return self._ask(session, row, wordings, now, joined)

    def _refuse_hopeless(self, row: Row) -> None:
        if row.kind not in KINDS or (row.kind != rules.DIGEST and row.kind not in self.sources):
            raise NoSourceError(row.kind)
        if rules.is_exhausted(row.attempts):
            raise LostError

    def _obstacle(self, session: Session, row: Row, now: datetime) -> Obstacle | None:
        def sent_today() -> int:
            one_at_a_time(session, row.recipient_id)
            return sent_since(session, row.recipient_id, rules.start_of_day(now, row.timezone))

        return obstacle(row, now, sent_today=sent_today)

    def _ask(
        self, session: Session, row: Row, wordings: Wordings, now: datetime, before: Sent | None
    ) -> Ready | None:
        due = due_of(row, self.site)
        if row.kind == rules.DIGEST:
            found = self._gathered(session, row, due, wordings, now)
        else:
            found = Gathered(self.sources[row.kind](session, due, now))
        marked = self._write(session, row, found.answer, now, before)
        if marked and isinstance(found.answer, Say):
            return Ready(row, due, found.answer, found.told)
        return None

    def _gathered(
        self, session: Session, row: Row, due: Due, wordings: Wordings, now: datetime
    ) -> Gathered:
        one_at_a_time(session, row.recipient_id)
        found = gather(session, due, sources=self.sources, wordings=wordings, now=now)
        settle_held(session, found.left_out)
        if found.more:
            hold_for_digest(session, row=row, now=now)
        return found

    def _write(
        self,
        session: Session,
        row: Row,
        what: Answer | Obstacle,
        now: datetime,
        before: Sent | None,
    ) -> bool:
        if isinstance(what, Hold):
            one_at_a_time(session, row.recipient_id)
            hold_for_digest(session, row=row, now=now)
        if isinstance(what, Say):
            return self._mark_sending(session, row, now, before)
        if before is not None:
            record(session, self.worker, before)
        return change(session, self.worker, row.id, NoticeState.LEASED, **_values(what, now))

    def _mark_sending(self, session: Session, row: Row, now: datetime, before: Sent | None) -> bool:
        until = now + timedelta(seconds=self.lease_seconds)
        if before is None:
            return mark_sending(session, self.worker, row.id, until)
        return record_and_mark_sending(session, self.worker, before, row.id, until)


def _can_join(sent: Sent, row: Row | None) -> bool:
    """Tell whether a sending can be recorded after the next notice was decided over.

    Not for the same person: what they were told before is asked of the ledger.
    """
    return row is not None and row.recipient_id != sent.recipient_id and not sent.told


def _values(what: Obstacle, now: datetime) -> dict[str, Any]:
    match what:
        case Drop(reason=reason):
            return {"state": NoticeState.DROPPED, "reason": reason, **NO_LEASE}
        case Later(until=until):
            at = max(until, now + SOONEST)
            return {"state": NoticeState.WAITING, "due_at": at, **NO_LEASE}
        case Hold():
            return {"state": NoticeState.HELD, **NO_LEASE}
