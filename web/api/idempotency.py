"""The edge of every writing route: one commit, and the same answer to the same request.

``Idempotency-Key`` makes a POST safe to repeat for 24 hours: the answer is stored in the
transaction of its effect, per person, key and route. Two requests at once meet at the primary key:
the second waits for the first and gets its answer. Refusals are not stored, so that a request can
be mended and sent again.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec, TypeAlias

from flask import request
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.errors import FieldError, InvalidInput, _
from core.sealing import seal, unseal
from web.api.models import StoredAnswer
from web.api.presenting import settings
from web.database import db
from web.security import current_actor

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
KEPT: Final = timedelta(hours=24)
LONGEST_KEY: Final = 200

P = ParamSpec("P")
Answer: TypeAlias = tuple[dict[str, Any], int, dict[str, str]]
"""A body, a status and headers; what every writing route returns."""


def writes(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """Commit what ``view`` did, or repeat what was answered to the same request before."""

    @wraps(view)
    def at_the_edge(*args: P.args, **kwargs: P.kwargs) -> Answer:
        stored = _stored_answer(db.session, utc_now())
        if stored is not None and stored.status:
            return _opened(stored.body), stored.status, {**stored.headers, REPLAYED: "true"}
        answer = view(*args, **kwargs)
        if stored is not None:
            body, stored.status, stored.headers = answer
            stored.body = _closed(body)
        db.session.commit()
        return answer

    return at_the_edge


def _closed(body: dict[str, Any]) -> dict[str, Any]:
    """Seal an answer before it is stored: it may hold a stream key."""
    return {"sealed": seal(settings().data_key, json.dumps(body))}


def _opened(stored: dict[str, Any]) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(unseal(settings().data_key, stored["sealed"]))
    return opened


def forget_expired(session: Session, now: datetime) -> None:
    """Delete stored answers that have expired; a job of the clock."""
    session.execute(delete(StoredAnswer).where(StoredAnswer.expires_at <= now))


def _stored_answer(session: Session, now: datetime) -> StoredAnswer | None:
    """Return the row of this request, new or known; None when no key was sent."""
    key, actor_id = request.headers.get(HEADER), current_actor().user_id
    if not key or actor_id is None or request.method != "POST":
        return None
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise InvalidInput(FieldError(HEADER, _("Use at most 200 printable characters.")))
    fresh = StoredAnswer(
        actor_id=actor_id,
        key=key,
        route=request.path,
        fingerprint=hashlib.sha256(request.get_data()).hexdigest(),
        expires_at=now + KEPT,
    )
    return _inserted(session, fresh) or _known(session, fresh, now)


def _inserted(session: Session, fresh: StoredAnswer) -> StoredAnswer | None:
    try:
        with session.begin_nested():
            session.add(fresh)
    except IntegrityError:
        return None
    return fresh


def _known(session: Session, fresh: StoredAnswer, now: datetime) -> StoredAnswer | None:
    identity = (fresh.actor_id, fresh.key, fresh.route)
    known = session.get(StoredAnswer, identity, populate_existing=True)
    if known is None or known.expires_at <= now:
        forget_expired(session, now)
        return _inserted(session, fresh)
    if known.fingerprint != fresh.fingerprint:
        raise InvalidInput(FieldError(HEADER, _("This key was used for another request.")))
    return known
