"""What sources answer for rows of the ledger, asked as the worker asks them."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.enums import NoticeState
from accounts.notices.kinds import KINDS
from accounts.notices.models import Notice, Recipient
from accounts.notices.ports import Answer, Due, Person, Say, Site, Source

SITE = Site(address="https://mindcast.example", sender="hello@mindcast.example", data_key="key")


def posted(session: Session, *kinds: str) -> list[tuple[str, str | None]]:
    """Return (kind, user id) of what was written down, of these kinds or of all, in order."""
    rows = session.execute(
        select(Notice.kind, Recipient.user_id)
        .join(Recipient, Recipient.id == Notice.recipient_id)
        .order_by(Notice.kind, Recipient.user_id)
    )
    return [(kind, user_id) for kind, user_id in rows if not kinds or kind in kinds]


def notice_of(session: Session, kind: str, user_id: str, *, revision: int | None = None) -> Notice:
    """Return the row of the ledger by which somebody is told a kind, the newest of them."""
    statement = (
        select(Notice)
        .join(Recipient, Recipient.id == Notice.recipient_id)
        .where(Notice.kind == kind, Recipient.user_id == user_id)
        .order_by(Notice.revision.desc(), Notice.created_at.desc(), Notice.id.desc())
        .limit(1)
    )
    if revision is not None:
        statement = statement.where(Notice.revision == revision)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def due_of(session: Session, notice: Notice, language: str = "en", **person: Any) -> Due:  # noqa: ANN401 -- fields of a person
    """Return a row of the ledger as its source is asked about it."""
    recipient = session.get_one(Recipient, notice.recipient_id)
    user = session.get_one(User, recipient.user_id)
    whole = {"language": language, "timezone": "Asia/Shanghai", **person}
    return Due(
        id=notice.id,
        kind=notice.kind,
        occurrence=notice.occurrence,
        revision=notice.revision,
        channel=notice.channel,
        facts=notice.facts,
        registration_id=notice.registration_id,
        due_at=notice.due_at,
        give_up_at=notice.give_up_at,
        person=Person(recipient.id, user.id, user.email, **whole),
        site=SITE,
    )


def answer(
    session: Session,
    source: Source,
    kind: str,
    user_id: str,
    now: datetime,
    language: str = "en",
    **person: Any,  # noqa: ANN401 -- fields of a person
) -> Answer:
    """Ask a source about what somebody is to be told; it gives what the wording may name."""
    notice = notice_of(session, kind, user_id)
    answered = source(session, due_of(session, notice, language, **person), now)
    if isinstance(answered, Say):
        assert set(answered.values) == KINDS[kind].variables
    return answered


def said(answered: Answer) -> Say:
    """Return what is said; anything else fails."""
    assert isinstance(answered, Say), answered
    return answered


def sent(session: Session, kind: str, user_id: str, state: str = NoticeState.SENT) -> None:
    """Note that somebody was told, or on which way the notice is."""
    notice = notice_of(session, kind, user_id)
    session.execute(update(Notice).where(Notice.id == notice.id).values(state=state))
