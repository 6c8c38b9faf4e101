"""Stream keys: made, shown to the host, recognised at the door."""

from collections.abc import Collection
from datetime import datetime

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ids import new_secret
from core.sealing import fingerprint, seal, unseal
from streams.doors.models import StreamKey


def make_key(session: Session, *, livestream_id: str, data_key: str, now: datetime) -> str:
    """Give a livestream a fresh key in place of any old one, and return it in plain text.

    The old key is refused from the commit on; a connection that is open stays open.
    """
    key = new_secret()
    row = session.get(StreamKey, livestream_id) or StreamKey(livestream_id=livestream_id)
    row.sealed = seal(data_key, key)
    row.fingerprint = fingerprint(key)
    row.rotated_at = now
    session.add(row)
    session.flush()
    return key


def key_of(session: Session, *, livestream_id: str, data_key: str) -> str | None:
    """Return the key in plain text for display to the host, or None when there is none."""
    return keys_of(session, livestream_ids=[livestream_id], data_key=data_key).get(livestream_id)


def keys_of(session: Session, *, livestream_ids: Collection[str], data_key: str) -> dict[str, str]:
    """Return the keys of several livestreams in plain text, by livestream.

    A key that was sealed under another ``DATA_KEY`` is left out: its livestream needs a new one.
    """
    rows = session.execute(
        select(StreamKey.livestream_id, StreamKey.sealed).where(
            StreamKey.livestream_id.in_(livestream_ids)
        )
    )
    keys = {livestream_id: _unsealed(data_key, sealed) for livestream_id, sealed in rows}
    return {livestream_id: key for livestream_id, key in keys.items() if key is not None}


def livestream_of_key(session: Session, *, key: str) -> str | None:
    """Return the id of the livestream that ``key`` opens, or None.

    The lookup compares SHA-256 fingerprints: how long it takes says nothing about the key.
    """
    statement = select(StreamKey.livestream_id).where(StreamKey.fingerprint == fingerprint(key))
    return session.execute(statement).scalar_one_or_none()


def ensure_key(session: Session, *, livestream_id: str, data_key: str, now: datetime) -> None:
    """Give a livestream a key unless it has one."""
    if session.get(StreamKey, livestream_id) is None:
        make_key(session, livestream_id=livestream_id, data_key=data_key, now=now)


def forget_key(session: Session, *, livestream_id: str) -> None:
    """Take a livestream's key away: nobody sends to it until it has another one."""
    row = session.get(StreamKey, livestream_id)
    if row is not None:
        session.delete(row)
        session.flush()


def _unsealed(data_key: str, sealed: str) -> str | None:
    try:
        return unseal(data_key, sealed)
    except InvalidToken:
        return None
