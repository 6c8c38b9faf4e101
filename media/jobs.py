"""The steps that follow the end of a broadcast; the replay is there without them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.database import reading
from core.errors import _
from core.work.enums import WorkState
from core.work.models import Work
from core.work.services import enqueue
from media import paths
from media.assets import find_asset
from media.cuts.remaking import REMAKE, remake_shown
from media.cuts.step import remove_what_was_cut
from media.cuts.undo import CUT
from media.errors import NoSuchMedia, NotYetPlayable
from media.ladder import kinds
from media.ladder.part import make_part
from media.ladder.planning import enqueue_ladder, enqueue_next_ladder, plan_ladder
from media.ladder.publish import publish_ladder
from media.ladder.storyboard import make_storyboard
from media.models import Broadcast
from media.playlists import final_playlists, shown_generation
from media.poster import make_poster
from media.queries import cut_of
from media.retention import RETIRE, retire
from media.sound import make_sound
from media.steps import Step, StepContext
from media.window import Cut

POSTER: Final = "poster"
SOUND: Final = kinds.SOUND
FINAL_PLAYLISTS: Final = "final_playlists"
REPLAY_STEPS: Final = (FINAL_PLAYLISTS, POSTER, kinds.PLAN)
"""What is asked for at the end; the plan asks for the rest of the ladder."""
REPEATED: Final = (FINAL_PLAYLISTS, POSTER)
"""What is made again when the recording was cut, beside the ladder."""
ATTEMPTS: Final = kinds.ATTEMPTS
AFTER_PREMIERE: Final = 2
"""Revision of the final playlists of a premiere; 1 is from when its talk was brought in."""


def enqueue_replay_steps(session: Session, *, broadcast_id: str, now: datetime) -> None:
    """Ask for all that is made after the end of a broadcast; asking again changes nothing."""
    for kind in (FINAL_PLAYLISTS, POSTER):
        enqueue(session, kind=kind, subject=broadcast_id, now=now, max_attempts=ATTEMPTS)
    enqueue_ladder(session, broadcast_id=broadcast_id, now=now, generation=1)


def enqueue_remaking(session: Session, *, broadcast_id: str, now: datetime) -> None:
    """Ask for all that is made of a recording again, because it was cut; the caller commits.

    A ladder that is shown again after an undo is not made anew, and what belongs to it is there.
    """
    broadcast = session.get_one(Broadcast, broadcast_id, populate_existing=True)
    revision = broadcast.revision + 1  # 1 was asked for at the end
    kinds_of = (FINAL_PLAYLISTS,) if find_poster(session, broadcast_id) else REPEATED
    for kind in kinds_of:
        enqueue(
            session,
            kind=kind,
            subject=broadcast_id,
            revision=revision,
            now=now,
            max_attempts=ATTEMPTS,
        )
    if broadcast.live_retired_at is not None:  # the ladder, cut at its own boundaries, is all
        _ask_for_what_is_shown(session, broadcast, now)
        return
    is_whole = broadcast.shown_from is None and broadcast.shown_until is None
    if not is_whole or not broadcast.generation:
        enqueue_next_ladder(session, broadcast_id=broadcast_id, now=now)
        return
    session.execute(  # what the cut had stopped
        update(Work)
        .where(
            Work.subject == broadcast_id,
            Work.kind.in_((kinds.SOUND, kinds.STORYBOARD)),
            Work.revision == broadcast.generation,
            Work.state == WorkState.CANCELLED,
        )
        .values(state=WorkState.QUEUED, attempts=0, progress=0.0, due_at=now)
        .execution_options(synchronize_session=False)
    )


def _ask_for_what_is_shown(session: Session, broadcast: Broadcast, now: datetime) -> None:
    """Ask for sound and storyboard of a ladder, unless an undo has brought them back."""
    if find_asset(session, broadcast_id=broadcast.id, kind="sound") is None:
        enqueue(
            session,
            kind=REMAKE,
            subject=broadcast.id,
            revision=broadcast.revision,
            now=now,
            max_attempts=ATTEMPTS,
        )


def find_poster(session: Session, broadcast_id: str) -> bool:
    """Tell whether there is a poster of the recording as it is shown."""
    return find_asset(session, broadcast_id=broadcast_id, kind=POSTER) is not None


def rewrite_final_playlists(session: Session, *, broadcast_id: str, now: datetime) -> None:
    """Ask for the final playlists once more, after a premiere has given them other times."""
    enqueue(
        session,
        kind=FINAL_PLAYLISTS,
        subject=broadcast_id,
        revision=AFTER_PREMIERE,
        now=now,
        max_attempts=ATTEMPTS,
    )


def write_final_playlists(context: StepContext) -> None:
    """Write the final playlists as objects, so that a replay needs no database; the master last.

    A broadcast of which nothing was ever shown has none. When a ladder is shown meanwhile, or the
    recording is cut, they are written again: those in storage must name what is shown, and no more.
    """
    written = None
    while (shown := _shown(context)) != written:
        written = shown
        _write_playlists(context)


def _shown(context: StepContext) -> tuple[int, Cut]:
    with reading(), context.sessions() as session:
        generation = shown_generation(session, broadcast_id=context.subject)
        return generation, cut_of(session, broadcast_id=context.subject)


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
        REMAKE: remake_shown,
        CUT: remove_what_was_cut,
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
        REMAKE: _("Sound and preview pictures of what is left"),
        CUT: _("Removal of what was cut off"),
        kinds.PART: _("All qualities of a part"),
    }
)
"""What a person reads instead of the kind."""
