"""Captions on somebody's behalf, with lines in the audit log.

A captioner writes the words of what everybody may watch, and of what is for an organisation of
theirs; the host and the staff write those of what they run.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_for
from catalog.enums import LivestreamState
from catalog.models import Livestream
from catalog.rules import may_run
from core.errors import NotAllowed, SignInNeeded
from media.models import Broadcast
from media.ports import ObjectStorage
from media.webvtt import Cue
from streams.captions import queries
from streams.captions.errors import NoReplay, NoSuchTrack
from streams.captions.models import LiveCaption
from streams.captions.queries import Track
from streams.captions.services import live, tracks
from streams.captions.services.tracks import Taken
from streams.trimming.queries import is_cuttable


def livestream_to_caption(session: Session, *, actor: Actor, livestream_id: str) -> Livestream:
    """Return a livestream whose words the actor may write.

    Raises:
        NotFound: The actor may not know of it.
        SignInNeeded, NotAllowed: The actor may know of it but not caption it.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    if may_caption(livestream, actor):
        return livestream
    raise SignInNeeded if actor.user_id is None else NotAllowed


def may_caption(livestream: Livestream, actor: Actor) -> bool:
    """Tell whether the actor, who knows of it, may write the words of a livestream."""
    return may_run(livestream, actor) or actor.has(Role.CAPTIONER)


def has_replay(session: Session, livestream: Livestream) -> bool:
    """Tell whether there is a finished recording whose words can be written."""
    return is_cuttable(livestream, session.get_one(Broadcast, livestream.broadcast_id))


def wanting_for(session: Session, *, actor: Actor, limit: int) -> Sequence[Livestream]:
    """Return what needs a captioner most.

    Raises:
        SignInNeeded, NotAllowed: The actor is none, nor one of the staff.
    """
    if not (actor.is_staff or actor.has(Role.CAPTIONER)):
        raise SignInNeeded if actor.user_id is None else NotAllowed
    return queries.wanting(session, limit=limit)


def tracks_to_caption(session: Session, *, actor: Actor, livestream_id: str) -> list[Track]:
    """Return the captions of a replay; raises as :func:`livestream_to_caption`."""
    livestream = livestream_to_caption(session, actor=actor, livestream_id=livestream_id)
    return queries.tracks_for(session, livestream)


def track_to_correct(
    session: Session, *, actor: Actor, livestream_id: str, language: str
) -> tuple[Livestream, Track]:
    """Return a livestream and its captions in one language.

    Raises:
        NoReplay, NoSuchTrack: There is nothing to correct.
        NotFound, SignInNeeded, NotAllowed: As :func:`livestream_to_caption`.
    """
    livestream = livestream_to_caption(session, actor=actor, livestream_id=livestream_id)
    if not has_replay(session, livestream):
        raise NoReplay
    track = queries.track_for(session, livestream, language)
    if track is None:
        raise NoSuchTrack
    return livestream, track


def take_file_for(
    session: Session,
    storage: ObjectStorage,
    *,
    actor: Actor,
    livestream_id: str,
    language: str,
    data: bytes,
    now: datetime,
) -> Taken:
    """Take a file; raises as ``tracks.take_file`` and :func:`livestream_to_caption`."""
    livestream = livestream_to_caption(session, actor=actor, livestream_id=livestream_id)
    taken = tracks.take_file(
        session, storage, livestream=livestream, language=language, data=data, now=now
    )
    details = {"language": language, "lines": taken.count}
    _record(session, actor, "bring_captions", livestream_id, now, details)
    return taken


def correct_for(
    session: Session,
    storage: ObjectStorage,
    *,
    actor: Actor,
    livestream_id: str,
    language: str,
    was: Sequence[Cue],
    by: Sequence[Cue],
    now: datetime,
) -> Livestream:
    """Correct lines; raises as ``tracks.correct`` and :func:`livestream_to_caption`."""
    livestream = livestream_to_caption(session, actor=actor, livestream_id=livestream_id)
    tracks.correct(
        session, storage, livestream=livestream, language=language, was=was, by=by, now=now
    )
    return livestream


def remove_for(
    session: Session, *, actor: Actor, livestream_id: str, language: str, now: datetime
) -> None:
    """Take captions away; raises as ``tracks.remove`` and :func:`livestream_to_caption`."""
    livestream = livestream_to_caption(session, actor=actor, livestream_id=livestream_id)
    tracks.remove(session, livestream=livestream, language=language, now=now)
    _record(session, actor, "remove_captions", livestream_id, now, {"language": language})


def restore_for(
    session: Session,
    storage: ObjectStorage,
    *,
    actor: Actor,
    livestream_id: str,
    version_id: str,
    now: datetime,
) -> None:
    """Bring captions back; raises as ``tracks.restore`` and :func:`livestream_to_caption`."""
    livestream = livestream_to_caption(session, actor=actor, livestream_id=livestream_id)
    version = tracks.restore(
        session, storage, livestream=livestream, version_id=version_id, now=now
    )
    details = {"language": version.language, "version": version.number}
    _record(session, actor, "restore_captions", livestream_id, now, details)


def ask_for_automatic_for(
    session: Session, *, actor: Actor, livestream_id: str, now: datetime
) -> None:
    """Ask for automatic captions; raises as ``tracks.ask_for_automatic`` and as above."""
    livestream = livestream_to_caption(session, actor=actor, livestream_id=livestream_id)
    tracks.ask_for_automatic(session, livestream=livestream, now=now)


def type_line_for(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    language: str,
    text: str,
    age_ms: int,
    now: datetime,
) -> LiveCaption:
    """Type a line; raises as ``live.type_line`` and :func:`livestream_to_caption`."""
    livestream = livestream_to_caption(session, actor=actor, livestream_id=livestream_id)
    return live.type_line(
        session, livestream=livestream, language=language, text=text, age_ms=age_ms, now=now
    )


def take_back_for(session: Session, *, actor: Actor, livestream_id: str, number: int) -> None:
    """Take a typed line back; raises as :func:`livestream_to_caption`."""
    livestream = livestream_to_caption(session, actor=actor, livestream_id=livestream_id)
    live.take_back(session, livestream=livestream, number=number)


def typed_lines_for(
    session: Session, *, actor: Actor, livestream_id: str, after: int
) -> Sequence[LiveCaption]:
    """Return lines for whoever may watch, while it is live; nothing before and afterwards.

    Raises:
        NotFound: The actor may not know of it.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    if livestream.state != LivestreamState.LIVE:
        return []
    return queries.typed_lines(session, livestream_id=livestream_id, after=after)


def _record(
    session: Session,
    actor: Actor,
    act: str,
    livestream_id: str,
    now: datetime,
    details: Mapping[str, object],
) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"livestream.{act}",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
        details=dict(details),
    )
