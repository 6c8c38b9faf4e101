"""Reads of the desk: the queue, who has what open, who decided last, and what the host sees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry, User
from scheduler.duties.queries.duties import name_of_user
from streams.moderation.enums import Pile
from streams.moderation.models import Handed
from streams.moderation.rules import PILES, RANK
from streams.questions.enums import QuestionState as Q
from streams.questions.enums import RiskTier
from streams.questions.models import Question
from streams.questions.rules import SHOWN, UNREAD

SUBJECT: Final = "question"
"""What the audit log calls a question."""
MOST: Final = 100
"""Questions of a pile that a page lists: what comes behind moves up as these are dealt with."""
LOOKED_THROUGH: Final = 400
"""Questions in which duplicates are looked for."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A question as moderators see it; ``code`` is the number of its asker's made-up name."""

    id: str
    livestream_id: str
    code: int
    text: str
    language: str
    tier: str
    state: str
    reason: str
    merged_into_id: str | None
    votes: int
    reply: str
    asked_at: datetime
    changed_at: datetime
    on_air_at: datetime | None
    version: int
    reader_id: str | None
    read_until: datetime | None
    reader: str | None
    """What the crew calls the one who has it open; None: an account that is gone, or nobody."""
    handed_at: datetime | None

    @property
    def is_urgent(self) -> bool:
        """Whether it sounds as if somebody were in danger."""
        return self.tier == RiskTier.HIGH


@dataclass(frozen=True, slots=True)
class Decision:
    """The last thing that a moderator did to a question."""

    act: str
    at: datetime
    actor_id: str | None
    name: str
    details: Mapping[str, Any]


_COLUMNS: Final = (
    Question.id,
    Question.livestream_id,
    Question.pseudonym.label("code"),
    Question.text,
    Question.language,
    Question.tier,
    Question.state,
    Question.reason,
    Question.merged_into_id,
    Question.votes,
    Question.reply,
    Question.asked_at,
    Question.changed_at,
    Question.on_air_at,
    Question.version,
    Question.reader_id,
    Question.read_until,
)
_ROWS: Final = (
    select(*_COLUMNS, name_of_user().label("reader"), Handed.handed_at)
    .outerjoin(User, User.id == Question.reader_id)
    .outerjoin(Handed, Handed.question_id == Question.id)
)

_QUEUE: Final = (case(dict(RANK), value=Question.tier), Question.asked_at, Question.id)
"""The most urgent first, then the oldest."""
_WANTED: Final = (
    Question.state != Q.ON_AIR,
    Handed.handed_at.is_(None),
    Handed.handed_at,
    Question.votes.desc(),
    Question.asked_at,
    Question.id,
)
"""On air, then what moderators ask for next, then what most people want to know."""
_LATEST: Final = (Question.changed_at.desc(), Question.id)
_ORDERS: Final = {Pile.APPROVED: _WANTED, Pile.ANSWERED: _LATEST, Pile.REFUSED: _LATEST}


def on_pile(session: Session, *, livestream_id: str, pile: Pile) -> list[Queued]:
    """Return the first questions of a pile, at most :data:`MOST`, in its own order.

    What waits is listed by urgency, what is approved as the host has it, what is done latest first.
    """
    return _listed(session, livestream_id, PILES[pile], _ORDERS.get(pile, _QUEUE))


def counts_of(session: Session, *, livestream_id: str) -> dict[Pile, int]:
    """Return how many questions of a livestream lie on each pile."""
    rows = session.execute(
        select(Question.state, func.count())
        .where(Question.livestream_id == livestream_id)
        .group_by(Question.state)
    )
    counts: dict[str, int] = {state: number for state, number in rows}  # noqa: C416 -- rows, not pairs
    return {pile: sum(counts.get(state, 0) for state in states) for pile, states in PILES.items()}


def urgent_ones(session: Session, *, livestream_id: str) -> list[Queued]:
    """Return undecided questions of high risk, the oldest first."""
    return _listed(session, livestream_id, tuple(UNREAD), _QUEUE, Question.tier == RiskTier.HIGH)


def mergeable_with(session: Session, one: Queued) -> list[Queued]:
    """Return the newest questions that another can be put together with."""
    return _listed(
        session,
        one.livestream_id,
        (*UNREAD, *SHOWN),
        (Question.asked_at.desc(), Question.id),
        Question.tier != RiskTier.HIGH,
        Question.id != one.id,
        most=LOOKED_THROUGH,
    )


def find_queued(session: Session, *, livestream_id: str, question_id: str) -> Queued | None:
    """Return one question of a livestream, unless its asker took it back."""
    row = session.execute(
        _ROWS.where(
            Question.id == question_id,
            Question.livestream_id == livestream_id,
            Question.state != Q.WITHDRAWN,
        )
    ).mappings()
    found = row.one_or_none()
    return Queued(**found) if found else None


def for_host(session: Session, *, livestream_id: str) -> list[Queued]:
    """Return what the host may answer: what moderators approved, and nothing else ever.

    On air first, then what moderators ask for next, then what most people want to know.
    """
    return _listed(
        session,
        livestream_id,
        PILES[Pile.APPROVED],
        _WANTED,
        Question.tier != RiskTier.HIGH,
    )


def last_decision(session: Session, *, question_id: str) -> Decision | None:
    """Return who did what to a question last, and when; None: nobody has done anything."""
    row = session.execute(
        select(
            AuditEntry.act,
            AuditEntry.at,
            AuditEntry.actor_id,
            func.coalesce(name_of_user(), "").label("name"),
            AuditEntry.details,
        )
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.subject_kind == SUBJECT, AuditEntry.subject_id == question_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    ).mappings()
    found = row.one_or_none()
    return Decision(**found) if found else None


def how_many_waiting(session: Session, *, livestream_id: str) -> int:
    """Return how many questions nobody has decided on."""
    wanted = select(func.count()).where(
        Question.livestream_id == livestream_id, Question.state == Q.WAITING
    )
    return session.execute(wanted).scalar_one()


def asked_and_answered(session: Session, *, livestream_id: str) -> tuple[int, int]:
    """Return how many questions were shown to everybody, and how many of them were answered.

    What was refused, held back, answered privately or of high risk is in neither figure.
    """
    rows = session.execute(
        select(Question.state, func.count())
        .where(
            Question.livestream_id == livestream_id,
            Question.state.in_(tuple(SHOWN)),
            Question.tier != RiskTier.HIGH,
        )
        .group_by(Question.state)
    )
    counts: dict[str, int] = {state: number for state, number in rows}  # noqa: C416 -- rows, not pairs
    return sum(counts.values()), counts.get(Q.ANSWERED, 0)


def _listed(
    session: Session,
    livestream_id: str,
    states: Iterable[Q],
    order: Iterable[Any],
    *conditions: ColumnElement[bool],
    most: int | None = None,
) -> list[Queued]:
    wanted = _ROWS.where(
        Question.livestream_id == livestream_id, Question.state.in_(tuple(states)), *conditions
    )
    rows = session.execute(wanted.order_by(*order).limit(most or MOST))
    return [Queued(**row) for row in rows.mappings()]
