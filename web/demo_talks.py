"""The step that makes the recording of one of the demo's talks, and what the demo keeps of it."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.demo.content import CONTENT, talks_on_air
from catalog.enums import LivestreamState
from catalog.models import Host, Livestream
from core.clock import utc_now
from core.errors import NotFound
from core.settings import Settings
from core.words import in_language
from media.enums import TrackKind, TrackSource
from media.imports.step import import_file
from media.jobs import enqueue_replay_steps
from media.steps import StepContext, run_program
from media.talks.making import Talk, make_talk
from media.talks.scripts import Script, read_script
from media.tracks import keep_track
from web.symbols import all_symbols

MADE: Final = 0.7  # share of the progress bar; the rest is the import
ART: Final = "art-"


def talks_folder(settings: Settings) -> Path:
    """Return where made talks stay, for the demo's presenter to push."""
    return settings.home / "demo"


def made_talks(settings: Settings) -> list[Path]:
    """Return the talks made so far that fit the livestream on air."""
    folder = talks_folder(settings)
    return [path for key in talks_on_air() if (path := folder / f"{key}.mp4").exists()]


def write_playlist(settings: Settings, talks: Sequence[Path]) -> Path:
    """Write what the presenter pushes as a concat list; return its path."""
    path = talks_folder(settings) / "on-air.txt"
    lines = "".join(f"file '{talk}'\n" for talk in talks)
    path.write_text(f"ffconcat version 1.0\n{lines}", encoding="utf-8")
    return path


def make_demo_talk(context: StepContext) -> None:
    """Make the talk that the work's payload names the replay of its livestream."""
    script, host = _asked(context)
    making = context.within(0.0, MADE)

    def encode(arguments: list[str], place: Path, duration_us: int) -> None:
        run_program(making, arguments, folder=place, duration_us=duration_us)

    with context.folder() as folder:
        talk = make_talk(script, folder, host=host, drawings=_drawings(), encode=encode)
        _keep_file(talk, context.settings, script.key)

        def settle(session: Session, now: datetime) -> None:
            _publish(session, context.subject, talk, now)

        rest = context.within(MADE, 1.0)
        import_file(rest, broadcast_id=context.subject, file=talk.file, settle=settle)
    with context.sessions.begin() as session:
        _keep_tracks(session, context, script, talk)
        enqueue_replay_steps(session, broadcast_id=context.subject, now=utc_now())


def _asked(context: StepContext) -> tuple[Script, str]:
    """Return the script, and the name of the host in its language."""
    with context.sessions() as session:
        names = session.scalar(
            select(Host.names)
            .join(Livestream, Livestream.host_id == Host.id)
            .where(Livestream.broadcast_id == context.subject)
        )
    if names is None:
        raise NotFound
    script = read_script(CONTENT / "talks" / f"{context.payload['talk']}.json")
    return script, in_language(names, script.language)


def _drawings() -> dict[str, str]:
    symbols = all_symbols().items()
    return {name.removeprefix(ART): markup for name, markup in symbols if name.startswith(ART)}


def _keep_file(talk: Talk, settings: Settings, key: str) -> None:
    folder = talks_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{key}.mp4"
    shutil.copyfile(talk.file, draft)
    draft.replace(folder / f"{key}.mp4")


def _publish(session: Session, broadcast_id: str, talk: Talk, now: datetime) -> None:
    livestream = session.scalars(
        select(Livestream).where(Livestream.broadcast_id == broadcast_id)
    ).one()
    started = livestream.started_at or livestream.starts_at
    session.execute(
        update(Livestream)
        .where(Livestream.id == livestream.id, Livestream.state == LivestreamState.ENDED)
        .values(
            state=LivestreamState.PUBLISHED,
            ended_at=started + timedelta(milliseconds=talk.duration_ms),
            published_at=now,
            updated_at=now,
        )
    )


def _keep_tracks(session: Session, context: StepContext, script: Script, talk: Talk) -> None:
    cues: dict[tuple[TrackKind, str], Sequence[tuple[int, int, str]]] = {
        (TrackKind.CAPTIONS, script.language): talk.captions
    }
    for language in script.title:
        chapters = [(start, end, words[language]) for start, end, words in talk.chapters]
        cues[TrackKind.CHAPTERS, language] = chapters
    for (kind, language), entries in cues.items():
        keep_track(
            session,
            context.storage,
            broadcast_id=context.subject,
            kind=kind,
            language=language,
            source=TrackSource.HUMAN,
            cues=entries,
            now=utc_now(),
        )
