"""A whole node and real encoders: one broadcast, whatever leaves, dies or is away."""

import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from core.clock import utc_now
from core.database import Sessions, read_only
from core.settings import Settings
from core.work.models import Work
from media import flv, hls, journal, run_writer
from media.enums import BroadcastState, IngestKind
from media.errors import NotYetPlayable
from media.ffmpeg import ffmpeg_path
from media.jobs import REPLAY_STEPS
from media.journal import Journal
from media.models import Broadcast, Ingest, InitSegment, Rendition, Run, Segment
from media.playlists import forget_listings, master_playlist, media_playlist
from media.process import ChildProcess
from media.services import acquire_lease, create_broadcast
from streams.doors.keys import key_of
from streams.life import services as life
from streams.node import admission, owner, packing, rows, uploads
from streams.node.wake import Wake
from tests.fakes.feeds import fill, fit_feed, long_feed, media_tags
from tests.fakes.nodes import RunningNode, wait_until
from tests.fakes.programme import DATA_KEY, World
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration

SECONDS = 3.0
once = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what does not depend on the kind of database."""
QUIET = ("-hide_banner", "-nostdin", "-loglevel", "quiet")


@dataclass
class Studio:
    """A livestream, its key, a node that takes it, and encoders."""

    sessions: Sessions
    settings: Settings
    folder: Path
    storage: MemoryStorage = field(default_factory=MemoryStorage)
    livestream_id: str = ""
    broadcast_id: str = ""
    key: str = ""
    encoders: list[ChildProcess] = field(default_factory=list)

    def announce(self, now: datetime, *, state: str = "live", auto_start: bool = False) -> None:
        with self.sessions() as session:
            world = World(session, now).build()
            ahead = utc_now() + timedelta(days=30)
            session.execute(update(Host).values(verified_until=ahead))
            begins = "scheduled" if state == "live" else state
            made = world.livestream(state=begins, auto_start=auto_start, moderators=1)
            if state == "live":
                life.start(session, livestream=made, now=utc_now())
            self.livestream_id, self.broadcast_id = made.id, made.broadcast_id
            self.key = key_of(session, livestream_id=made.id, data_key=DATA_KEY) or ""
            session.commit()

    def open(self) -> None:
        self.node = RunningNode(self.settings, self.sessions, self.storage).start()

    def close(self) -> None:
        for encoder in self.encoders:
            encoder.close()
        self.node.stop()

    def encoder(self, data: bytes, *options: str, key: str = "") -> ChildProcess:
        """Start an encoder that pushes ``data``, by default as fast as it is taken."""
        path = self.folder / f"{hashlib.sha256(data).hexdigest()[:8]}.flv"
        path.write_bytes(data)
        url = f"rtmp://127.0.0.1:{self.node.rtmp_port}/live/{key or self.key}"
        program: list[str | Path] = [
            ffmpeg_path(),
            *QUIET,
            *options,
            "-i",
            path,
            "-c",
            "copy",
            "-f",
            "flv",
            url,
        ]
        encoder = ChildProcess(program).start()
        self.encoders.append(encoder)
        return encoder

    def push(self, data: bytes) -> None:
        """Push all of it and leave."""
        assert self.encoder(data).wait(30) == 0

    def sending(self) -> ChildProcess:
        """Return an encoder that sends in real time until it is stopped."""
        return self.encoder(fit_feed(), "-re", "-stream_loop", "-1")

    def end(self) -> None:
        """End as the host does, and wait until the node has drained it."""
        with self.sessions() as session:
            livestream = session.get_one(Livestream, self.livestream_id)
            life.end(session, livestream=livestream, now=utc_now())
            session.commit()
        self.wait_for("ended")

    def wait_for(self, state: str) -> None:
        wait_until(lambda: self.broadcast().state == state, state)

    def broadcast(self) -> Broadcast:
        with read_only(self.sessions) as session:
            return session.get_one(Broadcast, self.broadcast_id)

    def livestream(self) -> Livestream:
        with read_only(self.sessions) as session:
            return session.get_one(Livestream, self.livestream_id)

    def ingests(self) -> list[Ingest]:
        with read_only(self.sessions) as session:
            return list(session.scalars(select(Ingest).order_by(Ingest.number)))

    def runs(self) -> list[Run]:
        with read_only(self.sessions) as session:
            return list(session.scalars(select(Run).order_by(Run.number)))

    def segments(self, name: str = "source") -> list[Segment]:
        with read_only(self.sessions) as session:
            query = select(Segment).join(Rendition, Segment.rendition_id == Rendition.id)
            return list(
                session.scalars(query.where(Rendition.name == name).order_by(Segment.sequence))
            )

    def seconds(self, name: str = "source") -> float:
        return sum(row.duration_us for row in self.segments(name)) / 1e6

    def wait_for_segments(self, count: int) -> None:
        wait_until(lambda: len(self.segments()) >= count, f"{count} segments")

    def packaged(self, ingests: int = 1) -> bool:
        done = self.ingests()
        return len(done) == ingests and all(row.packaged_at is not None for row in done)

    def gaps_ms(self) -> list[int]:
        """Return what lies between neighbouring segments of each ingest, beyond a frame."""
        bases = {run.id: (run.ingest_id, run.base_us) for run in self.runs()}
        until: dict[str, int] = {}
        found = []
        for row in self.segments():
            ingest_id, base_us = bases[row.run_id]
            apart = base_us + row.starts_us - until.get(ingest_id, 0)
            if abs(apart) > 60_000:
                found.append(apart // 1_000)
            until[ingest_id] = base_us + row.starts_us + row.duration_us
        return found

    def playlists(self) -> dict[str, str]:
        """Return both media playlists after checking every rule."""
        forget_listings()
        with read_only(self.sessions) as session:
            texts = {
                name: media_playlist(session, broadcast_id=self.broadcast_id, rendition=name).text
                for name in ("source", "sound")
            }
            master = master_playlist(session, broadcast_id=self.broadcast_id).text
        assert [hls.check_playlist(text) for text in texts.values()] == [[], []]
        assert hls.check_renditions(texts) == []
        assert hls.check_master(master) == []
        return texts

    def work(self) -> set[str]:
        with read_only(self.sessions) as session:
            return set(session.scalars(select(Work.kind).where(Work.subject == self.broadcast_id)))


@pytest.fixture
def house(sessions: Sessions, settings: Settings, tmp_path: Path) -> Iterator[Studio]:
    """Return a node without a livestream."""
    settings.home.mkdir(parents=True)
    built = Studio(sessions, settings, tmp_path)
    built.open()
    yield built
    built.close()


@pytest.fixture
def studio(house: Studio, now: datetime) -> Studio:
    """Return a node and a livestream that is live but for its media."""
    house.announce(now)
    return house


def test_an_encoder_leaves_and_comes_back_into_the_same_broadcast(studio: Studio) -> None:
    first = studio.sending()
    studio.wait_for_segments(2)
    assert studio.broadcast().state == "receiving"
    assert "#EXT-X-PLAYLIST-TYPE:EVENT\n" in studio.playlists()["source"]
    first.kill()
    studio.wait_for("interrupted")
    assert studio.broadcast().interrupted_at is not None
    studio.push(fit_feed())
    wait_until(lambda: studio.packaged(ingests=2), "the second ingest")
    studio.end()
    texts = studio.playlists()
    for text in texts.values():
        assert text.count("#EXT-X-DISCONTINUITY\n") == 1
        assert text.endswith("#EXT-X-ENDLIST\n")
    assert [run.number for run in studio.runs()] == [0, 1]
    rows = studio.segments()
    assert [row.sequence for row in rows] == list(range(len(rows)))
    second = [row for row in rows if row.run_number == 1]
    assert sum(row.duration_us for row in second) / 1e6 == pytest.approx(SECONDS, abs=0.1)
    assert studio.gaps_ms() == []
    assert studio.work() == set(REPLAY_STEPS)
    assert studio.livestream().state == "ended"
    assert not (studio.settings.journal / studio.broadcast_id).exists()


@once
@pytest.mark.parametrize("state", ["live", "draft", "proposed", "cancelled", "ended"])
def test_who_may_not_push_leaves_nothing(house: Studio, now: datetime, state: str) -> None:
    house.announce(now, state=state)
    wrong = "a-wrong-key" if state == "live" else ""
    assert house.encoder(fit_feed(), key=wrong).wait(30) != 0
    assert (house.ingests(), house.segments()) == ([], [])
    assert not house.settings.journal.exists()
    assert house.broadcast().state == "idle"


def test_a_second_encoder_takes_over_from_a_stale_one(studio: Studio) -> None:
    stale = studio.sending()
    studio.wait_for_segments(1)
    studio.push(fit_feed())
    wait_until(lambda: studio.packaged(ingests=2), "both ingests")
    assert stale.wait(10) != 0
    studio.wait_for("interrupted")
    studio.end()
    assert studio.playlists()["sound"].count("#EXT-X-DISCONTINUITY\n") == 1
    assert studio.gaps_ms() == []


@once
def test_a_window_that_passes_ends_and_publishes(studio: Studio) -> None:
    with studio.sessions() as session:
        session.execute(update(Broadcast).values(window_seconds=0))
        session.execute(update(Livestream).values(replay_policy="at_end"))
        session.commit()
    studio.push(fit_feed())
    studio.wait_for("ended")
    assert studio.livestream().state == "published"
    assert studio.seconds() == pytest.approx(SECONDS, abs=0.1)
    assert studio.work() == set(REPLAY_STEPS)
    assert studio.encoder(fit_feed()).wait(30) != 0
    assert len(studio.ingests()) == 1


def test_an_end_drains_what_the_encoder_has_sent(studio: Studio) -> None:
    encoder = studio.sending()
    studio.wait_for_segments(1)
    studio.end()
    assert encoder.wait(10) != 0
    assert studio.packaged()
    assert studio.gaps_ms() == []
    assert studio.seconds("sound") == pytest.approx(studio.seconds(), abs=0.2)
    assert "#EXT-X-ENDLIST" in studio.playlists()["source"]


def packagers() -> list[int]:
    """Return the packagers that this process has started."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = folder.joinpath("stat").read_text().rpartition(")")[2].split()[1]
                words = folder.joinpath("cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if int(parent) == os.getpid() and b"tee" in words and b"pipe:0" in words:
                found.append(int(folder.name))
    return found


@once
def test_a_packager_that_is_killed_loses_and_doubles_nothing(studio: Studio) -> None:
    encoder = studio.sending()
    for count in (1, 3):
        studio.wait_for_segments(count)
        for pid in packagers():
            os.kill(pid, signal.SIGKILL)
    studio.wait_for_segments(5)
    encoder.stop()
    studio.wait_for("interrupted")
    studio.end()
    assert len(studio.runs()) >= 2
    assert studio.gaps_ms() == []
    texts = studio.playlists()
    assert texts["source"].count("#EXT-X-DISCONTINUITY\n") >= 1
    assert studio.seconds("sound") == pytest.approx(studio.seconds(), abs=2.0)
    assert studio.broadcast().faults == []


def test_a_node_that_is_started_again_packages_what_is_left(studio: Studio) -> None:
    studio.push(long_feed())  # encoded, so that some of it waits when the node stops, if it can
    studio.node.stop()
    studio.open()
    wait_until(studio.packaged, "the tail")
    assert studio.broadcast().state == "interrupted"
    assert studio.seconds() == pytest.approx(SECONDS, abs=0.15)
    studio.push(fit_feed())
    wait_until(lambda: studio.packaged(ingests=2), "the second ingest")
    studio.end()
    assert studio.seconds() == pytest.approx(2 * SECONDS, abs=0.2)
    assert studio.gaps_ms() == []
    studio.playlists()


@once
def test_a_node_that_stops_blames_nobody(studio: Studio) -> None:
    encoder = studio.sending()
    studio.wait_for_segments(1)
    studio.node.stop()
    assert encoder.wait(10) != 0
    assert studio.broadcast().faults == []
    assert [row.packaged_at for row in studio.ingests()] == [None]
    studio.open()
    wait_until(studio.packaged, "the tail")
    assert studio.broadcast().faults == []
    assert studio.gaps_ms() == []


def test_a_rehearsal_is_never_shown_and_the_start_opens(house: Studio, now: datetime) -> None:
    house.announce(now, state="scheduled")
    assert house.encoder(fit_feed(), "-re").wait(30) == 0  # as long as it lasts, like a camera
    house.wait_for("idle")
    wait_until(house.packaged, "the rehearsal")
    rehearsed = house.seconds()
    assert rehearsed == pytest.approx(SECONDS, abs=0.1)
    with pytest.raises(NotYetPlayable):
        house.playlists()
    encoder = house.sending()
    house.wait_for_segments(4)
    with pytest.raises(NotYetPlayable):
        house.playlists()
    with house.sessions() as session:
        life.start(
            session, livestream=session.get_one(Livestream, house.livestream_id), now=utc_now()
        )
        session.commit()
    seen = len(house.segments())
    house.wait_for_segments(seen + 2)
    encoder.stop()
    house.wait_for("interrupted")
    opened = house.broadcast().opened_at
    assert opened is not None
    house.end()
    listed = hls.parse_media_playlist(house.playlists()["source"]).segments
    shown = [
        row
        for row in house.segments()
        if row.program_at + timedelta(microseconds=row.duration_us) > opened
    ]
    assert 0 < len(listed) == len(shown) < len(house.segments())


def test_the_encoder_of_a_host_who_handed_over_is_sent_away(house: Studio, now: datetime) -> None:
    house.announce(now, state="scheduled")
    encoder = house.sending()
    house.wait_for("receiving")
    with house.sessions() as session:
        session.execute(update(Livestream).values(host_id="otherhost"))
        session.commit()
    assert encoder.wait(10) != 0
    house.wait_for("idle")
    assert house.livestream().state == "scheduled"


def test_auto_start_opens_with_the_first_push(house: Studio, now: datetime) -> None:
    house.announce(now, state="scheduled", auto_start=True)
    house.push(fit_feed())
    house.wait_for("interrupted")
    wait_until(house.packaged, "all")
    assert house.livestream().state == "live"
    listed = hls.parse_media_playlist(house.playlists()["source"]).segments
    assert len(listed) == len(house.segments())


@once
def test_storage_that_is_away_delays_and_loses_nothing(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "STORAGE_AWAY_SECONDS", 0.1)
    studio.storage.away = True
    studio.push(fit_feed())
    wait_until(studio.packaged, "all")
    assert studio.playlists()
    assert studio.storage.objects == {}
    studio.storage.away = False

    def stored() -> list[Segment | InitSegment]:
        with read_only(studio.sessions) as session:
            return [*session.scalars(select(Segment)), *session.scalars(select(InitSegment))]

    wait_until(lambda: all(row.uploaded_at is not None for row in stored()), "the uploads")
    sums = {
        key: hashlib.sha256(data).hexdigest() for key, (data, _) in studio.storage.objects.items()
    }
    assert sums == {row.object_key: row.sha256 for row in stored()}


@once
def test_a_segment_that_is_nowhere_does_not_hold_the_others_back(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 1)
    monkeypatch.setattr(uploads, "STORAGE_AWAY_SECONDS", 0.05)
    studio.storage.away = True
    studio.push(fit_feed())
    wait_until(studio.packaged, "all")
    lost, *others = studio.segments()
    (studio.settings.spool / lost.object_key.removeprefix("broadcasts/")).unlink()
    studio.storage.away = False
    wait_until(
        lambda: all(row.uploaded_at is not None for row in studio.segments()[1:]), "the others"
    )
    assert lost.object_key not in studio.storage.objects
    assert {row.object_key for row in others} <= set(studio.storage.objects)


def no_space(*arguments: object) -> None:
    del arguments
    raise OSError(28, "No space left on device")


@once
def test_a_disk_that_is_full_for_a_while(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner keeps the encoder and tries again, slower each time; then nothing is missing."""
    tries: list[float] = []
    real = journal.write_durably

    def full(path: Path, data: bytes) -> None:
        tries.append(1.0)
        if len(tries) < 3:
            no_space()
        real(path, data)

    monkeypatch.setattr(owner, "FAILED_SECONDS", 0.05)
    monkeypatch.setattr(run_writer, "write_durably", full)
    studio.push(fit_feed())
    wait_until(studio.packaged, "all")
    studio.end()
    assert studio.seconds() == pytest.approx(SECONDS, abs=0.1)
    assert [row.epoch for row in studio.segments()] == [1] * len(studio.segments())
    studio.playlists()


@once
def test_a_journal_that_cannot_be_written_sends_the_encoder_away(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "append", no_space)
        patch.setattr(journal.Journal, "close", no_space)
        assert studio.encoder(fit_feed(), "-re").wait(30) != 0
        studio.wait_for("interrupted")
        wait_until(studio.packaged, "the ingest that is empty")
    studio.push(fit_feed())
    wait_until(lambda: studio.packaged(ingests=2), "the second ingest")
    studio.end()
    assert studio.seconds() == pytest.approx(SECONDS, abs=0.1)


@once
def test_a_departure_that_could_not_be_noted_is_noted_later(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = admission.note_departure
    failed: list[str] = []

    def away(session: Session, *, livestream_id: str, now: datetime) -> None:
        if len(failed) < 2:
            failed.append(livestream_id)
            raise ConnectionError
        real(session, livestream_id=livestream_id, now=now)

    monkeypatch.setattr(rows, "note_departure", away)
    studio.push(fit_feed())
    studio.wait_for("interrupted")
    assert failed == [studio.livestream_id] * 2
    wait_until(studio.packaged, "all")
    studio.end()
    assert studio.seconds() == pytest.approx(SECONDS, abs=0.1)


def leave_behind(studio: Studio, write: Callable[[Path], None], *, closed: bool) -> None:
    """Leave what a node that was killed leaves: rows, and a journal."""
    with studio.sessions() as session:
        broadcast = session.get_one(Broadcast, studio.broadcast_id)
        broadcast.state = BroadcastState.RECEIVING
        ingest = Ingest(
            id="left",
            broadcast_id=broadcast.id,
            number=0,
            kind=IngestKind.RTMP,
            epoch=1,
            started_at=utc_now(),
            closed_at=utc_now() if closed else None,
        )
        session.add(ingest)
        write(studio.settings.journal / broadcast.id / ingest.id)
        session.commit()


@pytest.mark.parametrize("closed", [True, False])
def test_what_a_killed_node_left_is_packaged(studio: Studio, *, closed: bool) -> None:
    tags = media_tags(fit_feed())
    leave_behind(studio, partial(fill, tags=tags), closed=closed)
    wait_until(studio.packaged, "what was left")
    assert studio.broadcast().state == "interrupted"
    assert studio.seconds() == pytest.approx(SECONDS, abs=0.1)
    assert studio.ingests()[0].closed_at is not None


def test_what_a_killed_node_had_packaged_is_not_packaged_again(studio: Studio) -> None:
    tags = media_tags(fit_feed())
    leave_behind(studio, partial(fill, tags=tags), closed=True)
    wait_until(studio.packaged, "what was left")
    before = [one.object_key for one in studio.segments()]
    fill(studio.settings.journal / studio.broadcast_id / "left", tags=tags)
    with studio.sessions() as session:
        session.get_one(Ingest, "left").packaged_at = None
        session.commit()
    wait_until(studio.packaged, "the same again")
    assert [one.object_key for one in studio.segments()] == before


@once
def test_a_journal_on_the_disk_of_another_node_holds_nothing_up(studio: Studio) -> None:
    leave_behind(studio, lambda _folder: None, closed=False)
    wait_until(studio.packaged, "nothing")
    studio.end()
    assert studio.segments() == []


@once
def test_garbage_is_named_to_the_host_and_ends_like_anything(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "FRUITLESS_SECONDS", 0.01)

    def garbage(folder: Path) -> None:
        writer = Journal(folder, prefix=flv.header())
        for at in range(75):
            writer.append(flv.write_tag(flv.VIDEO, at * 40, b"\x12 no picture at all" * 20))
        writer.close()

    leave_behind(studio, garbage, closed=True)
    wait_until(studio.packaged, "the end of it")
    assert studio.broadcast().faults == ["unreadable"]
    assert (studio.segments(), studio.runs()) == ([], [])
    studio.end()


def test_who_lost_the_lease_lets_go_and_says_nothing_more(studio: Studio) -> None:
    encoder = studio.sending()
    studio.wait_for_segments(1)
    with studio.sessions() as session:
        session.execute(update(Broadcast).values(lease_until=None))
        taken = acquire_lease(session, broadcast_id=studio.broadcast_id, node="another")
        session.commit()
    assert taken is not None
    assert encoder.wait(20) != 0
    wait_until(lambda: studio.ingests()[0].closed_at is not None, "the end of the ingest")
    row = studio.broadcast()
    assert (row.node, row.epoch, row.state) == ("another", taken.epoch, "receiving")
    assert {one.epoch for one in studio.segments()} == {taken.epoch - 1}


@once
def test_a_clock_that_jumps_is_put_right_and_named(studio: Studio) -> None:
    tags = media_tags(fit_feed())
    jumped = flv.header() + b"".join(
        flv.write_tag(
            tag.kind,
            tag.timestamp_ms + (3_600_000 if tag.timestamp_ms > 1_500 else 0),
            tag.payload,
        )
        for tag in tags
    )
    studio.push(jumped)
    wait_until(studio.packaged, "all")
    assert studio.broadcast().faults == ["clock_jumped"]
    studio.end()
    assert studio.seconds() == pytest.approx(SECONDS, abs=0.2)
    assert studio.gaps_ms() == []


@once
def test_a_node_looks_after_the_rest_when_one_broadcast_cannot_be_adopted(
    house: Studio, now: datetime
) -> None:
    with house.sessions() as session:
        orphan = create_broadcast(session, window_seconds=120, now=now)
        orphan.state = BroadcastState.RECEIVING
        session.commit()
    house.announce(now)
    house.push(fit_feed())
    wait_until(house.packaged, "all")


def test_a_bell_that_was_given_back_rings_nothing(tmp_path: Path) -> None:
    wake = Wake()
    wake.ring()
    assert os.read(wake.fd, 9) == b"\0"
    wake.close()
    wake.close()
    files = [(tmp_path / str(number)).open("wb") for number in range(4)]  # takes the numbers over
    wake.ring()
    for file in files:
        file.close()
    assert [path.stat().st_size for path in sorted(tmp_path.iterdir())] == [0] * 4
