"""The step that removes all media of a broadcast, and writes the receipt.

First nobody may write any more, then rows go, then objects, then files; and all of it again until
nothing was found. A kill leaves a removal that is not done: the next attempt does every part once
more. What was counted stays counted.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_user
from catalog.models import Livestream
from core.clock import rfc3339, utc_now
from core.errors import _
from media import paths, removal
from media.models import Broadcast
from media.steps import Step, StepContext
from streams.playback.services import revoke_grants
from streams.removal.errors import NotEmptyError, StillAtWorkError
from streams.removal.models import Removal
from streams.removal.queries import REMOVE
from streams.removal.rules import OVER, added

TITLES: Final[Mapping[str, str]] = MappingProxyType({REMOVE: _("Removal of what is not kept")})
"""What a person reads instead of the kind."""
ROUNDS: Final = 3


def remove_recording(context: StepContext) -> None:
    """Remove everything of the broadcast ``context.subject``; look again when it is done.

    Raises:
        StillAtWorkError: A worker was told to stop; the next attempt finds it gone.
        NotEmptyError: Something came back in the meantime.
    """
    if not _shut_out(context):
        return
    _measure(context)
    for number in range(ROUNDS):
        gone = _delete_rows(context)
        found = partial(_count, context, number)
        removal.sweep(context, _prefixes(context), found=found)
        removal.forget_files(context.settings, context.subject)
        if not gone and _write_receipt(context):
            return
    raise NotEmptyError


STEPS: Final[Mapping[str, Step]] = MappingProxyType({REMOVE: remove_recording})
"""What the worker runs besides the steps of media, by the kind of work."""


def _shut_out(context: StepContext) -> bool:
    """Stop whoever writes; tell whether there is anything to be done at all."""
    now = utc_now()
    with context.sessions.begin() as session:
        row = _removal(session, context)
        if row is None or row.called_off_at is not None:
            return False
        if _takes_place(session, row):
            row.called_off_at = now if row.done_at is None else None
            return False
        if not _may_go_on(session, row):
            return False
        removal.shut_out(session, broadcast_id=context.subject)
        busy = removal.drop_work(session, broadcast_id=context.subject, but=REMOVE, now=now)
        revoke_grants(session, broadcast_id=context.subject)
        known = set(row.details.get("uploads", ()))
        ids = known.union(removal.upload_ids(session, broadcast_id=context.subject))
        _note(row, uploads=sorted(ids))
    if busy:
        raise StillAtWorkError
    return True


def _takes_place(session: Session, row: Removal) -> bool:
    """Tell whether the livestream was called off and takes place after all; hold it as it is."""
    held = select(Livestream.state).where(Livestream.id == row.livestream_id).with_for_update()
    state = session.scalar(held)
    return state is not None and state not in OVER


def _may_go_on(session: Session, row: Removal) -> bool:
    """Tell whether it is still to be removed; what was emptied may have become something new."""
    query = select(Broadcast.emptied_at).where(Broadcast.id == row.broadcast_id)
    emptied_at = session.scalar(query.with_for_update())
    return row.done_at is None or emptied_at is not None


def _measure(context: StepContext) -> None:
    """Write down what there is before anything goes; once, so that a kill falsifies nothing."""
    objects, size = removal.measure(context.storage, _prefixes(context))
    with context.sessions.begin() as session:
        row = _present(session, context)
        if row.details.get("measured"):
            return
        row.objects, row.size = objects, size
        _note(row, measured=True)


def _delete_rows(context: StepContext) -> int:
    """Delete the rows and add them to the receipt, both or neither; return how many."""
    with context.sessions.begin() as session:
        rows = removal.delete_rows(session, broadcast_id=context.subject)
        row = _present(session, context)
        if rows:
            _note(row, rows=added(row.details, rows))
    return sum(rows.values())


def _count(context: StepContext, turn: int, number: int, objects: int, size: int) -> None:
    """Add what was stored after the rest was measured."""
    with context.sessions.begin() as session:
        row = _present(session, context)
        if turn + number > 0 or row.done_at is not None:
            row.objects += objects
            row.size += size


def _write_receipt(context: StepContext) -> bool:
    """Say that nothing is left, in the transaction that finds no row; False: there were some."""
    now = utc_now()
    if removal.measure(context.storage, _prefixes(context))[0]:
        return False
    with context.sessions.begin() as session:
        row = _present(session, context)
        is_over = not _takes_place(session, row)  # first: moves hold the livestream's row first
        rows = removal.delete_rows(session, broadcast_id=context.subject)
        if rows:
            _note(row, rows=added(row.details, rows))
            return False
        _finish(session, row, now, is_over=is_over)
    return True


def _finish(session: Session, row: Removal, now: datetime, *, is_over: bool) -> None:
    """Write that it is done; what takes place after all is empty, but to be filled again."""
    if row.done_at is not None:
        _note(row, looked_again=rfc3339(now))
        return
    row.done_at = now
    if is_over:
        removal.note_emptied(session, broadcast_id=row.broadcast_id, now=now)
    if session.get(Livestream, row.livestream_id) is not None:
        posting = Posting("recording_removed", row.id)
        post_to_user(session, posting, user_id=row.host_id, now=now)


def _prefixes(context: StepContext) -> list[str]:
    with context.sessions() as session:
        uploads = _present(session, context).details.get("uploads", ())
    mine = paths.broadcast_prefix(context.subject)
    return [mine, *(paths.upload_prefix(one) for one in uploads)]


def _present(session: Session, context: StepContext) -> Removal:
    return session.get_one(Removal, str(context.payload["removal"]), populate_existing=True)


def _removal(session: Session, context: StepContext) -> Removal | None:
    return session.get(
        Removal, str(context.payload["removal"]), populate_existing=True, with_for_update=True
    )


def _note(row: Removal, **more: Any) -> None:  # noqa: ANN401 -- what a receipt holds
    row.details = {**row.details, **more}
