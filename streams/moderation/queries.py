"""Reads of the desk: the queue, who has what open, who decided last, and what the host sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry, User
from scheduler.duties.queries.duties import name_of_user
from streams.moderation.enums import Pile
from streams.moderation.models import Handed
from streams.moderation.rules import PILES, pile_of, place
from streams.questions.enums import QuestionState as Q
from streams.questions.enums import RiskTier
from streams.questions.models import Question

SUBJECT: Final = "question"
"""What the audit log calls a question."""


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


def queue_of(session: Session, *, livestream_id: str) -> list[Queued]:
    """Return every question of a livestream that lies on a pile, in the order of the queue."""
    lying = tuple(state for states in PILES.values() for state in states)
    wanted = _ROWS.where(Question.livestream_id == livestream_id, Question.state.in_(lying))
    rows = [Queued(**row) for row in session.execute(wanted).mappings()]
    return sorted(rows, key=lambda one: (*place(one.tier, one.asked_at), one.id))


def on_pile(rows: Sequence[Queued], pile: Pile) -> list[Queued]:
    """Return what lies on a pile: approved ones as the host has them, done ones latest first."""
    lying = [one for one in rows if pile_of(one.state) is pile]
    if pile is Pile.APPROVED:
        return sorted(lying, key=_wanted)
    if pile in {Pile.ANSWERED, Pile.REFUSED}:
        return sorted(lying, key=lambda one: one.changed_at, reverse=True)
    return lying


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
    wanted = _ROWS.where(
        Question.livestream_id == livestream_id,
        Question.state.in_(PILES[Pile.APPROVED]),
        Question.tier != RiskTier.HIGH,
    )
    return sorted((Queued(**row) for row in session.execute(wanted).mappings()), key=_wanted)


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


def urgent_ones(session: Session, *, livestream_id: str) -> list[str]:
    """Return the ids of undecided questions of high risk, the oldest first."""
    wanted = select(Question.id).where(
        Question.livestream_id == livestream_id,
        Question.tier == RiskTier.HIGH,
        Question.state.in_((Q.WAITING, Q.HELD)),
    )
    return list(session.scalars(wanted.order_by(Question.asked_at, Question.id)))


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
    shown = (Q.APPROVED, Q.ON_AIR, Q.ANSWERED)
    rows = session.execute(
        select(Question.state, func.count())
        .where(
            Question.livestream_id == livestream_id,
            Question.state.in_(shown),
            Question.tier != RiskTier.HIGH,
        )
        .group_by(Question.state)
    )
    counts: dict[str, int] = {state: number for state, number in rows}  # noqa: C416 -- rows, not pairs
    return sum(counts.values()), counts.get(Q.ANSWERED, 0)


def _wanted(one: Queued) -> tuple[bool, bool, float, int, datetime, str]:
    handed = one.handed_at.timestamp() if one.handed_at else 0.0
    return (
        one.state != Q.ON_AIR,
        one.handed_at is None,
        handed,
        -one.votes,
        one.asked_at,
        one.id,
    )
