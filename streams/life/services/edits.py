"""Edits of a livestream, and what must not change by one: who sent, and who watches over it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog import services as catalog
from catalog.models import Livestream
from core.errors import FieldError, InvalidInput
from media.enums import BroadcastState as B
from media.enums import UploadState
from media.models import Upload
from scheduler.programme import services as programme
from streams.doors.keys import forget_key
from streams.life import rules
from streams.life.queries import standing_of
from streams.life.services.teaching import check_still_fits
from streams.readiness.services import forget_notes

COMING_IN: Final = (UploadState.OPEN, UploadState.RECEIVED, UploadState.IMPORTING)


def edit_livestream(
    session: Session,
    *,
    actor: Actor,
    livestream: Livestream,
    changes: Mapping[str, Any],
    now: datetime,
    may_move: bool = False,
) -> Livestream:
    """Change fields of a livestream, and its reservation with its time and host: both or neither.

    ``may_move`` is for :mod:`streams.planning.services.moving` alone; see ``catalog.services``.

    Another host gets another stream key: whoever knows the old one opens nothing with it. Nor is
    anything handed on that the former one wrote for themselves, sends, or has sent.

    Raises:
        Taken: The new time is not free.
        NotVerified, BeyondScope: The new host may not do what was agreed, whoever sets them.
        NotAllowed, NotEditable, InvalidInput, WrongState: As ``catalog.services`` does.
    """
    catalog.keep_as_it_is(session, livestream=livestream)
    before, host_id, scope = _time_of(livestream), livestream.host_id, livestream.scope
    recorded = livestream.recorded
    with session.begin_nested():
        catalog.edit_livestream(
            session,
            actor=actor,
            livestream=livestream,
            changes=changes,
            now=now,
            may_move=may_move,
        )
        _check_talk(session, livestream)
        check_still_fits(session, livestream=livestream, was=(host_id, scope), now=now)
        if _time_of(livestream) != before:
            programme.follow_edit(session, livestream=livestream, now=now)
        if livestream.host_id != host_id:
            _hand_over(session, livestream)
        if livestream.recorded != recorded:
            _record_choice(session, actor, livestream, now)
    return livestream


def _check_talk(session: Session, livestream: Livestream) -> None:
    """Refuse to leave a talk behind that is held for a premiere."""
    pair = standing_of(session, livestream_id=livestream.id).pair
    if rules.is_held(pair) and not livestream.premiere:
        raise InvalidInput(FieldError("premiere", rules.TALK_IS_HELD))


def _hand_over(session: Session, livestream: Livestream) -> None:
    """Leave nothing of the former host to the new one.

    Raises:
        InvalidInput: Something of the former host is there, or comes in at this moment: it would
            be shown under another name, and with the consent of somebody else.
    """
    broadcast = standing_of(session, livestream_id=livestream.id).pair[1]
    if broadcast is B.RECEIVING:
        raise InvalidInput(FieldError("host", rules.SOMEBODY_SENDS))
    coming = select(Upload.id).where(
        Upload.broadcast_id == livestream.broadcast_id, Upload.state.in_(COMING_IN)
    )
    if broadcast is B.ENDED or session.scalars(coming).first() is not None:
        raise InvalidInput(FieldError("host", rules.TALK_IS_HELD))
    forget_key(session, livestream_id=livestream.id)
    forget_notes(session, livestream_id=livestream.id)


def _record_choice(session: Session, actor: Actor, livestream: Livestream, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act="livestream.recorded",
        subject_kind="livestream",
        subject_id=livestream.id,
        now=now,
        details={"recorded": livestream.recorded},
    )


def _time_of(livestream: Livestream) -> tuple[datetime, datetime, str]:
    return livestream.starts_at, livestream.ends_at, livestream.host_id
