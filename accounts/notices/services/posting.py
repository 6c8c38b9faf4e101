"""Rows of the ledger: written in the transaction of what they tell, once each."""

from collections.abc import Iterable, Mapping
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


class Recorded(NamedTuple):
    """One of many people to be told the same."""

    recipient_id: str
    registration_id: str | None = None


def post(
    session: Session,
    *,
    kind: str,
    recipient_id: str,
    occurrence: str,
    now: datetime,
    revision: int = 1,
    due_at: datetime | None = None,
    give_up_at: datetime | None = None,
    facts: Mapping[str, Any] | None = None,
    registration_id: str | None = None,
    channel: Channel = Channel.MAIL,
) -> bool:
    """Write down that somebody is to be told; return whether it was not written down already.

    ``due_at`` is now when it is not given; from ``give_up_at`` on it is not sent.
    """
    return bool(
        post_many(
            session,
            kind=kind,
            people=[Recorded(recipient_id, registration_id)],
            occurrence=occurrence,
            now=now,
            revision=revision,
            due_at=due_at,
            give_up_at=give_up_at,
            facts=facts,
            channel=channel,
        )
    )


def post_to_user(session: Session, *, user_id: str, kind: str, now: datetime, **row: Any) -> bool:  # noqa: ANN401 -- as for post
    """Write down that a person with an account is to be told; see :func:`post`."""
    recipient = recipient_of_user(session, user_id=user_id, now=now)
    return post(session, kind=kind, recipient_id=recipient.id, now=now, **row)


def post_many(
    session: Session,
    *,
    kind: str,
    people: Iterable[Recorded],
    occurrence: str,
    now: datetime,
    revision: int = 1,
    due_at: datetime | None = None,
    give_up_at: datetime | None = None,
    facts: Mapping[str, Any] | None = None,
    channel: Channel = Channel.MAIL,
) -> int:
    """Write down that many people are to be told the same; return how many rows are new."""
    same = {
        "occurrence": occurrence,
        "kind": KINDS[kind].name,
        "channel": channel,
        "revision": revision,
        "facts": dict(facts or {}),
        "said": {},
        "state": NoticeState.WAITING,
        "attempts": 0,
        "reason": "",
        "leased_by": "",
        "due_at": due_at or now,
        "give_up_at": give_up_at,
        "created_at": now,
    }
    rows = [
        {
            "id": new_id(),
            "recipient_id": one.recipient_id,
            "registration_id": one.registration_id,
            **same,
        }
        for one in people
    ]
    return sum(_inserted(session, rows[at : at + AT_ONCE]) for at in range(0, len(rows), AT_ONCE))


def _inserted(session: Session, rows: list[dict[str, Any]]) -> int:
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Notice).values(rows).on_conflict_do_nothing().returning(Notice.id)
    return len(session.execute(statement).all())
