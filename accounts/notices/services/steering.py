"""What people who look after the ledger do to a row that stepped aside."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason, NoticeState
from accounts.notices.errors import NotSteerable
from accounts.notices.models import Notice

DROPPABLE: Final = (NoticeState.WAITING, NoticeState.HELD, NoticeState.FAILED)


def retry(session: Session, *, notice_id: str, now: datetime) -> None:
    """Try a failed notice again from its first attempt, because a person asked.

    Raises:
        NotSteerable: It has not failed, or there is none of this id.
    """
    fresh: dict[str, Any] = {"state": NoticeState.WAITING, "attempts": 0, "due_at": now}
    _set(session, notice_id, (NoticeState.FAILED,), **fresh, reason="")


def drop(session: Session, *, notice_id: str) -> None:
    """Send a notice never, because a person asked.

    Raises:
        NotSteerable: It is being sent, was sent or dropped, or there is none of this id.
    """
    _set(session, notice_id, DROPPABLE, state=NoticeState.DROPPED, reason=DropReason.BY_HAND)


def _set(session: Session, notice_id: str, states: tuple[NoticeState, ...], **values: Any) -> None:  # noqa: ANN401 -- columns
    changed = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.state.in_(states))
        .values(**values)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if changed is None:
        raise NotSteerable
