"""An address that asked for reminders before it had an account becomes that account's."""

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from accounts.notices.models import Notice, Recipient, Registration


def unite(session: Session, *, recipient: Recipient, user_id: str) -> None:
    """Make what an address asked for its account's, so that nobody is told twice."""
    if recipient.user_id is not None:
        return
    known = session.scalar(select(Recipient).where(Recipient.user_id == user_id))
    if known is None:
        _hand_over(session, recipient, user_id)
    else:
        _move(session, old=recipient.id, new=known.id)
    session.flush()


def _hand_over(session: Session, recipient: Recipient, user_id: str) -> None:
    """The same row from now on means the account: links in earlier mails still work."""
    session.execute(
        update(Recipient)
        .where(Recipient.id == recipient.id)
        .values(user_id=user_id, fingerprint=None, address_sealed="")
        .execution_options(synchronize_session="fetch")
    )


def _move(session: Session, *, old: str, new: str) -> None:
    """Move registrations that the account does not have; the rest goes with the old row."""
    has = aliased(Registration)
    twice = exists().where(
        has.recipient_id == new,
        has.subject_kind == Registration.subject_kind,
        has.subject_id == Registration.subject_id,
    )
    moved = session.scalars(
        select(Registration.id).where(
            Registration.recipient_id == old, Registration.confirmed_at.is_not(None), ~twice
        )
    ).all()
    session.execute(
        update(Registration)
        .where(Registration.id.in_(moved))
        .values(recipient_id=new)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Notice)
        .where(Notice.registration_id.in_(moved))
        .values(recipient_id=new)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Recipient).where(Recipient.id == old))
    session.expire_all()
