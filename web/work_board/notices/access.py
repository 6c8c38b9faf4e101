"""The board of notices on somebody's behalf: the staff read it, administrators act on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices.queries import PAGE_ROWS, NoticeLine, find_notice, list_notices
from accounts.notices.services.steering import drop as drop_notice
from accounts.notices.services.steering import retry as retry_notice
from accounts.rules import Actor
from accounts.services import record_audit
from catalog.editing.rules.editors import check_may_edit
from core.errors import NotFound
from web.work_board.access import check_may_act
from web.work_board.notices.queries import counts


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown; an empty kind is any. ``page`` counts from 1."""

    state: str
    kind: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board; ``counts`` by state, of what is settled only today's."""

    rows: Sequence[NoticeLine]
    counts: Mapping[str, int]
    has_next: bool


def board_for(session: Session, *, actor: Actor, filters: Filters, today: datetime) -> Board:
    """Return a page of the board.

    Raises:
        SignInNeeded, NotAllowed: The actor is none of the staff.
    """
    check_may_edit(actor)
    rows = list_notices(session, state=filters.state, kind=filters.kind or None, page=filters.page)
    return Board(rows[:PAGE_ROWS], counts(session, today=today), len(rows) > PAGE_ROWS)


def notice_for(session: Session, *, actor: Actor, notice_id: str) -> NoticeLine:
    """Return one notice; raises as :func:`board_for`, and NotFound."""
    check_may_edit(actor)
    found = find_notice(session, notice_id=notice_id)
    if found is None:
        raise NotFound
    return found


def retry(session: Session, *, actor: Actor, notice_id: str, now: datetime) -> None:
    """Try a failed notice again, and write that down.

    Raises:
        SignInNeeded, NotAllowed: The actor is no administrator.
        NotFound, NotSteerable: There is nothing to be tried again.
    """
    notice = _to_act(session, actor, notice_id)
    retry_notice(session, notice_id=notice_id, now=now)
    _record(session, actor, "notice.retry", notice, now)


def drop(session: Session, *, actor: Actor, notice_id: str, now: datetime) -> None:
    """See to it that a notice is never sent, and write that down; raises as :func:`retry`."""
    notice = _to_act(session, actor, notice_id)
    drop_notice(session, notice_id=notice_id)
    _record(session, actor, "notice.drop", notice, now)


def _to_act(session: Session, actor: Actor, notice_id: str) -> NoticeLine:
    check_may_act(actor)
    return notice_for(session, actor=actor, notice_id=notice_id)


def _record(session: Session, actor: Actor, act: str, notice: NoticeLine, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=act,
        subject_kind="notice",
        subject_id=notice.id,
        now=now,
        details={"kind": notice.kind, "channel": notice.channel, "state": notice.state},
    )
