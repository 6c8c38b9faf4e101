"""Rows of the ledger: written in the transaction of what they tell, once each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from accounts.notices.channels import TEXTED, channels_of
from accounts.notices.enums import Channel, NoticeState
from accounts.notices.kinds import KINDS
from accounts.notices.models import Notice
from accounts.notices.queries.people import choices_of_phones
from accounts.notices.services.recipients import recipient_of_user, recipients_of_users
from accounts.queries import staff_ids
from core.database import insert_into
from core.ids import new_id


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


def post_to_users(session: Session, postings: Mapping[str, Posting], *, now: datetime) -> int:
    """Write down what each of these people is to be told; the keys are ids of users.

    The same number of statements for one and for many; returns how many rows are new.
    """
    if not postings:
        return 0
    ids = recipients_of_users(session, user_ids=sorted(postings), now=now)
    rows = [
        {**_values(posting, now), "recipient_id": ids[user_id], "id": new_id()}
        for user_id, posting in sorted(postings.items())
    ]
    return _written(session, rows)


def post_to_staff(
    session: Session, posting: Posting, *, now: datetime, but: str | None = None
) -> int:
    """Write down that all editors and administrators are to be told, ``but`` for one of them."""
    people = [user_id for user_id in staff_ids(session) if user_id != but]
    return post_to_users(session, dict.fromkeys(people, posting), now=now)


def post_many(
    session: Session, posting: Posting, *, people: Iterable[Reader], now: datetime
) -> int:
    """Write down that many people are to be told the same; return how many rows are new."""
    same = _values(posting, now)
    rows = [{**same, **one._asdict(), "id": new_id()} for one in people]
    return _written(session, rows)


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


def _written(session: Session, rows: list[dict[str, Any]]) -> int:
    """Insert rows, and beside mails the text messages that people want; return how many are new.

    Text messages are not counted: whoever asks wants to know whether it was posted before.
    """
    new = _inserted_all(session, rows)
    _inserted_all(session, _texts_beside(session, rows))
    return new


def _texts_beside(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the text messages that go with mails; nobody is asked about kinds that have none."""
    mails = [row for row in rows if row["kind"] in TEXTED and row["channel"] == Channel.MAIL]
    choices = choices_of_phones(session, [row["recipient_id"] for row in mails])
    return [
        {**row, "id": new_id(), "channel": Channel.SMS}
        for row in mails
        if Channel.SMS
        in channels_of(
            row["kind"],
            choices=choices.get(row["recipient_id"], {}),
            has_phone=row["recipient_id"] in choices,
        )
    ]


def _inserted_all(session: Session, rows: list[dict[str, Any]]) -> int:
    """Insert rows as many of one statement: writing it out whole would take ten times as long."""
    if not rows:
        return 0
    statement = insert_into(session, Notice).on_conflict_do_nothing().returning(Notice.id)
    return len(session.execute(statement, rows).all())
