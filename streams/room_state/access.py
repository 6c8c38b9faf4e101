"""The room that is kept with a broadcast, for whoever runs its livestream."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.access import livestream_to_run
from media.errors import ObjectMissing
from media.ports import ObjectStorage
from streams.room_state.errors import NothingKept
from streams.room_state.services import OVER, kept_room


def kept_room_for(
    session: Session, storage: ObjectStorage, *, actor: Actor, livestream_id: str
) -> Mapping[str, Any]:
    """Return what was asked in a livestream that the actor runs, also in parts that were cut off.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        NothingKept: It is not over, nobody took part, or it was removed.
    """
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    if livestream.state not in OVER:
        raise NothingKept
    try:
        return kept_room(storage, broadcast_id=livestream.broadcast_id)
    except ObjectMissing:
        raise NothingKept from None
