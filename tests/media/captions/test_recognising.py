"""Automatic captions: windows of sound, a kill in between, a person who is faster."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from core.database import Sessions
from core.settings import Settings
from core.work.models import Work
from core.work.services import enqueue
from media.captions import recognising
from media.captions.ports import Word
from media.captions.recognising import NO_SOUND, SPEECH, recognise
from media.enums import TrackKind, TrackSource
from media.errors import StepRefused, StepStopped
from media.models import TextTrack
from media.steps import StepContext
from media.tracks import keep_track
from tests.fakes.recordings import record_run
from tests.fakes.shows import Show
from tests.fakes.speech import ScriptedEngine
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration

WORDS = [" Calm", " comes", " slowly."]


class Scene:
    def __init__(self, sessions: Sessions, settings: Settings, folder: Path, now: datetime) -> None:
        self.sessions, self.settings, self.now = sessions, settings, now
        self.storage = MemoryStorage()
        with sessions.begin() as session:
            show = Show(session, now, "sound")
            for number in range(2):  # the encoder was away in between
                record_run(show, self.storage, folder, number, seconds=4)
            show.end()
            self.broadcast_id = show.id
            payload = {"language": "en"}
            enqueue(session, kind=SPEECH, subject=show.id, payload=payload, now=now)

    def context(self, deadline: float | None = None) -> StepContext:
        with self.sessions() as session:
            work = session.scalars(select(Work)).one()
        return StepContext(
            work_id=work.id,
            subject=self.broadcast_id,
            sessions=self.sessions,
            storage=self.storage,
            settings=self.settings,
            progress=lambda _: None,
            deadline=time.monotonic() + 3600 if deadline is None else deadline,
            payload=work.payload,
        )

    def tracks(self) -> list[tuple[str, list[list[object]]]]:
        with self.sessions() as session:
            return [(one.source, one.cues) for one in session.scalars(select(TextTrack))]


class Killed(ScriptedEngine):
    """Is told to end when it hears its second window."""

    def recognise(
        self, sound: Path, *, language: str, progress: Callable[[float], None]
    ) -> Iterator[Word]:
        if self.heard:
            raise StepStopped
        return super().recognise(sound, language=language, progress=progress)


@pytest.fixture
def scene(sessions: Sessions, settings: Settings, tmp_path: Path, now: datetime) -> Scene:
    return Scene(sessions, settings, tmp_path, now)


def test_fake_engine_keeps_the_contract(scene: Scene, tmp_path: Path) -> None:
    engine = ScriptedEngine(WORDS)
    with pytest.raises(ValueError, match="fr"):
        list(engine.recognise(tmp_path / "none.wav", language="fr", progress=lambda _: None))
    recognise(scene.context(), engine)
    assert [language for _length, language in engine.heard] == ["en", "en"]


def test_recording_is_heard_run_by_run_on_the_clock_of_the_replay(scene: Scene) -> None:
    recognise(scene.context(), ScriptedEngine(WORDS))
    ((source, cues),) = scene.tracks()
    assert source == TrackSource.AUTOMATIC
    assert [cue[2] for cue in cues[:2]] == ["Calm comes slowly.", "Calm comes slowly."]
    starts = [int(str(cue[0])) for cue in cues]
    assert starts == sorted(starts)
    assert 4000 in starts  # the second run begins with a line of its own


def test_killed_between_windows_it_goes_on_where_a_line_ended(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognising, "WINDOW_US", 2_000_000)
    with pytest.raises(StepStopped):
        recognise(scene.context(), Killed(WORDS))
    assert scene.tracks() == []
    context = scene.context()
    assert 0 < context.payload["at_us"] <= 2_000_000
    recognise(context, ScriptedEngine(WORDS))
    ((_source, cues),) = scene.tracks()
    starts = [int(str(cue[0])) for cue in cues]
    assert starts == sorted(set(starts))
    assert starts[0] == 0


def test_captions_of_a_person_stay(scene: Scene) -> None:
    with scene.sessions.begin() as session:
        keep_track(
            session, scene.storage, broadcast_id=scene.broadcast_id, kind=TrackKind.CAPTIONS,
            language="en", source=TrackSource.HUMAN, cues=[(0, 900, "By hand")], now=scene.now,
        )  # fmt: skip
    recognise(scene.context(), ScriptedEngine(WORDS))
    assert scene.tracks() == [("human", [[0, 900, "By hand"]])]


def test_recording_without_sound_says_so(scene: Scene) -> None:
    with scene.sessions.begin() as session:
        show = Show(session, scene.now, "source")
        show.begin_run(0)
        show.add()
        show.end()
        scene.broadcast_id = show.id
    with pytest.raises(StepRefused, match=NO_SOUND):
        recognise(scene.context(), ScriptedEngine(WORDS))
