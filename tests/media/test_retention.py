from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.clock import utc_now
from core.database import Sessions, reading
from core.settings import Settings
from core.work.models import Work
from media import hls, paths
from media.enums import RenditionKind
from media.ladder.plan import PlannedSegment
from media.ladder.rows import ensure_rendition
from media.models import Broadcast, InitSegment, Rendition, Run, Segment
from media.playlists import forget_listings, master_playlist, media_playlist
from media.retention import KEPT, RETIRE, enqueue_retirements
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage
from tests.media.ladder.conftest import House

pytestmark = pytest.mark.integration
HOUR = timedelta(hours=1)


@pytest.fixture
def house(sessions: Sessions, settings: Settings, tmp_path: Path) -> House:
    """Return an ended broadcast of rows and small objects; its first two seconds a rehearsal."""
    forget_listings()
    house = House(sessions, settings, tmp_path, MemoryStorage())
    began = utc_now() - 2 * KEPT
    with sessions.begin() as session:
        show = Show(session, began, "source", "sound")
        show.begin_run(0)
        show.add()
        show.begin_run(1)
        for _ in range(4):
            show.add()
        show.broadcast.opened_at = began + timedelta(seconds=2, milliseconds=500)
        show.end()
        house.id = show.id
    store_all(house)
    return house


def store_all(house: House) -> None:
    """Put an object of every row, and the playlists, into storage."""
    with reading(), house.sessions() as session:
        keys = [*session.scalars(select(Segment.object_key))]
        keys += session.scalars(select(InitSegment.object_key))
        names = list(session.scalars(select(Rendition.name)))
    keys += [paths.playlist_key(house.id, name) for name in names]
    keys += [paths.master_key(house.id), paths.asset_key(house.id, "poster-12345678.jpg")]
    for key in keys:
        house.storage.put_bytes(key, key.encode(), content_type="text/plain")


def show_ladder(house: House, generation: int, *, ago: timedelta) -> None:
    """Give the broadcast a ladder that is shown since a while, of one segment per rendition."""
    now = utc_now()
    with house.sessions.begin() as session:
        run = session.scalars(select(Run).where(Run.number == 1)).one()
        for place, kind in enumerate((RenditionKind.VIDEO, RenditionKind.AUDIO)):
            row = ensure_rendition(
                session,
                broadcast_id=house.id,
                generation=generation,
                name=f"g{generation}{'v240' if place == 0 else 'audio'}",
                kind=kind,
                position=place,
                size=(426, 240) if place == 0 else (0, 0),
                frame_rate=30 if place == 0 else 0,
            )
            row.codecs = "mp4a.40.2" if place else "avc1.640015"
            planned = PlannedSegment(0, 0, 3_000_000)
            init = paths.init_key(house.id, row.name, 1)
            session.add(
                InitSegment(run_id=run.id, rendition_id=row.id, object_key=init, size=1, sha256="")
            )
            session.add(
                Segment(
                    rendition_id=row.id,
                    sequence=planned.sequence,
                    broadcast_id=house.id,
                    run_id=run.id,
                    run_number=1,
                    epoch=1,
                    starts_us=0,
                    duration_us=planned.duration_us,
                    program_at=run.program_at + timedelta(seconds=1),
                    object_key=paths.segment_key(house.id, row.name, 1, 0),
                    size=(2 - place) * 10_000,
                    sha256="",
                )
            )
        session.execute(update(Broadcast).values(generation=generation, generation_at=now - ago))
    store_all(house)
    forget_listings()


def listed(house: House) -> set[str]:
    """Return every object that some playlist which can be had names, old ones too."""
    forget_listings()
    found = {paths.master_key(house.id)}
    with reading(), house.sessions() as session:
        master = hls.parse_master(master_playlist(session, broadcast_id=house.id).text)
        names = {uri.partition("/")[0] for uri in master.uris()}
        live = select(Rendition.name).where(Rendition.generation == 0)
        for name in names | set(session.scalars(live)):
            text = media_playlist(session, broadcast_id=house.id, rendition=name).text
            index = paths.playlist_key(house.id, name)
            folder = index.rpartition("/")[0]
            found.add(index)
            for one in hls.parse_media_playlist(text).segments:
                found |= {f"{folder}/{one.uri}", f"{folder}/{one.init_uri}"}
    return found


def tidy(house: House) -> None:
    """Let the clock look and the worker work, twice: repeating changes nothing."""
    for _ in range(2):
        with house.sessions.begin() as session:
            enqueue_retirements(session, now=utc_now())
        house.work()
        assert listed(house) <= house.storage.objects.keys()


def folders(house: House) -> set[str]:
    return {key.split("/")[2] for key in house.storage.objects if key.count("/") > 2}


def test_live_segments_go_a_day_after_the_ladder_is_shown(house: House) -> None:
    show_ladder(house, 1, ago=KEPT + HOUR)
    tidy(house)
    assert folders(house) == {"g1v240", "g1audio", "assets"}
    assert house.broadcast().live_retired_at is not None
    assert set(house.renditions(0)) == set()
    assert [row.state for row in house.rows() if row.kind == RETIRE and row.revision] == ["done"]


def test_live_segments_stay_for_a_day(house: House) -> None:
    show_ladder(house, 1, ago=KEPT - HOUR)
    before = listed(house)
    tidy(house)
    assert listed(house) == before
    assert folders(house) == {"g1v240", "g1audio", "source", "sound", "assets"}
    assert house.broadcast().live_retired_at is None


def test_broadcast_without_a_ladder_keeps_everything_it_showed(house: House) -> None:
    shown = listed(house)
    tidy(house)
    assert listed(house) == shown
    assert folders(house) == {"source", "sound", "assets"}


def test_rehearsal_goes_and_the_playlist_stays_as_it_was(house: House) -> None:
    with reading(), house.sessions() as session:
        before = media_playlist(session, broadcast_id=house.id, rendition="source").text
    tidy(house)
    kept = sorted(key for key in house.storage.objects if "/source/" in key)
    prefix = f"broadcasts/{house.id}/source"
    names = ("1-2.m4s", "1-3.m4s", "1-4.m4s", "1-init.mp4", "index.m3u8")
    assert kept == [f"{prefix}/{name}" for name in names]
    assert [row.sequence for row in house.segments("source")] == [2, 3, 4]
    assert house.playlist("source") == before


def test_rehearsal_of_what_is_live_or_ended_today_stays(house: House) -> None:
    with house.sessions.begin() as session:
        session.execute(update(Broadcast).values(ended_at=utc_now() - HOUR))
    before = dict(house.storage.objects)
    tidy(house)
    with house.sessions.begin() as session:
        session.execute(update(Broadcast).values(state="receiving", ended_at=None))
    tidy(house)
    assert house.storage.objects == before
    assert house.rows() == []


def test_former_ladder_goes_as_the_live_segments_did(house: House) -> None:
    show_ladder(house, 1, ago=KEPT + HOUR)
    tidy(house)
    retired_at = house.broadcast().live_retired_at
    show_ladder(house, 2, ago=KEPT + HOUR)
    tidy(house)
    assert folders(house) == {"g2v240", "g2audio", "assets"}
    assert house.broadcast().live_retired_at == retired_at


def test_retirement_that_was_killed_is_taken_up_again(house: House) -> None:
    show_ladder(house, 1, ago=KEPT + HOUR)
    with house.sessions.begin() as session:
        enqueue_retirements(session, now=utc_now())
    house.storage.away = True  # rows are gone, objects are not
    house.work()
    assert house.renditions(0) == {}
    house.storage.away = False
    assert "source" in folders(house)
    with house.sessions.begin() as session:
        session.execute(update(Work).values(due_at=utc_now() - timedelta(seconds=1)))
    tidy(house)
    assert folders(house) == {"g1v240", "g1audio", "assets"}


def test_ladder_that_is_being_made_is_left_alone(house: House) -> None:
    show_ladder(house, 1, ago=KEPT + HOUR)
    with house.sessions.begin() as session:
        ensure_rendition(
            session,
            broadcast_id=house.id,
            generation=2,
            name="g2v240",
            kind=RenditionKind.VIDEO,
            position=0,
        )
    key = paths.segment_key(house.id, "g2v240", 1, 0)
    house.storage.put_bytes(key, b"made just now", content_type="video/iso.segment")
    tidy(house)
    assert key in house.storage.objects
