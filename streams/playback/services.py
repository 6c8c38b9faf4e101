"""Grants and the gate: the writes of playback, and the one question every media request asks."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.rules import Actor
from catalog.models import Livestream
from core.ids import new_id
from core.sealing import fingerprint, keyed_fingerprint
from streams.playback import queries
from streams.playback.errors import NothingChosenError, NotPlayable
from streams.playback.models import Grant
from streams.playback.queries import HeldGrant
from streams.playback.rules import (
    DEVICES,
    GRANT_LIFE,
    Credentials,
    GateAnswer,
    Passage,
    may_hold_grant,
    passage,
    standing_of,
)


def check_gate(
    session: Session,
    *,
    broadcast_id: str,
    grant_token: str | None,
    bearer_token: str | None = None,
    now: datetime,
) -> bool:
    """Tell whether a request with these credentials may have media of the broadcast at ``now``."""
    credentials = Credentials(grant_token, bearer_token)
    found = ask_gate(session, broadcast_id=broadcast_id, credentials=credentials, now=now)
    return found.passage is not Passage.DENIED


def ask_gate(
    session: Session, *, broadcast_id: str, credentials: Credentials, now: datetime
) -> GateAnswer:
    """Return how a request with these credentials passes: one query for open media, else two.

    A login session is no credential here. An edge keeps the answer under (broadcast, grant,
    Authorization); a third credential would open the broadcast to whoever has none of them.
    """
    facts = queries.facts_of_broadcast(session, broadcast_id)
    if facts is None:
        return GateAnswer(Passage.DENIED)
    how = passage([], facts, now)
    if how is Passage.DENIED:
        found = queries.standings(session, facts=facts, credentials=credentials, now=now)
        how = passage(found, facts, now)
    return GateAnswer(how, facts.revision, facts.is_brief)


def grant_playback(
    session: Session, *, actor: Actor, broadcast_id: str, device: str, now: datetime
) -> str:
    """Return the token of the actor's grant on this device; call it in a transaction that writes.

    ``device`` is a secret that the browser keeps (:func:`core.ids.new_secret`). The token is
    derived from it and the grant's id, so tabs of one browser share one grant, and the database
    alone holds nothing that plays. A third device takes the place of the oldest.

    Raises:
        NotPlayable: There is no such broadcast, or it is not for this actor.
    """
    facts = queries.facts_of_broadcast(session, broadcast_id)
    if facts is None or not may_hold_grant(standing_of(actor, facts), facts):
        raise NotPlayable
    user_id = str(actor.user_id)  # who stands somewhere is signed in
    _lock_holder(session, user_id)
    held = queries.grants_of(session, user_id=user_id, broadcast_id=broadcast_id)
    valid = [grant for grant in held if grant.expires_at > now]
    for grant in valid:
        if grant.device == fingerprint(device):
            return _renewed(session, grant, device, now)
    _delete(session, [grant.id for grant in held if grant not in valid])
    token, row = _new_grant(device, _free_place(session, valid), now)
    session.execute(insert(Grant).values(user_id=user_id, broadcast_id=broadcast_id, **row))
    return token


def held_token(
    session: Session, *, actor: Actor, broadcast_id: str, device: str, now: datetime
) -> str | None:
    """Return what :func:`grant_playback` would, if that needs no write; else None."""
    if actor.user_id is None:
        return None
    held = queries.grants_of(session, user_id=actor.user_id, broadcast_id=broadcast_id)
    mark = fingerprint(device)
    fresh = (g for g in held if g.device == mark and g.expires_at - now >= GRANT_LIFE / 2)
    return next((token_of(grant.id, device) for grant in fresh), None)


def revoke_grants(
    session: Session,
    *,
    user_id: str | None = None,
    broadcast_id: str | None = None,
    organisation_id: str | None = None,
    device: str | None = None,
) -> int:
    """Delete the grants that match everything given and return how many; the gate denies them.

    Raises:
        NothingChosenError: Nothing was given, which would revoke every grant there is.
    """
    chosen = [
        column == value
        for column, value in (
            (Grant.user_id, user_id),
            (Grant.broadcast_id, broadcast_id),
            (Grant.device, fingerprint(device) if device else None),
        )
        if value is not None
    ]
    if organisation_id is not None:
        own = select(Livestream.broadcast_id).where(Livestream.organisation_id == organisation_id)
        chosen.append(Grant.broadcast_id.in_(own))
    if not chosen:
        raise NothingChosenError
    return _count(session.execute(delete(Grant).where(*chosen)))


def forget_expired(session: Session, *, now: datetime) -> int:
    """Delete the grants that are over, and return how many: who watched what is health data."""
    return _count(session.execute(delete(Grant).where(Grant.expires_at <= now)))


def token_of(grant_id: str, device: str) -> str:
    """Return the cookie of a grant; only the browser that keeps ``device`` has it."""
    return keyed_fingerprint(device, grant_id)


def _lock_holder(session: Session, user_id: str) -> None:
    """Let the grants of one person be made one after the other; SQLite has one writer anyway."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def _renewed(session: Session, grant: HeldGrant, device: str, now: datetime) -> str:
    if grant.expires_at - now < GRANT_LIFE / 2:
        longer = update(Grant).where(Grant.id == grant.id).values(expires_at=now + GRANT_LIFE)
        session.execute(longer)
    return token_of(grant.id, device)


def _free_place(session: Session, valid: list[HeldGrant]) -> int:
    """Return a place that is free now; ``valid`` is ordered by age, and the oldest give way."""
    spare = len(valid) - (DEVICES - 1)
    over, kept = (valid[:spare], valid[spare:]) if spare > 0 else ([], valid)
    _delete(session, [grant.id for grant in over])
    return min(set(range(DEVICES)) - {grant.place for grant in kept})


def _new_grant(device: str, place: int, now: datetime) -> tuple[str, dict[str, object]]:
    grant_id = new_id()
    token = token_of(grant_id, device)
    return token, {
        "id": grant_id,
        "fingerprint": fingerprint(token),
        "device": fingerprint(device),
        "place": place,
        "created_at": now,
        "expires_at": now + GRANT_LIFE,
    }


def _delete(session: Session, grant_ids: list[str]) -> None:
    if grant_ids:
        session.execute(delete(Grant).where(Grant.id.in_(grant_ids)))


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
