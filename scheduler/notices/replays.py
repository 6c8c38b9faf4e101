"""A replay is there, or waits for its host: told once, when the last of it was packaged."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_user
from catalog.enums import LivestreamState as L
from media.enums import BroadcastState
from scheduler.notices.followers import tell_replay
from scheduler.notices.mailings import make_mailing


class Shown(Protocol):
    """A livestream that people could wait for."""

    @property
    def id(self) -> str: ...  # noqa: D102 -- as the column
    @property
    def state(self) -> str: ...  # noqa: D102 -- as above
    @property
    def host_id(self) -> str: ...  # noqa: D102 -- as above
    @property
    def broadcast_state(self) -> str: ...  # noqa: D102 -- as above


def tell(session: Session, shown: Shown, *, now: datetime) -> None:
    """Tell viewers that a replay was published, or its host that it waits; once each."""
    if shown.broadcast_state != BroadcastState.ENDED:
        return
    if shown.state == L.PUBLISHED:
        if make_mailing(
            session, shown.id, "replay_ready", revision=1, facts={}, due_at=now, now=now
        ):
            tell_replay(session, shown.id, now)
    elif shown.state == L.ENDED:
        posting = Posting("replay_waiting", shown.id)
        post_to_user(session, posting, user_id=shown.host_id, now=now)
