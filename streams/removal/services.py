"""Asking for removals, calling them off, and following what hosts agree to.

Nothing is removed here: a step of the worker does that (:mod:`streams.removal.jobs`), when the
time has come.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_user
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.errors import Refusal
from core.ids import new_id
from core.work.services import enqueue, retry
from media.models import Broadcast
from streams.life.rules import Event
from streams.life.services import apply_event
from streams.playback.services import revoke_grants
from streams.removal import queries
from streams.removal.enums import Reason, RemovalState
from streams.removal.errors import NotFailed
from streams.removal.models import Removal
from streams.removal.rules import AFTER_END, AFTER_WITHDRAWAL, state_of

ATTEMPTS = 100  # about a day, one every 15 minutes; a storage that is away must not end it


def ask_if_not_recorded(session: Session, *, livestream_id: str, now: datetime) -> bool:
    """Ask for the removal of what was not recorded; tell whether it is not recorded.

    For the node that has packaged the last segment of it.
    """
    livestream = session.get_one(Livestream, livestream_id, populate_existing=True)
    if livestream.recorded:
        return False
    ask(session, livestream, reason=Reason.NOT_RECORDED, asked_at=now, due_at=now + AFTER_END)
    return True


def ask(
    session: Session,
    livestream: Livestream,
    *,
    reason: Reason,
    asked_at: datetime,
    due_at: datetime,
) -> Removal:
    """Ask for all media of a livestream to be removed; return the one open removal of it."""
    known = queries.open_removal(session, broadcast_id=livestream.broadcast_id)
    if known is None:
        known = _add(session, livestream, reason, asked_at, due_at)
    if reason is Reason.NOT_RECORDED:  # what is due in a month is asked for when it is
        known.reason, known.due_at = reason, min(known.due_at, due_at)
        enqueue_step(session, known, now=asked_at)
    return known


def enqueue_step(session: Session, removal: Removal, *, now: datetime, again: bool = False) -> None:
    """Ask the worker for a removal, or to look ``again``; asking twice changes nothing."""
    enqueue(
        session,
        kind=queries.REMOVE,
        subject=removal.broadcast_id,
        revision=queries.revision_of(session, removal, again=again),
        payload={"removal": removal.id},
        now=now,
        due_at=max(now, removal.due_at),
        max_attempts=ATTEMPTS,
    )


def retry_removal(session: Session, *, removal: Removal, now: datetime) -> None:
    """Try a removal again that was given up.

    Raises:
        NotFailed: It was not.
    """
    failed = queries.failed_removals(session, [removal]).get(removal.id)
    if state_of(removal, failed=failed is not None, now=now) is not RemovalState.FAILED:
        raise NotFailed
    if failed is not None:
        retry(session, work_id=failed.id, now=now)


def follow(session: Session, now: datetime) -> None:
    """Do what consents and choices say, and ask for what is due; the clock's net.

    Everything is asked for at once where it happens; here is what a kill left undone.
    """
    follow_consents(session, now=now)
    for livestream in queries.unkept_livestreams(session):
        ask(session, livestream, reason=Reason.NOT_RECORDED, asked_at=now, due_at=now + AFTER_END)
    for removal in queries.due_removals(session, now=now):
        enqueue_step(session, removal, now=now)
    for removal in queries.unconfirmed_removals(session, now=now):
        enqueue_step(session, removal, now=now, again=True)


def follow_consents(session: Session, *, now: datetime, host_id: str | None = None) -> None:
    """Hide the recordings of hosts who withdrew the consent, and show again where they gave it.

    ``host_id`` is the one person who has just said so; None: everybody.
    """
    withdrawn = queries.withdrawn_consents(session, host_id=host_id)
    _record_no_more(session, sorted(withdrawn), now)
    for livestream in queries.recordings_to_withhold(session, host_ids=sorted(withdrawn)):
        withhold(session, livestream, now=now)
    for livestream in queries.media_to_remove(session, host_ids=sorted(withdrawn)):
        _remove_later(session, livestream, withdrawn[livestream.host_id], now)
    _call_off(session, set(queries.withdrawn_consents(session)), now)


def withhold(session: Session, livestream: Livestream, *, now: datetime) -> None:
    """Show a recording to nobody from now on; a replay that was released is no longer."""
    if livestream.state == L.PUBLISHED:
        try:
            apply_event(session, livestream_id=livestream.id, event=Event.WITHHOLD, now=now)
        except Refusal:
            return  # somebody moved it; the next look sees where it stands
    livestream.withheld_at = livestream.updated_at = now
    _raise_revision(session, livestream.broadcast_id)
    revoke_grants(session, broadcast_id=livestream.broadcast_id)
    session.flush()


def _add(
    session: Session, livestream: Livestream, reason: Reason, asked_at: datetime, due_at: datetime
) -> Removal:
    removal = Removal(
        id=new_id(),
        broadcast_id=livestream.broadcast_id,
        livestream_id=livestream.id,
        host_id=livestream.host_id,
        reason=reason,
        asked_at=asked_at,
        due_at=due_at,
        objects=0,
        size=0,
        details={},
    )
    try:
        with session.begin_nested():
            session.add(removal)
    except IntegrityError:  # somebody asked at the same moment
        known = queries.open_removal(session, broadcast_id=livestream.broadcast_id)
        if known is None:
            raise
        return known
    return removal


def _remove_later(
    session: Session, livestream: Livestream, withdrawn_at: datetime, now: datetime
) -> None:
    """Ask for a removal in a month, and tell the host, who can call it off until then."""
    removal = ask(
        session,
        livestream,
        reason=Reason.CONSENT_WITHDRAWN,
        asked_at=now,
        due_at=withdrawn_at + AFTER_WITHDRAWAL,
    )
    posting = Posting("recording_withheld", removal.id)
    post_to_user(session, posting, user_id=livestream.host_id, now=now)


def _record_no_more(session: Session, host_ids: Sequence[str], now: datetime) -> None:
    """Make what is still to come, or is on air, something that is not recorded."""
    ids = queries.recorded_ahead(session, host_ids=host_ids)
    if ids:
        session.execute(
            update(Livestream)
            .where(Livestream.id.in_(ids), Livestream.recorded)
            .values(recorded=False, updated_at=now)
        )


def _call_off(session: Session, withdrawn: set[str], now: datetime) -> None:
    """Keep what hosts agree to again; their recordings wait for a release."""
    waiting = queries.waiting_for_consent(session)
    ids = [one.id for one in waiting if one.host_id not in withdrawn]
    if ids:  # what somebody has brought forward or begun meanwhile goes on
        still = (Removal.reason == Reason.CONSENT_WITHDRAWN, Removal.due_at > now, *queries.OPEN)
        called_off = update(Removal).where(Removal.id.in_(ids), *still)
        session.execute(called_off.values(called_off_at=now))
    for livestream_id, host_id, broadcast_id in queries.withheld_livestreams(session):
        if host_id not in withdrawn:
            again = {"withheld_at": None, "updated_at": now}
            session.execute(
                update(Livestream).where(Livestream.id == livestream_id).values(**again)
            )
            _raise_revision(session, broadcast_id)
    session.flush()


def _raise_revision(session: Session, broadcast_id: str) -> None:
    """Let no edge give out what it keeps of a broadcast."""
    session.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast_id)
        .values(revision=Broadcast.revision + 1)
    )
