"""A finished talk: held, begun and ended by hand or by the clock, replaced, taken back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.database import Sessions
from core.errors import InvalidInput, Refusal, WrongState
from core.settings import Settings
from core.work.models import Work
from media import playlists
from media.enums import UploadState
from media.imports.forgetting import FORGET, remove_objects
from media.models import Asset, Broadcast, Rendition, Segment, Upload
from media.paths import read_key
from media.premiere import MARGIN, SETTLING
from media.steps import StepContext
from scheduler.models import Duty
from streams.life import services as life
from streams.life.errors import GateShut, NotInThisState, NotRecorded
from streams.life.rules import NO_SHOW
from streams.marks.services import add_mark
from streams.playback.queries import stored_object
from streams.premieres import services
from streams.premieres.access import act_on_premiere
from streams.premieres.errors import NewTalkComing
from streams.premieres.queries import held_talk
from streams.premieres.rules import Fit
from streams.uploads.jobs import import_talk
from tests.fakes import uploads
from tests.fakes.programme import World
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration

LENGTH = timedelta(seconds=6)


class Cinema:
    """A scheduled premiere with an open gate, and files that come in for it."""

    def __init__(self, sessions: Sessions, settings: Settings, now: datetime, data: bytes) -> None:
        self.sessions, self.settings, self.now, self.data = sessions, settings, now, data
        self.storage = MemoryStorage()
        self.count = 0
        with sessions.begin() as session:
            self.world = World(session, now).build()
            made = self.world.livestream(state="scheduled", premiere=True, moderators=1)
            self.id, self.broadcast_id = made.id, made.broadcast_id
            self.starts_at = made.starts_at
            self.actors = self.world.actors

    def bring_in(self) -> str:
        """Upload and import a talk."""
        self.count += 1
        with self.sessions.begin() as session:
            upload_id = uploads.add_upload(
                session,
                self.storage,
                self.data,
                now=self.now + timedelta(seconds=self.count),
                broadcast_id=self.broadcast_id,
            ).id
        made = self.context(self.broadcast_id)
        import_talk(uploads.with_payload(made, {"upload": upload_id}))
        return upload_id

    def context(self, subject: str) -> StepContext:
        return uploads.step_context(self.sessions, self.storage, self.settings, subject)

    def write(self, act: Callable[[Session, Livestream], object]) -> None:
        with self.sessions.begin() as session:
            act(session, session.get_one(Livestream, self.id))

    def start(self, now: datetime) -> None:
        self.write(lambda session, it: life.start(session, livestream=it, now=now))

    def tick(self, now: datetime) -> None:
        """Let the clock look once."""
        with self.sessions.begin() as session:
            services.keep_time(session, now)

    def states(self) -> tuple[str, str]:
        with self.sessions() as session:
            return (
                session.get_one(Livestream, self.id).state,
                session.get_one(Broadcast, self.broadcast_id).state,
            )

    def broadcast(self) -> Broadcast:
        with self.sessions() as session:
            return session.get_one(Broadcast, self.broadcast_id)

    def segment_keys(self) -> list[str]:
        with self.sessions() as session:
            return list(session.scalars(select(Segment.object_key).order_by(Segment.program_at)))

    def fetchable(self, now: datetime) -> list[str]:
        """Return the segments that the gate lets pass to the objects."""
        with self.sessions() as session:
            return [
                key
                for key in self.segment_keys()
                if stored_object(session, key=key, path=read_key(key), now=now)
            ]

    def act(self, act: str, actor: str = "host") -> None:
        with self.sessions.begin() as session:
            act_on_premiere(
                session, actor=self.actors[actor], livestream_id=self.id, act=act, now=self.now
            )


@pytest.fixture
def cinema(sessions: Sessions, settings: Settings, now: datetime, tmp_path: Path) -> Cinema:
    playlists.forget_listings()
    data = uploads.write_talk(tmp_path / "talk.mp4").read_bytes()
    return Cinema(sessions, settings, now, data)


def test_talk_is_held_until_its_time_and_then_plays(cinema: Cinema, sessions: Sessions) -> None:
    cinema.bring_in()
    assert cinema.states() == ("scheduled", "ended")
    cinema.tick(cinema.starts_at - timedelta(seconds=1))
    assert cinema.states() == ("scheduled", "ended")
    before = cinema.broadcast().revision
    cinema.tick(cinema.starts_at)
    assert cinema.states() == ("live", "ended")
    shown = cinema.broadcast()
    assert (shown.premiere_at, shown.revision) == (cinema.starts_at, before + 1)
    with sessions() as session:
        text = playlists.media_playlist(
            session,
            broadcast_id=cinema.broadcast_id,
            rendition="source",
            now=cinema.starts_at + timedelta(seconds=5.5),
        ).text
    assert (text.count("#EXTINF"), "#EXT-X-ENDLIST" in text) == (1, False)


def test_segment_is_given_out_when_it_was_shown_and_not_before(cinema: Cinema) -> None:
    cinema.bring_in()
    cinema.start(cinema.starts_at)
    every = cinema.segment_keys()
    counts = [
        len(cinema.fetchable(cinema.starts_at + timedelta(seconds=second)))
        for second in (0, 3.9, 4.5, 7)
    ]
    assert (counts[0], counts[1], counts[-1]) == (0, 0, len(every))
    assert 0 < counts[2] < len(every)


def test_what_was_made_of_the_talk_waits_for_the_end(cinema: Cinema, sessions: Sessions) -> None:
    cinema.bring_in()
    key = f"broadcasts/{cinema.broadcast_id}/assets/poster-1a2b3c4d.jpg"
    with sessions.begin() as session:
        session.add(
            Asset(
                broadcast_id=cinema.broadcast_id,
                kind="poster",
                object_key=key,
                content_type="image/jpeg",
                size=1,
                sha256="",
                created_at=cinema.now,
            )
        )

    def is_given(now: datetime) -> bool:
        with sessions() as session:
            return stored_object(session, key=key, path=read_key(key), now=now) is not None

    assert is_given(cinema.now)  # to its crew, whom the gate lets pass
    cinema.start(cinema.starts_at)
    over_at = cinema.starts_at + LENGTH + MARGIN + timedelta(seconds=1)
    assert not is_given(over_at)
    cinema.tick(over_at)
    assert [is_given(over_at), is_given(over_at + SETTLING)] == [False, True]


def test_mark_of_a_premiere_lies_where_viewers_are(cinema: Cinema) -> None:
    cinema.bring_in()
    cinema.start(cinema.starts_at)
    begins = cinema.broadcast().opened_at
    assert begins is not None

    def mark(session: Session, livestream: Livestream) -> None:
        now = cinema.starts_at + timedelta(seconds=3)
        made = add_mark(session, livestream=livestream, at=None, title="", now=now)
        assert made.at == begins + timedelta(seconds=3)

    cinema.write(mark)


def test_clock_ends_it_after_its_last_frame(cinema: Cinema, sessions: Sessions) -> None:
    cinema.bring_in()
    cinema.start(cinema.starts_at)
    cinema.tick(cinema.starts_at + LENGTH)
    assert cinema.states() == ("live", "ended")
    cinema.tick(cinema.starts_at + LENGTH + MARGIN + timedelta(seconds=1))
    assert cinema.states() == ("ended", "ended")
    with sessions() as session:
        again = select(Work.revision).where(Work.kind == "final_playlists").order_by(Work.revision)
        assert session.scalars(again).all() == [1, 2]


def test_premiere_that_needs_no_release_is_published_by_its_end(cinema: Cinema) -> None:
    cinema.write(lambda _, it: setattr(it, "replay_policy", "at_end"))
    cinema.bring_in()
    assert cinema.states() == ("scheduled", "ended")
    cinema.start(cinema.starts_at)
    cinema.tick(cinema.starts_at + timedelta(minutes=1))
    assert cinema.states() == ("published", "ended")


def test_shut_gate_holds_it_back_and_it_begins_when_it_opens(
    cinema: Cinema, sessions: Sessions
) -> None:
    cinema.bring_in()
    with sessions.begin() as session:
        session.execute(update(Duty).values(state="released"))
    with pytest.raises(GateShut) as shut:
        cinema.start(cinema.starts_at)
    assert [error.field for error in shut.value.errors] == ["moderators"]
    cinema.tick(cinema.starts_at)
    assert cinema.states() == ("scheduled", "ended")
    with sessions.begin() as session:
        session.execute(update(Duty).values(state="assigned"))
    cinema.tick(cinema.starts_at + timedelta(minutes=5))
    assert cinema.states() == ("live", "ended")
    assert cinema.broadcast().premiere_at == cinema.starts_at + timedelta(minutes=5)


def test_premiere_that_could_not_begin_in_half_an_hour_is_missed(cinema: Cinema) -> None:
    cinema.bring_in()
    late = cinema.starts_at + NO_SHOW
    cinema.tick(late)
    assert cinema.states() == ("scheduled", "ended")
    cinema.write(lambda session, it: life.miss(session, livestream_id=it.id, now=late))
    assert cinema.states() == ("missed", "ended")


def test_premiere_without_its_talk_does_not_begin(cinema: Cinema) -> None:
    with pytest.raises(GateShut) as shut:
        cinema.start(cinema.starts_at)
    assert [error.field for error in shut.value.errors] == ["premiere_talk"]


def test_another_talk_takes_the_place_of_the_one_held(cinema: Cinema, sessions: Sessions) -> None:
    first = cinema.bring_in()
    old = set(cinema.segment_keys())
    cinema.bring_in()
    assert cinema.states() == ("scheduled", "ended")
    new = set(cinema.segment_keys())
    assert not old & new
    with sessions() as session:
        made = set(session.scalars(select(Rendition.generation)))
        forgetting = session.scalars(select(Work).where(Work.kind == FORGET)).one()
        assert session.get_one(Upload, first).state == UploadState.DONE
    assert (made, cinema.broadcast().generation) == ({0}, 0)
    step = uploads.with_payload(cinema.context(cinema.broadcast_id), forgetting.payload)
    remove_objects(revised(step, forgetting.revision))
    kept = set(cinema.storage.objects)
    assert (new <= kept, old & kept) == (True, set())


def revised(step: StepContext, revision: int) -> StepContext:
    return replace(step, revision=revision)


def test_talk_that_is_taken_back_leaves_a_livestream_without_media(
    cinema: Cinema, sessions: Sessions
) -> None:
    upload = cinema.bring_in()
    cinema.act("take-back")
    assert cinema.states() == ("scheduled", "idle")
    assert cinema.segment_keys() == []
    with sessions() as session:
        assert not session.get_one(Livestream, cinema.id).premiere
        assert session.get_one(Upload, upload).state == UploadState.CANCELLED
        assert {one.kind for one in session.scalars(select(Work))} == {FORGET, "clear_upload"}
    assert cinema.broadcast().opened_at is None
    with pytest.raises(NotInThisState):
        cinema.act("take-back")


def test_talk_that_came_after_one_was_taken_back_keeps_its_objects(
    cinema: Cinema, sessions: Sessions
) -> None:
    cinema.bring_in()
    cinema.act("take-back")
    cinema.bring_in()
    assert cinema.states() == ("ended", "ended")  # it is no premiere any more
    new = set(cinema.segment_keys())
    with sessions() as session:
        forgetting = session.scalars(select(Work).where(Work.kind == FORGET)).one()
    step = uploads.with_payload(cinema.context(cinema.broadcast_id), forgetting.payload)
    remove_objects(revised(step, forgetting.revision))
    assert new <= set(cinema.storage.objects)


def test_talk_can_be_the_recording_without_a_premiere(cinema: Cinema) -> None:
    with pytest.raises(NotInThisState):
        cinema.act("as-replay")
    cinema.bring_in()
    cinema.act("as-replay")
    assert cinema.states() == ("ended", "ended")


def test_talk_that_is_not_recorded_is_no_replay_in_place_of_a_premiere(cinema: Cinema) -> None:
    """It would be removed half a minute later: whoever wants it gone takes it back."""
    cinema.bring_in()
    cinema.write(lambda _, livestream: setattr(livestream, "recorded", False))
    with pytest.raises(NotRecorded):
        cinema.act("as-replay")
    assert cinema.states() == ("scheduled", "ended")


def test_nothing_is_decided_while_another_file_comes_in(cinema: Cinema, now: datetime) -> None:
    cinema.bring_in()
    with cinema.sessions.begin() as session:
        uploads.add_upload(
            session, cinema.storage, b"more", now=now, broadcast_id=cinema.broadcast_id
        )
    for act in ("take-back", "as-replay"):
        with pytest.raises(NewTalkComing):
            cinema.act(act)


def test_premiere_is_not_given_up_while_a_talk_is_held(cinema: Cinema) -> None:
    cinema.act("leave")
    cinema.act("choose")
    cinema.bring_in()
    with pytest.raises(InvalidInput) as refused:
        cinema.act("leave", "editor")
    assert [error.field for error in refused.value.errors] == ["premiere"]


def test_talk_that_comes_too_late_does_not_disturb_the_premiere(cinema: Cinema) -> None:
    cinema.bring_in()
    shown = cinema.segment_keys()
    cinema.start(cinema.starts_at)
    with pytest.raises(Refusal):
        cinema.bring_in()
    assert cinema.segment_keys() == shown
    assert cinema.states() == ("live", "ended")


def test_held_talk_tells_its_length_and_how_it_fits(cinema: Cinema) -> None:
    cinema.bring_in()

    def check(session: Session, livestream: Livestream) -> None:
        talk = held_talk(session, livestream=livestream)
        assert talk is not None
        assert (round(talk.length.total_seconds()), talk.fit) == (6, Fit.SHORTER)
        assert (talk.is_held, talk.began_at, talk.ends_at) == (True, None, None)

    cinema.write(check)


def test_clock_and_host_begin_it_once(cinema: Cinema) -> None:
    cinema.bring_in()
    before = cinema.broadcast().revision

    def press() -> str:
        try:
            cinema.start(cinema.starts_at + timedelta(seconds=1))
        except WrongState:
            return "late"
        return "host"

    with ThreadPoolExecutor(2) as pool:
        pressed = pool.submit(press)
        pool.submit(cinema.tick, cinema.starts_at).result()
    shown = cinema.broadcast()
    assert cinema.states() == ("live", "ended")
    late = timedelta(seconds=1 if pressed.result() == "host" else 0)
    assert (shown.premiere_at, shown.revision) == (cinema.starts_at + late, before + 1)
