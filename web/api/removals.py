"""Receipts of recordings that were removed: a host's own, or all for the staff."""

from typing import Any

from core.clock import rfc3339, utc_now
from streams.removal import access
from streams.removal.views import Shown, show
from web.api.blueprint import api
from web.api.presenting import moment
from web.api.schemas.removals import RemovalList
from web.database import db
from web.security import current_actor


@api.get("/removals")
@api.output(RemovalList)
@api.doc(security="bearer")
def list_removals() -> dict[str, Any]:
    """List what is to be removed and what was, the newest 200. For hosts and the staff."""
    found = access.removals_for(db.session, actor=current_actor())
    return {
        "items": [_item(one) for one in show(db.session, found, utc_now())],
        "next_cursor": None,
    }


def _item(shown: Shown) -> dict[str, Any]:
    one = shown.removal
    return {
        "id": one.id,
        "livestream": one.livestream_id,
        "reason": one.reason,
        "state": shown.state,
        "asked_at": rfc3339(one.asked_at),
        "due_at": rfc3339(one.due_at),
        "called_off_at": moment(one.called_off_at),
        "done_at": moment(one.done_at),
        "objects": one.objects,
        "size": one.size,
        "rows": one.details.get("rows", {}),
    }
