"""Rows of the ledger: written in the transaction of what they tell, once each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from accounts.notices.enums import Channel, NoticeState
from accounts.notices.kinds import KINDS
from accounts.notices.models import Notice
from accounts.notices.services.recipients import recipient_of_user
from core.ids import new_id

AT_ONCE = 500  # rows of one statement: SQLite takes 32,766 values in one


@dataclass(frozen=True, slots=True)
class Posting:
    """What somebody is to be told; unique per recipient, occurrence, kind, channel, revision."""

    kind: str
    occurrence: str
    revision: int = 1
    due_at: datetime | None = None
    """None: now."""
    give_up_at: datetime | None = None
    """From then on it is not sent; None: it may be sent at any time."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    channel: Channel = Channel.MAIL


class Reader(NamedTuple):
    """One of the people to be told, and by which registration."""

    recipient_id: str
    registration_id: str | None = None


def post(
    session: Session,
    posting: Posting,
    *,
    recipient_id: str,
    now: datetime,
    registration_id: str | None = None,
) -> bool:
    """Write down that somebody is to be told; return whether it was not written down already."""
    one = Reader(recipient_id, registration_id)
    return bool(post_many(session, posting, people=[one], now=now))


def post_to_user(session: Session, posting: Posting, *, user_id: str, now: datetime) -> bool:
    """Write down that a person with an account is to be told; see :func:`post`."""
    recipient = recipient_of_user(session, user_id=user_id, now=now)
    return post(session, posting, recipient_id=recipient.id, now=now)


def post_many(
    session: Session, posting: Posting, *, people: Iterable[Reader], now: datetime
) -> int:
    """Write down that many people are to be told the same; return how many rows are new."""
    same = _values(posting, now)
    rows = [{**same, **one._asdict(), "id": new_id()} for one in people]
    return sum(_inserted(session, rows[at : at + AT_ONCE]) for at in range(0, len(rows), AT_ONCE))


def _values(posting: Posting, now: datetime) -> dict[str, Any]:
    return {
        "occurrence": posting.occurrence,
        "kind": KINDS[posting.kind].name,
        "channel": posting.channel,
        "revision": posting.revision,
        "facts": dict(posting.facts),
        "said": {},
        "state": NoticeState.WAITING,
        "attempts": 0,
        "reason": "",
        "leased_by": "",
        "due_at": posting.due_at or now,
        "give_up_at": posting.give_up_at,
        "created_at": now,
    }


def _inserted(session: Session, rows: list[dict[str, Any]]) -> int:
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Notice).values(rows).on_conflict_do_nothing().returning(Notice.id)
    return len(session.execute(statement).all())
