"""Receipts: what of a host's recordings is to go, or is gone."""

from pydantic import BaseModel

from streams.removal.enums import Reason, RemovalState
from web.api.schemas.fields import ShownMoment


class RemovalItem(BaseModel):
    """The removal of all media of one livestream; ``rows`` are by table, ``size`` in bytes.

    ``livestream`` may be gone; the receipt stays.
    """

    id: str
    livestream: str
    reason: Reason
    state: RemovalState
    asked_at: ShownMoment
    due_at: ShownMoment
    called_off_at: ShownMoment | None
    done_at: ShownMoment | None
    objects: int
    size: int
    rows: dict[str, int]


class RemovalList(BaseModel):
    """The newest removals."""

    items: list[RemovalItem]
    next_cursor: str | None
