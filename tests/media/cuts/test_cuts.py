"""A cut from the moment it is made to the removal of what was cut off."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from core.clock import utc_now
from core.database import Sessions, reading
from core.settings import Settings
from core.work.models import Work
from media import hls, paths, poster
from media.cuts.errors import CutIsFinal, CutMeanwhile, NothingCut
from media.cuts.rules import KEPT, choose_cut
from media.cuts.services import MARGIN, cut_broadcast, undo_cuts
from media.cuts.undo import CUT
from media.enums import TrackKind, TrackSource
from media.errors import StorageUnavailable
from media.ffmpeg import ffmpeg_path
from media.jobs import FINAL_PLAYLISTS, enqueue_remaking
from media.ladder.publish import show_generation
from media.models import Asset, Broadcast, Rendition, Segment, TextTrack
from media.playlists import forget_listings
from media.process import run_checked
from media.recording import replay_rows
from media.retention import enqueue_retirements
from media.tracks import keep_track, tracks_of
from media.window import Cut
from tests.media.ladder.conftest import House

pytestmark = pytest.mark.integration
CUES = [(0, 1500, "Noise"), (1500, 4500, "Welcome"), (4500, 9000, "The end"), (9000, 9900, "Bye")]
SECOND = 1_000_000


@pytest.fixture
def house(sessions: Sessions, settings: Settings, tmp_path: Path, now: datetime) -> House:
    """Return an ended recording of two runs, five seconds each, with captions."""
    del now
    forget_listings()
    house = House(sessions, settings, tmp_path)
    house.record(runs=2, seconds=5, size="320x180")
    with sessions.begin() as session:
        keep_track(
            session,
            house.storage,
            broadcast_id=house.id,
            kind=TrackKind.CAPTIONS,
            language="en",
            source=TrackSource.AUTOMATIC,
            cues=CUES,
            now=utc_now(),
        )
    return house


def chosen(house: House, start: float, end: float) -> tuple[Cut, int]:
    row = house.broadcast()
    with reading(), house.sessions() as session:
        rows = replay_rows(session, broadcast_id=house.id)
    cut = Cut(row.shown_from, row.shown_until)
    wish = (int(start * SECOND), int(end * SECOND))
    return choose_cut(rows, start_us=wish[0], end_us=wish[1], cut=cut).cut, row.revision


def cut(house: House, start: float = 2, end: float = 8, **seen: int) -> None:
    wanted, revision = chosen(house, start, end)
    with house.sessions.begin() as session:
        cut_broadcast(
            session,
            house.storage,
            broadcast_id=house.id,
            cut=wanted,
            revision=seen.get("revision", revision),
            now=utc_now(),
        )
        enqueue_remaking(session, broadcast_id=house.id, now=utc_now())


def undo(house: House) -> None:
    with house.sessions.begin() as session:
        undo_cuts(
            session,
            house.storage,
            broadcast_id=house.id,
            revision=house.broadcast().revision,
            now=utc_now(),
        )
        enqueue_remaking(session, broadcast_id=house.id, now=utc_now())


def a_day_later(house: House) -> None:
    """Let the last cut have been made so long ago that it is final."""
    ago = utc_now() - KEPT - MARGIN
    with house.sessions.begin() as session:
        session.execute(update(Broadcast).values(trimmed_at=ago))
        session.execute(update(Work).where(Work.kind == CUT).values(due_at=ago))


def numbers(house: House, rendition: str = "source") -> list[int]:
    text = house.playlist(rendition)
    assert hls.check_playlist(text) == []
    return [int(one.uri.split("-")[1][:-4]) for one in hls.parse_media_playlist(text).segments]


def captions(house: House) -> tuple[list[list[object]], str]:
    with reading(), house.sessions() as session:
        (track,) = tracks_of(session, house.id)
        return track.cues, house.storage.read_bytes(track.object_key).decode()


def assets(house: House) -> dict[str, str]:
    with reading(), house.sessions() as session:
        return {one.kind: one.object_key for one in session.scalars(select(Asset))}


def test_cut_shortens_every_playlist_and_keeps_its_numbers(house: House) -> None:
    assert numbers(house) == list(range(10))
    cut(house)
    assert (numbers(house), numbers(house, "sound")) == (list(range(2, 8)),) * 2
    text = house.playlist("source")
    assert "#EXT-X-MEDIA-SEQUENCE:2\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n" in text
    assert "#EXT-X-TARGETDURATION:1\n" in text
    assert hls.check_renditions({"a": text, "b": house.playlist("sound")}) == []
    cut(house, 4, 6)  # of what is left: the first run is gone
    text = house.playlist("source")
    assert "#EXT-X-MEDIA-SEQUENCE:6\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n" in text
    assert house.broadcast().revision == 2


def test_texts_move_with_the_start_and_come_back_exactly(house: House) -> None:
    before = captions(house)
    cut(house)
    cues, text = captions(house)
    assert cues == [[0, 2500, "Welcome"], [2500, 6000, "The end"]]
    assert "00:00:00.000 --> 00:00:02.500\nWelcome" in text
    assert ("Noise" in text, "Bye" in text) == (False, False)
    cut(house, 1, 6)
    assert captions(house)[0] == [[0, 1500, "Welcome"], [1500, 5000, "The end"]]
    undo(house)
    assert captions(house) == before
    assert numbers(house) == list(range(10))


def test_edit_made_after_a_cut_survives_its_undo(house: House) -> None:
    cut(house)
    with house.sessions.begin() as session:
        keep_track(
            session,
            house.storage,
            broadcast_id=house.id,
            kind=TrackKind.CAPTIONS,
            language="en",
            source=TrackSource.CORRECTED,
            cues=[(0, 3000, "Good evening")],
            now=utc_now(),
        )
    undo(house)
    assert captions(house)[0] == [
        [0, 1500, "Noise"],
        [1500, 2000, "Welcome"],
        [2000, 5000, "Good evening"],
        [8000, 9000, "The end"],
        [9000, 9900, "Bye"],
    ]


def test_everything_is_made_again_of_what_is_left(house: House) -> None:
    house.ask(steps=True)
    house.work()
    whole = assets(house)
    assert (house.broadcast().generation, set(whole)) == (
        1,
        {"poster", "sound", "storyboard", "storyvtt"},
    )
    cut(house)
    assert (assets(house), house.broadcast().generation) == ({}, 0)
    assert numbers(house) == list(range(2, 8))
    house.work()
    remade = assets(house)
    assert set(remade) == set(whole)
    assert remade["sound"] != whole["sound"]
    assert house.broadcast().generation == 2
    house.listed()  # every rule of playlists holds for the new ladder
    lengths = [one.duration_us for one in house.segments("g2audio")]
    assert abs(sum(lengths) - 6 * SECOND) < 50_000
    undo(house)
    assert (assets(house), house.broadcast().generation) == (whole, 1)
    assert all(key in house.storage.objects for key in whole.values())
    house.work()
    assert (assets(house), house.broadcast().generation) == (whole, 1)
    assert all(key in house.storage.objects for key in whole.values())
    assert not any(remade[kind] in house.storage.objects for kind in ("sound", "storyvtt"))


def test_ladder_made_while_it_was_cut_is_never_shown(house: House) -> None:
    house.ask(steps=True)
    house.work(house.only("ladder_plan", "ladder_part", "sound"))
    assert house.states()["ladder_publish 1"] == "queued"
    cut(house)
    assert house.states()["ladder_publish 1"] == "cancelled"
    with house.sessions.begin() as session:  # somebody insists
        session.execute(update(Work).where(Work.kind == "ladder_publish").values(state="queued"))
        assert not show_generation(session, broadcast_id=house.id, generation=1, now=utc_now())
    house.work(house.only("ladder_publish"))
    assert (house.states()["ladder_publish 1"], house.broadcast().generation) == ("failed", 0)
    house.work()
    assert house.broadcast().generation == 2


def test_asset_made_of_another_cut_is_not_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.ask(steps=True)

    def slow(*arguments: object) -> int:
        if not house.broadcast().revision:
            cut(house)
        return real(*arguments)  # type: ignore[arg-type]  # passed on as they are

    real = poster._picture  # noqa: SLF001 -- the moment between two looks at the recording
    monkeypatch.setattr(poster, "_picture", slow)
    house.work(house.only("poster"))
    assert (house.broadcast().revision, len(assets(house))) == (1, 1)
    states = house.states()
    assert (states["poster 1"], states["poster 2"]) == ("cancelled", "done")


def test_asset_of_another_cut_leaves_no_object_behind(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut between the storing of a poster and its row: the poster may show what was cut off."""
    house.ask(steps=True)
    stored: list[str] = []
    real = house.storage.put_file

    def put_file(key: str, file: Path, *, content_type: str) -> None:
        real(key, file, content_type=content_type)
        if "poster" in key and not stored:
            stored.append(key)
            cut(house)

    monkeypatch.setattr(house.storage, "put_file", put_file)
    house.work(house.only("poster"))
    objects = list(house.storage.list_keys(paths.broadcast_prefix(house.id)))
    assert (len(stored), stored[0] in objects) == (1, stored[0] == assets(house)["poster"])
    assert [one for one in objects if "poster" in one] == [assets(house)["poster"]]


def test_playlists_in_storage_name_nothing_that_was_cut_off_while_they_were_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cut asks for them again; what it asked for is done before the first step writes."""
    house.ask(steps=True)
    real = house.storage.put_bytes

    def put_bytes(key: str, data: bytes, *, content_type: str) -> None:
        if key.endswith(".m3u8") and not house.broadcast().revision:
            cut(house)
            with house.sessions.begin() as session:
                asked = update(Work).where(Work.kind == FINAL_PLAYLISTS, Work.revision == 2)
                session.execute(asked.values(state="done"))
        real(key, data, content_type=content_type)

    monkeypatch.setattr(house.storage, "put_bytes", put_bytes)
    house.work(house.only(FINAL_PLAYLISTS))
    text = house.storage.read_bytes(paths.playlist_key(house.id, "source")).decode()
    assert [one.uri for one in hls.parse_media_playlist(text).segments] == [
        one.uri for one in hls.parse_media_playlist(house.playlist("source")).segments
    ]


def test_text_from_before_an_edit_goes_with_what_was_cut_off(house: House) -> None:
    """The captions of the whole, edited between two cuts: all of their objects go in the end."""
    (first,) = text_objects(house)
    cut(house)
    with house.sessions.begin() as session:
        keep_track(
            session,
            house.storage,
            broadcast_id=house.id,
            kind=TrackKind.CAPTIONS,
            language="en",
            source=TrackSource.CORRECTED,
            cues=[(0, 2500, "Welcome, all")],
            now=utc_now(),
        )
    cut(house, 1, 6)
    a_day_later(house)
    house.work(house.only(CUT))
    assert first not in text_objects(house)
    with reading(), house.sessions() as session:
        assert {one.object_key for one in tracks_of(session, house.id)} <= set(text_objects(house))


def text_objects(house: House) -> list[str]:
    keys = house.storage.list_keys(paths.broadcast_prefix(house.id))
    return [key for key in keys if key.endswith(".vtt")]


def test_of_two_cuts_at_once_one_is_made(house: House) -> None:
    wishes = {1: chosen(house, 1, 9)[0], 2: chosen(house, 2, 8)[0]}
    barrier, won = Barrier(2), []

    def make(number: int) -> None:
        barrier.wait()
        try:
            with house.sessions.begin() as session:
                cut_broadcast(
                    session,
                    house.storage,
                    broadcast_id=house.id,
                    cut=wishes[number],
                    revision=0,
                    now=utc_now(),
                )
        except CutMeanwhile:
            return
        won.append(number)

    threads = [Thread(target=make, args=(number,)) for number in wishes]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    row = house.broadcast()
    assert (len(won), row.revision) == (1, 1)
    assert Cut(row.shown_from, row.shown_until) == wishes[won[0]]


def test_what_was_cut_off_is_removed_after_a_day(house: House) -> None:
    house.ask(steps=True)
    house.work()
    old = {*assets(house).values(), *(one.object_key for one in house.segments("g1v180"))}
    cut(house)
    house.work()
    kept = set(house.storage.objects)
    assert old <= kept
    with pytest.raises(CutMeanwhile):
        cut(house, revision=0)
    before = captions(house)
    a_day_later(house)
    with pytest.raises(CutIsFinal):
        undo(house)
    house.work()
    assert house.broadcast().trimmed_at is None
    assert [row.sequence for row in house.segments("source")] == list(range(2, 8))
    assert [row.sequence for row in house.segments("sound")] == list(range(2, 8))
    assert house.renditions(1) == {}
    gone = {key for key in old if not key.rpartition("/")[2].startswith("poster")}
    assert not gone & set(house.storage.objects)
    assert not any("source/0-0.m4s" in key for key in house.storage.objects)
    assert not any(b"Noise" in data for data, _ in house.storage.objects.values())
    assert house.listed() <= set(house.storage.objects)
    assert (captions(house), numbers(house)) == (before, list(range(2, 8)))
    with reading(), house.sessions() as session:
        payloads = session.scalars(select(Work.payload).where(Work.kind == CUT)).all()
    assert not any("undo" in one for one in payloads)
    with pytest.raises(CutIsFinal):
        undo(house)


def test_cut_after_a_final_one_is_undone_to_what_is_left(house: House) -> None:
    cut(house)
    a_day_later(house)
    house.work(house.only(CUT))
    cut(house, 1, 6)
    assert captions(house)[0] == [[0, 1500, "Welcome"], [1500, 5000, "The end"]]
    undo(house)
    assert numbers(house) == list(range(2, 8))
    assert captions(house)[0] == [[0, 2500, "Welcome"], [2500, 6000, "The end"]]
    with pytest.raises(NothingCut):
        undo(house)


def test_removal_that_was_killed_is_taken_up_again(house: House) -> None:
    cut(house)
    a_day_later(house)
    house.storage.away = True
    house.work(house.only(CUT))
    assert [row.sequence for row in house.segments("source")] == list(range(2, 8))
    house.storage.away = False
    with house.sessions.begin() as session:
        session.execute(update(Work).values(due_at=utc_now()))
    house.work(house.only(CUT))
    assert not any("source/0-0.m4s" in key for key in house.storage.objects)


def test_cut_of_a_retired_recording_falls_on_the_ladder(house: House) -> None:
    house.ask(steps=True)
    house.work()
    before = {"poster", "sound", "storyboard", "storyvtt"}
    assert set(assets(house)) == before
    with house.sessions.begin() as session:
        session.execute(update(Broadcast).values(live_retired_at=utc_now()))
        live = select(Rendition.id).where(Rendition.generation == 0)
        session.execute(update(Segment).where(Segment.rendition_id.in_(live)).values(size=1))
        for row in session.scalars(select(Rendition).where(Rendition.generation == 0)):
            session.delete(row)
    cut(house, 3.5, 10)
    assert house.broadcast().generation == 1
    left = numbers(house, "g1v180")
    assert left == [row.sequence for row in house.segments("g1v180")][1:]
    house.work()
    assert (house.broadcast().generation, set(assets(house))) == (1, before)
    assert not (house.states().keys() & {"ladder_plan 2", "sound 2"})
    house.listed()
    with reading(), house.sessions() as session:
        made = {one.kind: one for one in session.scalars(select(Asset))}
    left_us = sum(row.duration_us for row in house.segments("g1v180")[1:])
    assert abs(seconds_of(house, made["sound"].object_key) - left_us / SECOND) < 0.1
    assert made["storyboard"].details["count"] == len(left)
    undo(house)
    assert set(assets(house)) == before


def seconds_of(house: House, key: str) -> float:
    """Return how long the sound in an object is, decoded."""
    file = house.folder / "heard.m4a"
    file.write_bytes(house.storage.read_bytes(key))
    command: list[str | Path] = [ffmpeg_path(), "-v", "error", "-i", file, "-f", "s16le"]
    heard = run_checked([*command, "-ar", "48000", "-ac", "1", "-"], timeout=60).stdout
    return len(heard) / 2 / 48_000


def test_storage_that_is_away_refuses_the_cut_as_a_whole(house: House) -> None:
    house.storage.away = True
    with pytest.raises(StorageUnavailable):
        cut(house)
    house.storage.away = False
    row = house.broadcast()
    assert (row.revision, row.shown_from, numbers(house)) == (0, None, list(range(10)))


def test_nothing_retires_while_a_cut_may_be_undone(house: House) -> None:
    house.ask(steps=True)
    house.work()
    cut(house)
    house.work()
    house.shift(2 * timedelta(hours=24))
    with house.sessions.begin() as session:
        enqueue_retirements(session, now=utc_now())
        asked = select(func.count()).where(Work.kind == "retire", Work.revision > 0)
        assert session.scalar(asked) == 0
        assert session.scalar(select(func.count(TextTrack.id))) == 1
