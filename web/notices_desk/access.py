"""The desk on somebody's behalf: editors change wordings, administrators read what was sent."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.editing.rules.editors import check_may_edit
from core.errors import NotFound
from web.notices_desk import outbox
from web.notices_desk.outbox import Place
from web.work_board.access import check_may_act


def check_editor(actor: Actor) -> str:
    """Return the id of one of the staff.

    Raises:
        SignInNeeded, NotAllowed: The actor is none of them.
    """
    check_may_edit(actor)
    return str(actor.user_id)


def check_administrator(actor: Actor) -> str:
    """Return the id of an administrator: mails hold addresses; raises as :func:`check_editor`."""
    check_may_act(actor)
    return str(actor.user_id)


def open_mail(
    session: Session, *, actor: Actor, folder: Path, place: Place | None, part: str, now: datetime
) -> bytes:
    """Return a mail that was sent, and write down who opened it: it is personal data.

    Args:
        session: Of the audit log.
        actor: Who opens it.
        folder: The outbox.
        place: Where it lies.
        part: What of it is shown: ``page``, ``html`` or ``attachment``.
        now: When.

    Raises:
        SignInNeeded, NotAllowed: The actor is no administrator.
        NotFound: There is no such mail, or no longer.
    """
    user_id = check_administrator(actor)
    content = outbox.read(folder, place) if place else None
    if place is None or content is None:
        raise NotFound
    record_audit(
        session,
        actor_id=user_id,
        act="mail.open",
        subject_kind="mail",
        subject_id=place.name[:64],
        now=now,
        details={"day": place.day, "hour": place.hour, "name": place.name, "part": part},
    )
    return content
