"""Whom we can reach: made when somebody is first to be told, one row per person or address."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.models import Recipient
from accounts.rules import normal_email
from core.database import insert_into
from core.ids import new_id
from core.sealing import keyed_fingerprint, seal


def recipient_of_user(session: Session, *, user_id: str, now: datetime) -> Recipient:
    """Return the recipient who is a person with an account."""
    known = session.scalar(select(Recipient).where(Recipient.user_id == user_id))
    return known or _made(session, Recipient.user_id, user_id=user_id, created_at=now)


def recipients_of_users(
    session: Session, *, user_ids: Collection[str], now: datetime
) -> dict[str, str]:
    """Return the ids of the recipients who are these people, by user id: made where missing."""
    known = _known(session, user_ids)
    missing = [user_id for user_id in user_ids if user_id not in known]
    if not missing:
        return known
    rows = [
        {"id": new_id(), "choices": {}, "user_id": user_id, "created_at": now}
        for user_id in missing
    ]
    session.execute(insert_into(session, Recipient).values(rows).on_conflict_do_nothing())
    return known | _known(session, missing)


def _known(session: Session, user_ids: Collection[str]) -> dict[str, str]:
    rows = session.execute(
        select(Recipient.user_id, Recipient.id).where(Recipient.user_id.in_(list(user_ids)))
    )
    return {user_id: recipient_id for user_id, recipient_id in rows if user_id is not None}


def recipient_of_address(
    session: Session, *, email: str, language: str, timezone: str, data_key: str, now: datetime
) -> Recipient:
    """Return the recipient who is an address without an account; the address is kept sealed.

    Language and zone are those in which the address was first given; its owner changes them.

    Raises:
        BadEmail: It is no address.
    """
    address = normal_email(email)
    mark = keyed_fingerprint(data_key, f"recipient:{address}")
    known = session.scalar(select(Recipient).where(Recipient.fingerprint == mark))
    return known or _made(
        session,
        Recipient.fingerprint,
        fingerprint=mark,
        address_sealed=seal(data_key, address),
        language=language,
        timezone=timezone,
        created_at=now,
    )


def _made(session: Session, by: Any, **values: Any) -> Recipient:  # noqa: ANN401 -- columns
    """Insert a recipient unless a rival was faster, and return the one that there is."""
    whole = {"id": new_id(), "choices": {}, **values}
    session.execute(insert_into(session, Recipient).values(**whole).on_conflict_do_nothing())
    return session.scalars(select(Recipient).where(by == values[by.key])).one()
