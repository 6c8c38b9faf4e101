"""A talk of the demo becomes the replay of its livestream, with captions and chapters."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select

from catalog.demo import LIVE_KEY
from catalog.demo.content import example_livestreams
from catalog.models import Livestream
from core.clock import utc_now
from core.database import Sessions
from core.settings import Settings
from core.work.models import Work
from media.models import Broadcast, Segment
from media.talks.scripts import read_script
from media.tracks import tracks_of
from tests.fakes.storage import MemoryStorage
from web import demo_talks
from web.demo import load_demo
from web.demo_talks import made_talks, write_playlist
from web.steps import STEPS
from web.worker.main import Worker, run_next

pytestmark = pytest.mark.integration


@pytest.fixture
def short_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every script say one slide of each of its first two chapters."""
    whole = read_script

    def read(path: Path) -> object:
        script = whole(path)
        chapters = [replace(one, slides=one.slides[:1]) for one in script.chapters[:2]]
        slides = [
            replace(slide, say=slide.say[: slide.say.index(".") + 1])
            for one in chapters
            for slide in one.slides
        ]
        spoken = [replace(one, slides=(said,)) for one, said in zip(chapters, slides, strict=True)]
        return replace(script, chapters=tuple(spoken))

    monkeypatch.setattr(demo_talks, "read_script", read)


def test_the_talk_on_air_becomes_a_replay(
    sessions: Sessions, settings: Settings, short_talk: None
) -> None:
    del short_talk
    with sessions.begin() as session:
        load_demo(session, now=utc_now())
    storage = MemoryStorage()
    worker = Worker(sessions, storage, settings, Event(), steps={"demo_talk": STEPS["demo_talk"]})
    assert run_next(worker)
    with sessions() as session:
        work = session.scalars(select(Work).where(Work.finished_at.is_not(None))).one()
        assert (work.kind, work.state, work.reason) == ("demo_talk", "done", "")
        broadcast = session.get_one(Broadcast, work.subject)
        livestream = session.scalars(
            select(Livestream).where(Livestream.broadcast_id == broadcast.id)
        ).one()
        tracks = {(one.kind, one.language) for one in tracks_of(session, broadcast.id)}
        keys = session.scalars(
            select(Segment.object_key).where(Segment.broadcast_id == broadcast.id)
        ).all()
        asked = set(session.scalars(select(Work.kind).where(Work.subject == broadcast.id)))
    assert livestream.state == "published"
    assert livestream.published_at is not None
    assert tracks == {("captions", "en"), ("chapters", "en"), ("chapters", "zh-Hans")}
    assert keys
    assert set(keys) <= set(storage.list_keys("broadcasts/"))
    assert {"final_playlists", "poster", "ladder_plan"} <= asked
    assert [path.stem for path in made_talks(settings)] == [work.payload["talk"]]


def test_the_presenter_is_given_talks_of_its_own_topic(settings: Settings, tmp_path: Path) -> None:
    live = next(one for one in example_livestreams() if one.key == LIVE_KEY)
    settings = replace(settings, home=tmp_path)
    folder = tmp_path / "demo"
    folder.mkdir()
    for one in example_livestreams():
        if one.talk:
            (folder / f"{one.talk}.mp4").touch()
    talks = made_talks(settings)
    by_key = {one.talk: one for one in example_livestreams()}
    assert talks
    assert all(set(by_key[path.stem].topics) & set(live.topics) for path in talks)
    assert write_playlist(settings, talks).read_text().count("file '") == len(talks)
