"""The steps that follow the end of a broadcast; the replay is there without them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from core.database import reading
from core.errors import _
from core.work.services import enqueue
from media import paths
from media.errors import NoSuchMedia, NotYetPlayable
from media.ladder import kinds
from media.ladder.part import make_part
from media.ladder.planning import enqueue_ladder, plan_ladder
from media.ladder.publish import publish_ladder
from media.ladder.storyboard import make_storyboard
from media.playlists import final_playlists, shown_generation
from media.poster import make_poster
from media.retention import RETIRE, retire
from media.sound import make_sound
from media.steps import Step, StepContext

POSTER: Final = "poster"
SOUND: Final = kinds.SOUND
FINAL_PLAYLISTS: Final = "final_playlists"
REPLAY_STEPS: Final = (FINAL_PLAYLISTS, POSTER, kinds.PLAN)
"""What is asked for at the end; the plan asks for the rest of the ladder."""
ATTEMPTS: Final = kinds.ATTEMPTS


def enqueue_replay_steps(session: Session, *, broadcast_id: str, now: datetime) -> None:
    """Ask for all that is made after the end of a broadcast; asking again changes nothing."""
    for kind in (FINAL_PLAYLISTS, POSTER):
        enqueue(session, kind=kind, subject=broadcast_id, now=now, max_attempts=ATTEMPTS)
    enqueue_ladder(session, broadcast_id=broadcast_id, now=now, generation=1)


def write_final_playlists(context: StepContext) -> None:
    """Write the final playlists as objects, so that a replay needs no database; the master last.

    A broadcast of which nothing was ever shown has none. When a ladder is shown meanwhile they are
    written again: the master playlist in storage must name what is shown.
    """
    generation = -1
    while (shown := _shown_generation(context)) != generation:
        generation = shown
        _write_playlists(context)


def _shown_generation(context: StepContext) -> int:
    with reading(), context.sessions() as session:
        return shown_generation(session, broadcast_id=context.subject)


def _write_playlists(context: StepContext) -> None:
    try:
        with reading(), context.sessions() as session:
            texts = final_playlists(session, broadcast_id=context.subject)
    except (NoSuchMedia, NotYetPlayable):
        return
    for number, (key, text) in enumerate(texts.items()):
        context.progress(number / len(texts))
        context.storage.put_bytes(key, text.encode(), content_type=paths.content_type(key))


STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        FINAL_PLAYLISTS: write_final_playlists,
        POSTER: make_poster,
        kinds.PLAN: plan_ladder,
        kinds.PUBLISH: publish_ladder,
        kinds.SOUND: make_sound,
        kinds.STORYBOARD: make_storyboard,
        RETIRE: retire,
        kinds.PART: make_part,
    }
)
"""What the worker runs, by the kind of work.

The order is that of the claims: what takes seconds and is waited for comes before what takes
minutes, whichever broadcast it belongs to.
"""

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        FINAL_PLAYLISTS: _("Final playlists"),
        POSTER: _("Poster"),
        kinds.PLAN: _("Plan of all qualities"),
        kinds.PUBLISH: _("Release of all qualities"),
        kinds.SOUND: _("Sound at even loudness"),
        kinds.STORYBOARD: _("Preview pictures"),
        RETIRE: _("Clean-up of the live recording"),
        kinds.PART: _("All qualities of a part"),
    }
)
"""What a person reads instead of the kind."""
