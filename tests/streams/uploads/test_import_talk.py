from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import STRANGER, Actor
from catalog.access import livestream_for
from catalog.models import Host, Livestream
from core.database import Sessions
from core.errors import NotAllowed, NotFound
from core.settings import Settings
from core.work.models import Work
from media import playlists
from media.enums import BroadcastState, UploadState
from media.imports import errors
from media.imports.errors import UploadRefused
from media.models import Broadcast, Upload, UploadPart
from media.steps import StepContext
from streams.life.access import act_on_livestream
from streams.life.errors import GateShut
from streams.uploads.jobs import clear_upload, import_talk
from tests.fakes import uploads
from tests.fakes.programme import DATA_KEY, World
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration


class Talk:
    """A livestream with an uploaded file, and the steps that a worker runs on it."""

    def __init__(self, sessions: Sessions, settings: Settings, now: datetime, data: bytes) -> None:
        self.sessions, self.settings, self.now = sessions, settings, now
        self.storage = MemoryStorage()
        with sessions.begin() as session:
            world = World(session, now).build()
            made = world.livestream(state="scheduled", replay_policy="at_end")
            upload = uploads.add_upload(
                session, self.storage, data, now=now, broadcast_id=made.broadcast_id
            )
            self.id, self.broadcast_id, self.upload_id = made.id, made.broadcast_id, upload.id
            self.host, self.editor = world.actors["host"], world.actors["editor"]

    def context(self, subject: str) -> StepContext:
        made = uploads.step_context(self.sessions, self.storage, self.settings, subject)
        return uploads.with_payload(made, {"upload": self.upload_id})

    def bring_in(self) -> None:
        import_talk(self.context(self.broadcast_id))

    def states(self) -> tuple[str, str, str]:
        with self.sessions() as session:
            return (
                session.get_one(Livestream, self.id).state,
                session.get_one(Broadcast, self.broadcast_id).state,
                session.get_one(Upload, self.upload_id).state,
            )

    def work(self) -> set[str]:
        with self.sessions() as session:
            return set(session.scalars(select(Work.kind)))


@pytest.fixture
def talk(sessions: Sessions, settings: Settings, now: datetime, tmp_path: Path) -> Talk:
    data = uploads.write_talk(tmp_path / "talk.mp4").read_bytes()
    return Talk(sessions, settings, now, data)


def test_imported_talk_waits_for_its_release_and_is_then_a_replay(
    talk: Talk, sessions: Sessions
) -> None:
    talk.bring_in()
    assert talk.states() == ("ended", "ended", "done")
    assert {"final_playlists", "poster", "clear_upload"} <= talk.work()
    with sessions.begin() as session:
        master = playlists.master_playlist(session, broadcast_id=talk.broadcast_id)
        assert (master.ended, "source/index.m3u8" in master.text) == (True, True)
        act_on_livestream(
            session,
            actor=talk.host,
            livestream_id=talk.id,
            act="publish",
            data_key=DATA_KEY,
            now=talk.now,
        )
    assert talk.states()[0] == "published"


def test_talk_uploaded_to_a_draft_stays_unknown_until_an_editor_releases_it(
    talk: Talk, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        draft = session.get_one(Livestream, talk.id)
        draft.state, draft.announced_at = "draft", None
    talk.bring_in()
    assert talk.states() == ("ended", "ended", "done")
    with sessions() as session, pytest.raises(NotFound):
        livestream_for(session, livestream_id=talk.id, actor=STRANGER)
    with sessions() as session, pytest.raises(NotAllowed):
        publish(session, talk, talk.host)
    with sessions.begin() as session:
        publish(session, talk, talk.editor)
        assert livestream_for(session, livestream_id=talk.id, actor=STRANGER).id == talk.id


def test_talk_of_a_host_who_lost_the_licence_is_not_released(
    talk: Talk, sessions: Sessions
) -> None:
    talk.bring_in()
    with sessions.begin() as session:
        session.get_one(Host, "host").verified_until = talk.now
    for actor in (talk.host, talk.editor):
        with sessions() as session, pytest.raises(GateShut):
            publish(session, talk, actor)
    assert talk.states()[0] == "ended"


def publish(session: Session, talk: Talk, actor: Actor) -> None:
    act_on_livestream(
        session, actor=actor, livestream_id=talk.id, act="publish", data_key=DATA_KEY, now=talk.now
    )


def test_parts_are_removed_once_nobody_needs_them(talk: Talk, sessions: Sessions) -> None:
    clear_upload(talk.context(talk.upload_id))
    assert [key for key in talk.storage.objects if key.startswith("uploads/")]
    talk.bring_in()
    clear_upload(talk.context(talk.upload_id))
    with sessions() as session:
        assert session.scalars(select(UploadPart)).all() == []
    assert not [key for key in talk.storage.objects if key.startswith("uploads/")]


def test_livestream_that_began_meanwhile_keeps_its_recording(
    talk: Talk, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        session.get_one(Livestream, talk.id).state = "live"
        session.get_one(Broadcast, talk.broadcast_id).state = BroadcastState.RECEIVING
    with pytest.raises(UploadRefused):
        talk.bring_in()
    assert talk.states() == ("live", "receiving", UploadState.FAILED)
    with sessions() as session:
        assert session.get_one(Upload, talk.upload_id).reason == errors.SHOW_BEGAN
