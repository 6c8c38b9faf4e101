"""The steps that follow the end of a broadcast; the replay is there without them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from core.database import reading
from core.work.services import enqueue
from media import paths
from media.errors import NoSuchMedia, NotYetPlayable
from media.playlists import final_playlists
from media.poster import make_poster
from media.sound import make_sound
from media.steps import Step, StepContext

POSTER: Final = "poster"
SOUND: Final = "sound"
FINAL_PLAYLISTS: Final = "final_playlists"
REPLAY_STEPS: Final = (FINAL_PLAYLISTS, POSTER, SOUND)
ATTEMPTS: Final = 6
"""With the waits between them half an hour: storage that was away costs no step."""


def enqueue_replay_steps(session: Session, *, broadcast_id: str, now: datetime) -> None:
    """Ask for all that is made after the end of a broadcast; asking again changes nothing."""
    for kind in REPLAY_STEPS:
        enqueue(session, kind=kind, subject=broadcast_id, now=now, max_attempts=ATTEMPTS)


def write_final_playlists(context: StepContext) -> None:
    """Write the final playlists as objects, so that a replay needs no database; the master last.

    A broadcast of which nothing was ever shown has none.
    """
    try:
        with reading(), context.sessions() as session:
            texts = final_playlists(session, broadcast_id=context.subject)
    except (NoSuchMedia, NotYetPlayable):
        return
    for number, (key, text) in enumerate(texts.items()):
        context.progress(number / len(texts))
        context.storage.put_bytes(key, text.encode(), content_type=paths.content_type(key))


STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {FINAL_PLAYLISTS: write_final_playlists, POSTER: make_poster, SOUND: make_sound}
)
"""What the worker runs, by the kind of work."""
