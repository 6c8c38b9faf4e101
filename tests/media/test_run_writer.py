"""From cuts to files and rows: in step, in order, and nothing for who has lost the broadcast."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.database import Sessions
from media import run_writer
from media.enums import IngestKind
from media.errors import LeaseLostError
from media.hls import check_master, check_playlist, check_renditions
from media.journal import write_durably
from media.models import Broadcast, Ingest, InitSegment, Rendition, Run, Segment
from media.mp4 import AUDIO, VIDEO, Init, Track
from media.packager import SOUND, SOURCE
from media.paths import spool_path
from media.plans import Plan, Source
from media.playlists import forget_listings, master_playlist, media_playlist
from media.run_writer import RunWriter
from media.rungs import RUNGS, Ladder, make_ladder
from media.segmenter import Cut
from media.services import Lease, acquire_lease, create_broadcast, open_ingest
from streams.node.shown import rungs_shown

pytestmark = pytest.mark.integration

SECOND = 1_000_000
MUXED = Init(
    b"muxed",
    (Track(1, VIDEO, 90_000, "avc1.42c00c", 320, 180), Track(2, AUDIO, 48_000, "mp4a.40.2")),
)
SMALL = Init(
    b"small",
    (Track(1, VIDEO, 90_000, "avc1.42c00c", 160, 90), Track(2, AUDIO, 48_000, "mp4a.40.2")),
)
ALONE = Init(b"alone", (Track(1, AUDIO, 48_000, "mp4a.40.2"),))
NO_LADDER = Ladder()
V480, V360, V240 = RUNGS
COPY = Plan("flv", Source.COPY, Source.COPY, 320, 180, 25.0)


class Known:
    """A feed that only remembers how far it was packaged."""

    def __init__(self) -> None:
        self.until: list[int] = []

    def packaged(self, until_us: int) -> None:
        self.until.append(until_us)


class Studio:
    """A broadcast that is shown, and writers of its runs."""

    def __init__(self, sessions: Sessions, spool: Path, now: datetime) -> None:
        self.sessions, self.spool, self.now = sessions, spool, now
        forget_listings()
        with sessions() as session:
            broadcast = create_broadcast(session, window_seconds=120, now=now)
            broadcast.opened_at = now
            lease = acquire_lease(session, broadcast_id=broadcast.id, node="a")
            assert lease is not None
            self.lease: Lease = lease
            self.ingest: Ingest = open_ingest(session, lease, kind=IngestKind.RTMP, now=now)
            session.commit()
        self.feed = Known()

    def writer(
        self, *, base_us: int = 0, lease: Lease | None = None, ladder: Ladder = NO_LADDER
    ) -> RunWriter:
        made = RunWriter(
            sessions=self.sessions,
            spool=self.spool,
            lease=lease or self.lease,
            ingest=self.ingest,
            plan=COPY.with_ladder(ladder),
            feed=self.feed,  # type: ignore[arg-type]  # a writer asks no more of it
            base_us=base_us,
        )
        made.init(SOURCE, MUXED)
        made.init(SOUND, ALONE)
        for rung in ladder.encoded:
            made.init(rung.name, SMALL)
        return made

    def stored(self) -> list[tuple[str, int, int, int]]:
        """Return (rendition, run, sequence, start) of all segments, in the order of playlists."""
        with self.sessions() as session:
            query = (
                select(Rendition.name, Segment.run_number, Segment.sequence, Segment.starts_us)
                .join(Rendition, Rendition.id == Segment.rendition_id)
                .order_by(Rendition.position, Segment.sequence)
            )
            return [(name, run, at, us) for name, run, at, us in session.execute(query)]

    def texts(self, *, check: bool = True, rungs: tuple[str, ...] = ()) -> dict[str, str]:
        forget_listings()
        with self.sessions() as session:
            texts = {
                name: media_playlist(
                    session, broadcast_id=self.lease.broadcast_id, rendition=name
                ).text
                for name in (SOURCE, *rungs, SOUND)
            }
            master = master_playlist(session, broadcast_id=self.lease.broadcast_id).text
        if check:
            assert [check_playlist(text) for text in texts.values()] == [[] for _ in texts]
            assert check_master(master) == []
            assert check_renditions(texts) == []
        return texts


@pytest.fixture
def studio(sessions: Sessions, tmp_path: Path, now: datetime) -> Studio:
    return Studio(sessions, tmp_path / "spool", now)


def cut(second: int, *, lasts: int = SECOND) -> Cut:
    return Cut(b"segment %d" % second, second * SECOND, lasts)


def write(writer: RunWriter, *seconds: int) -> None:
    for second in seconds:
        writer.cut(SOUND, cut(second))
        writer.cut(SOURCE, cut(second))


def test_files_and_rows_say_the_same(studio: Studio) -> None:
    write(studio.writer(), 0, 1)
    with studio.sessions() as session:
        rows = [*session.scalars(select(Segment)), *session.scalars(select(InitSegment))]
        renditions = {row.name: row for row in session.scalars(select(Rendition))}
    assert len(rows) == 4 + 2
    for row in rows:
        data = spool_path(studio.spool, row.object_key).read_bytes()
        assert (row.size, row.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    source, sound = renditions[SOURCE], renditions[SOUND]
    assert (source.codecs, source.width, source.height) == ("avc1.42c00c,mp4a.40.2", 320, 180)
    assert (source.kind, source.frame_rate) == ("muxed", 25.0)
    assert (sound.kind, sound.codecs, sound.height) == ("audio", "mp4a.40.2", 0)
    assert studio.feed.until == [0, SECOND]  # where a restart may still begin
    studio.texts()


def test_the_next_run_goes_on_in_number_and_time(studio: Studio) -> None:
    write(studio.writer(), 0, 1)
    write(studio.writer(base_us=2 * SECOND), 0)
    assert studio.stored() == [
        (name, *row) for name in (SOURCE, SOUND) for row in ((0, 0, 0), (0, 1, SECOND), (1, 2, 0))
    ]
    with studio.sessions() as session:
        runs = session.scalars(select(Run).order_by(Run.number)).all()
    assert [(run.number, run.base_us, run.program_at) for run in runs] == [
        (0, 0, studio.now),
        (1, 2 * SECOND, studio.now + timedelta(seconds=2)),
    ]
    texts = studio.texts()
    assert texts[SOURCE].count("#EXT-X-DISCONTINUITY\n") == 1


def test_a_run_never_begins_before_the_last_one_ended(studio: Studio) -> None:
    write(studio.writer(), 0, 1, 2)
    write(studio.writer(base_us=SECOND), 0)
    with studio.sessions() as session:
        last = session.scalars(select(Run).where(Run.number == 1)).one()
    assert last.program_at == studio.now + timedelta(seconds=3)
    studio.texts()


def test_sound_that_comes_before_any_picture_waits(studio: Studio) -> None:
    """A copy that turns out unfit has sound, but no GOP is whole: the next run repeats it all."""
    unfit = studio.writer()
    for second in range(3):
        unfit.cut(SOUND, cut(second))
    assert studio.stored() == []
    assert unfit.cuts == 0
    write(studio.writer(), 0, 1)
    assert {row[:2] for row in studio.stored()} == {(SOURCE, 1), (SOUND, 1)}
    studio.texts()


def test_a_picture_waits_for_the_first_sound_so_that_no_run_stands_alone(studio: Studio) -> None:
    crashed = studio.writer()
    crashed.cut(SOURCE, cut(0))
    assert (studio.stored(), crashed.cuts, studio.feed.until) == ([], 0, [])


def test_a_picture_does_not_wait_for_ever(studio: Studio) -> None:
    writer = studio.writer()
    for second in range(run_writer.MOST_WAITING + 1):
        writer.cut(SOURCE, cut(second))
    assert len(studio.stored()) == run_writer.MOST_WAITING + 1


def test_sound_does_not_run_ahead(studio: Studio) -> None:
    writer = studio.writer()
    write(writer, 0)
    writer.cut(SOUND, cut(1))
    writer.cut(SOUND, cut(2))
    assert [row[2] for row in studio.stored() if row[0] == SOUND] == [0]
    writer.cut(SOURCE, cut(1))
    assert [row[2] for row in studio.stored() if row[0] == SOUND] == [0, 1]
    for second in range(3, 3 + run_writer.MOST_WAITING):
        writer.cut(SOUND, cut(second))
    assert [row[2] for row in studio.stored() if row[0] == SOUND] == [0, 1, 2]
    writer.finish()
    assert [row[2] for row in studio.stored() if row[0] == SOUND] == [0, 1, 2, 3, 4, 5]


def test_what_is_shorter_than_a_segment_is_stored_at_the_end(studio: Studio) -> None:
    writer = studio.writer()
    writer.cut(SOURCE, cut(0, lasts=200_000))
    writer.finish()
    writer.finish()
    assert studio.stored() == [(SOURCE, 0, 0, 0)]


def write_all(writer: RunWriter, rungs: tuple[str, ...], *seconds: int) -> None:
    for second in seconds:
        for name in (SOUND, *rungs, SOURCE):
            writer.cut(name, cut(second))


def test_a_run_begins_in_all_rungs_at_once(studio: Studio) -> None:
    writer = studio.writer(ladder=Ladder((V360, V240)))
    write_all(writer, ("v360",), 0)
    assert studio.stored() == []
    writer.cut("v240", cut(0))
    assert [row[0] for row in studio.stored()] == [SOURCE, "v360", "v240", SOUND]
    studio.texts(rungs=("v360", "v240"))


def test_rungs_that_are_shed_go_on_with_the_segments_of_a_smaller_one(studio: Studio) -> None:
    write_all(studio.writer(ladder=Ladder((V360, V240))), ("v360", "v240"), 0, 1)
    shed = studio.writer(base_us=2 * SECOND, ladder=Ladder((V240,), (("v360", "v240"),)))
    write_all(shed, ("v240",), 0, 1)
    texts = studio.texts(rungs=("v360", "v240"))
    assert {text.count("#EXT-X-DISCONTINUITY\n") for text in texts.values()} == {1}
    with studio.sessions() as session:
        query = select(Rendition.name, Segment.run_number, Segment.sha256).join(
            Rendition, Rendition.id == Segment.rendition_id
        )
        shown = query.where(Segment.run_number == 1).order_by(Segment.sequence)
        rows = session.execute(shown).all()
        inits = session.scalars(select(InitSegment).where(InitSegment.object_key.like("%/1-%")))
        keys = {row.object_key.split("/")[2]: row.sha256 for row in inits}
    digests = {name: [sha for one, _, sha in rows if one == name] for name in ("v360", "v240")}
    assert digests["v360"] == digests["v240"]
    assert len(digests["v240"]) == 2
    assert keys["v360"] == keys["v240"]
    assert {"source", "v360", "v240", "sound"} == set(keys)


def test_a_rung_that_was_not_shown_from_the_first_is_no_part_of_a_run(studio: Studio) -> None:
    """It would have less than the source: no player could change over to it."""
    write(studio.writer(), 0, 1)
    with studio.sessions() as session:
        shown = rungs_shown(session, broadcast_id=studio.lease.broadcast_id)
    assert shown == set()
    assert make_ladder(RUNGS, shown) == Ladder()


@pytest.mark.parametrize(
    ("opened_after", "shown"), [(None, None), (0, {"v240"}), (1, {"v240"}), (2, None)]
)
def test_which_rungs_viewers_have_been_shown(
    studio: Studio, opened_after: int | None, shown: set[str] | None
) -> None:
    write_all(studio.writer(ladder=Ladder((V240,))), ("v240",), 0, 1)
    with studio.sessions() as session:
        opened = None if opened_after is None else studio.now + timedelta(seconds=opened_after)
        session.execute(update(Broadcast).values(opened_at=opened))
        assert rungs_shown(session, broadcast_id=studio.lease.broadcast_id) == shown


def test_master_says_what_each_rung_is(studio: Studio) -> None:
    writer = studio.writer(ladder=Ladder((V240,)))
    write_all(writer, ("v240",), 0)
    with studio.sessions() as session:
        rows = {row.name: row for row in session.scalars(select(Rendition))}
    assert {name: (row.kind, row.position) for name, row in rows.items()} == {
        "source": ("muxed", 0),
        "v240": ("muxed", 3),
        "sound": ("audio", 4),
    }
    assert (rows["v240"].width, rows["v240"].height, rows["v240"].frame_rate) == (160, 90, 25.0)


def steal(studio: Studio) -> Lease:
    with studio.sessions() as session:
        session.execute(update(Broadcast).values(node="", lease_until=None))
        taken = acquire_lease(session, broadcast_id=studio.lease.broadcast_id, node="b")
        session.commit()
    assert taken is not None
    return taken


@pytest.mark.parametrize(
    "act",
    [
        lambda _studio, writer: write(writer, 1),
        lambda studio, _writer: studio.writer(),
        lambda _studio, writer: writer.init(SOURCE, MUXED),
    ],
    ids=["segment", "run", "init"],
)
def test_a_writer_whose_lease_was_taken(
    studio: Studio, act: Callable[[Studio, RunWriter], None]
) -> None:
    writer = studio.writer()
    write(writer, 0)
    before = studio.stored()
    taken = steal(studio)
    with pytest.raises(LeaseLostError):
        act(studio, writer)
    assert studio.stored() == before
    with studio.sessions() as session:
        assert len(session.scalars(select(Run)).all()) == 1
        assert len(session.scalars(select(InitSegment)).all()) == 2
    write(studio.writer(lease=taken, base_us=SECOND), 0)
    assert [row[1:3] for row in studio.stored() if row[0] == SOURCE] == [(0, 0), (1, 1)]


def test_a_disk_that_is_full_leaves_no_row(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = studio.writer()

    def full(path: Path, data: bytes) -> None:
        del path, data
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run_writer, "write_durably", full)
    writer.cut(SOUND, cut(0))
    with pytest.raises(OSError, match="No space left"):
        writer.cut(SOURCE, cut(0))
    assert studio.stored() == []


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a" / "segment.m4s"

    def fail(fd: int) -> None:
        del fd
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.fdatasync", fail)
    with pytest.raises(OSError, match="Input/output"):
        write_durably(path, b"data")
    assert not path.exists()
    monkeypatch.undo()
    write_durably(path, b"data")
    assert path.read_bytes() == b"data"
    assert [entry.name for entry in path.parent.iterdir()] == ["segment.m4s"]
