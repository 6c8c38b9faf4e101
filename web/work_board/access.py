"""The board on somebody's behalf: the staff read it, administrators act on it."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from accounts.services import record_audit
from catalog.editing.rules.editors import check_may_edit
from core.errors import NotAllowed
from core.work import services
from core.work.errors import NoSuchWork
from web.work_board.queries import Board, Filters, Row, read_board, read_row


def board_for(session: Session, *, actor: Actor, filters: Filters) -> Board:
    """Return a page of the board.

    Raises:
        SignInNeeded, NotAllowed: The actor is none of the staff.
    """
    check_may_edit(actor)
    return read_board(session, filters)


def row_for(session: Session, *, actor: Actor, work_id: str) -> Row:
    """Return one piece of work; raises as :func:`board_for`, and NoSuchWork."""
    check_may_edit(actor)
    row = read_row(session, work_id=work_id)
    if row is None:
        raise NoSuchWork
    return row


def may_act(actor: Actor) -> bool:
    """Tell whether the actor may try work again or cancel it."""
    return actor.has(Role.ADMINISTRATOR)


def retry(session: Session, *, actor: Actor, work_id: str, now: datetime) -> Row:
    """Try failed or cancelled work again, and write that down.

    Raises:
        SignInNeeded, NotAllowed: The actor is no administrator.
        NoSuchWork, NotRetryable: There is nothing to be tried again.
    """
    row = _row_to_act(session, actor, work_id)
    services.retry(session, work_id=work_id, now=now)
    _record(session, actor, "work.retry", row, now)
    return row_for(session, actor=actor, work_id=work_id)


def cancel(session: Session, *, actor: Actor, work_id: str, now: datetime) -> Row:
    """Cancel work that is not done, and write that down; raises as :func:`retry`."""
    row = _row_to_act(session, actor, work_id)
    services.cancel(session, work_id=work_id, now=now)
    _record(session, actor, "work.cancel", row, now)
    return row_for(session, actor=actor, work_id=work_id)


def _row_to_act(session: Session, actor: Actor, work_id: str) -> Row:
    check_may_act(actor)
    return row_for(session, actor=actor, work_id=work_id)


def check_may_act(actor: Actor) -> None:
    """Refuse whoever is no administrator.

    Raises:
        SignInNeeded, NotAllowed: Nobody is signed in, or another person.
    """
    check_may_edit(actor)
    if not may_act(actor):
        raise NotAllowed


def _record(session: Session, actor: Actor, act: str, row: Row, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=act,
        subject_kind="work",
        subject_id=row.work.id,
        now=now,
        details={"kind": row.work.kind, "livestream": row.livestream_id},
    )
