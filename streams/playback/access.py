"""The grant of a browser: how an eligible person's player gets its cookie, and loses it again.

The cookie is sent with media of its broadcast only, so pages cannot see it. What they see is the
login session, which keeps one secret per browser (the *device*): from it the same cookie is derived
again at every page view, in every tab.
"""

from datetime import datetime

from flask import Flask, Response, request
from flask import session as login_session
from flask_principal import AnonymousIdentity, Identity
from sqlalchemy.orm import Session

from accounts.rules import Actor
from core.database import mark_reading
from core.ids import new_secret
from media.paths import master_url
from streams.playback.queries import facts_of_broadcast
from streams.playback.rules import (
    Audience,
    Credentials,
    Facts,
    audience_at,
    may_hold_grant,
    may_play,
    standing_of,
)
from streams.playback.services import grant_playback, held_token, revoke_grants

COOKIE = "mc_grant"
DEVICE = "mc_device"


def playback_url_for(facts: Facts, *, actor: Actor, now: datetime) -> str | None:
    """Return the address the actor's player is given; None while there is nothing to play."""
    if not may_play(standing_of(actor, facts), facts, now):
        return None
    return master_url(facts.broadcast_id)


def issue_grant_cookie(
    response: Response, *, session: Session, actor: Actor, broadcast_id: str, now: datetime
) -> bool:
    """Give the browser the grant it needs to play, if any; tell whether ``response`` now sets it.

    Nothing happens for a stranger, an outsider, or media that everybody may play. Call it when the
    page has been rendered: a new grant is written in a transaction of its own, because that of a
    GET only reads.
    """
    if actor.user_id is None:
        return False
    facts = facts_of_broadcast(session, broadcast_id)
    if facts is None or audience_at(facts, now) is Audience.EVERYBODY:
        return False
    if not may_hold_grant(standing_of(actor, facts), facts):
        return False
    device = _device()
    token = held_token(session, actor=actor, broadcast_id=broadcast_id, device=device, now=now)
    if token is None:
        _begin_writing(session)
        token = grant_playback(
            session, actor=actor, broadcast_id=broadcast_id, device=device, now=now
        )
        session.commit()
    _set_cookie(response, broadcast_id, token)
    return True


def drop_grant_cookie(
    response: Response, *, session: Session, actor: Actor, broadcast_id: str
) -> None:
    """End the grant of this browser for the broadcast; the caller commits."""
    device = _known_device()
    if actor.user_id is not None and device is not None:
        revoke_grants(session, user_id=actor.user_id, broadcast_id=broadcast_id, device=device)
    response.delete_cookie(COOKIE, path=_cookie_path(broadcast_id))


def forget_device(app: Flask, *, identity: Identity) -> None:
    """End every grant of a browser whose person signs out: the next one at it plays nothing."""
    device = login_session.get(DEVICE)
    if device is None or not isinstance(identity, AnonymousIdentity):
        return
    del login_session[DEVICE]
    session: Session = app.extensions["sqlalchemy"].session
    _begin_writing(session)
    revoke_grants(session, device=device)
    session.commit()


def bearer_secret() -> str | None:
    """Return the API token of the request, if it carries one."""
    given = request.authorization
    return given.token if given is not None and given.type == "bearer" else None


def credentials() -> Credentials:
    """Return what the present media request shows; the login session is not looked at."""
    return Credentials(request.cookies.get(COOKIE), bearer_secret())


def _device() -> str:
    device = _known_device()
    if device is None:
        device = login_session[DEVICE] = new_secret()
    return device


def _known_device() -> str | None:
    """Return the secret that this browser keeps; for a program, its API token takes that place."""
    bearer = bearer_secret()
    if bearer is not None:
        return f"bearer {bearer}"
    device: str | None = login_session.get(DEVICE)
    return device


def _begin_writing(session: Session) -> None:
    """End the transaction that only reads: on SQLite it could fail to become one that writes."""
    session.commit()
    mark_reading(only_reads=False)


def _set_cookie(response: Response, broadcast_id: str, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        path=_cookie_path(broadcast_id),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _cookie_path(broadcast_id: str) -> str:
    return master_url(broadcast_id).rpartition("/")[0] + "/"
