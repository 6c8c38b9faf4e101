from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from core.ids import new_id
from media import hls, paths, playlists
from media.enums import RenditionKind
from media.errors import NoSuchMedia, NotYetPlayable
from tests.fakes.shows import Show

pytestmark = pytest.mark.integration


@pytest.fixture
def show(session: Session, now: datetime) -> Show:
    return Show(session, now, "source", "sound")


def text(show: Show, rendition: str = "source", *, skip: bool = False) -> str:
    return playlists.media_playlist(
        show.session, broadcast_id=show.id, rendition=rendition, skip=skip
    ).text


def uris(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if not line.startswith("#")]


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_playlist_lists_the_rows_with_short_addresses(show: Show) -> None:
    show.begin_run(0)
    show.add()
    show.add()
    show.clock += timedelta(seconds=9)
    show.begin_run(1)
    show.add()
    source = text(show)
    assert uris(source) == ["0-0.m4s", "0-1.m4s", "1-2.m4s"]
    assert uris(text(show, "sound")) == ["0-0.m4s", "0-1.m4s", "1-2.m4s"]
    assert hls.check_playlist(source) == []
    assert hls.check_renditions({"source": source, "sound": text(show, "sound")}) == []


def test_growing_playlist_equals_one_rendered_at_once(show: Show) -> None:
    polls = []
    for run in range(3):
        show.begin_run(run)
        for _ in range(8):
            show.add()
            polls.append(text(show, skip=True))
    warm = text(show)
    playlists.forget_listings()
    assert text(show) == warm
    assert sum("#EXT-X-SKIP" in poll for poll in polls) == 12
    show.end()
    assert hls.check_polls([*polls, text(show)]) == []


def test_delta_counts_all_that_is_skipped_in_a_long_playlist(show: Show) -> None:
    show.begin_run(0)
    for _ in range(200):
        show.add()
    assert "#EXT-X-SKIP:SKIPPED-SEGMENTS=188\n" in text(show, skip=True)
    assert hls.check_polls([text(show), text(show, skip=True)]) == []


def test_rehearsal_before_the_opening_is_not_listed(show: Show) -> None:
    show.begin_run(0)
    for _ in range(4):
        show.add()
    show.broadcast.opened_at = show.now + timedelta(seconds=2, milliseconds=500)
    show.session.flush()
    assert uris(text(show)) == ["0-2.m4s", "0-3.m4s"]
    assert "#EXT-X-MEDIA-SEQUENCE:2\n" in text(show)


def test_run_is_listed_once_every_rendition_has_it(show: Show) -> None:
    show.begin_run(0)
    show.add()
    show.begin_run(1)
    show.add("source")
    assert uris(text(show)) == ["0-0.m4s"]
    show.add("sound")
    assert uris(text(show)) == ["0-0.m4s", "1-1.m4s"]


def test_run_that_a_rendition_never_got_is_left_out_of_all(show: Show) -> None:
    show.begin_run(0)
    show.add()
    show.begin_run(1)
    show.add("source")
    show.begin_run(2)
    show.add()
    source, sound = text(show), text(show, "sound")
    assert uris(source) == ["0-0.m4s", "2-2.m4s"]
    assert uris(sound) == ["0-0.m4s", "2-1.m4s"]
    assert hls.check_renditions({"source": source, "sound": sound}) == []


def test_rendition_that_begins_later_takes_nothing_away(show: Show) -> None:
    show.begin_run(0)
    show.add("source")
    before = text(show)
    show.begin_run(1)
    show.add()
    playlists.forget_listings()
    assert uris(text(show)) == ["0-0.m4s", "1-1.m4s"]
    assert hls.check_polls([before, text(show)]) == []


def test_nothing_is_shown_before_the_opening_or_the_first_segment(show: Show) -> None:
    with pytest.raises(NotYetPlayable):
        text(show)
    show.begin_run(0)
    show.add()
    show.broadcast.opened_at = None
    show.session.flush()
    with pytest.raises(NotYetPlayable):
        text(show)
    with pytest.raises(NotYetPlayable):
        playlists.master_playlist(show.session, broadcast_id=show.id)


def test_unknown_broadcast_or_rendition_is_refused(show: Show) -> None:
    with pytest.raises(NoSuchMedia):
        text(show, "other")
    with pytest.raises(NoSuchMedia):
        playlists.master_playlist(show.session, broadcast_id=new_id())


def test_master_waits_for_every_rendition_but_not_for_ever(show: Show) -> None:
    show.begin_run(0)
    show.add("source")
    with pytest.raises(NotYetPlayable):
        playlists.master_playlist(show.session, broadcast_id=show.id)
    for _ in range(4):
        show.add("source")
    alone = playlists.master_playlist(show.session, broadcast_id=show.id)
    assert uris(alone.text) == ["source/index.m3u8"]


def test_master_states_measured_bandwidth(show: Show) -> None:
    show.begin_run(0)
    show.add("source", size=100_000)
    show.add("source", size=200_000)
    show.add("sound", size=8_000)
    show.add("source", size=90_000, duration_us=100_000)
    master = playlists.master_playlist(show.session, broadcast_id=show.id)
    assert hls.check_master(master.text) == []
    assert master.text.splitlines()[3:] == [
        (
            "#EXT-X-STREAM-INF:BANDWIDTH=1600000,AVERAGE-BANDWIDTH=1485714,"
            'CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000'
        ),
        "source/index.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=64000,AVERAGE-BANDWIDTH=64000,CODECS="mp4a.40.2"',
        "sound/index.m3u8",
    ]


def test_etag_changes_with_the_text(show: Show) -> None:
    def answer(*, skip: bool = False) -> tuple[str, str]:
        got = playlists.media_playlist(
            show.session, broadcast_id=show.id, rendition="source", skip=skip
        )
        return got.text, got.etag

    show.begin_run(0)
    for _ in range(20):
        show.add()
    seen = [answer(), answer(skip=True)]
    show.add()
    seen.append(answer())
    show.end()
    seen.append(answer())
    assert len({etag for _, etag in seen}) == len({text for text, _ in seen}) == 4
    assert answer() == seen[-1]


def test_final_playlists_are_the_ended_ones_with_the_master_last(show: Show) -> None:
    show.begin_run(0)
    show.add()
    with pytest.raises(NotYetPlayable):
        playlists.final_playlists(show.session, broadcast_id=show.id)
    show.end()
    written = playlists.final_playlists(show.session, broadcast_id=show.id)
    assert list(written) == [
        paths.playlist_key(show.id, "source"),
        paths.playlist_key(show.id, "sound"),
        paths.master_key(show.id),
    ]
    assert written[paths.playlist_key(show.id, "sound")] == text(show, "sound")
    assert "#EXT-X-ENDLIST" in text(show, "sound")


def test_playlist_takes_two_queries_whatever_there_is(show: Show, engine: Engine) -> None:
    show.begin_run(0)
    show.add()
    with counted(engine) as one:
        text(show)
    show.begin_run(1)
    show.add()
    show.add()
    with counted(engine) as three:
        text(show)
    assert (len(one), len(three)) == (2, 2)


@pytest.fixture
def laddered(show: Show) -> Show:
    """Return an ended broadcast with a ladder of a picture and sound that nobody is shown yet."""
    show.begin_run(0)
    for _ in range(4):
        show.add()
    for place, name in enumerate(("g1v240", "g1audio")):
        row = show.rendition("sound" if place else name, place)
        row.name, row.generation, row.target_duration = name, 1, 4
        row.kind = RenditionKind.AUDIO if place else RenditionKind.VIDEO
        row.codecs = "mp4a.40.2" if place else "avc1.640015"
        show.renditions[name], show.lengths[name] = row, 0
        show.session.add(row)
    show.session.flush()
    show.clock = show.now
    show.add("g1v240", size=80_000, duration_us=4_000_000)
    show.clock = show.now
    show.add("g1audio", size=32_000, duration_us=4_000_000)
    show.end()
    return show


def test_ladder_that_is_not_shown_does_not_exist(laddered: Show) -> None:
    master = playlists.master_playlist(laddered.session, broadcast_id=laddered.id).text
    assert uris(master) == ["source/index.m3u8", "sound/index.m3u8"]
    with pytest.raises(NoSuchMedia):
        text(laddered, "g1v240")
    assert playlists.sound_rendition(laddered.session, broadcast_id=laddered.id) == "sound"


def test_ladder_that_is_shown_is_named_and_the_former_playlists_stay(laddered: Show) -> None:
    before = text(laddered)
    laddered.broadcast.generation = 1
    laddered.session.flush()
    master = playlists.master_playlist(laddered.session, broadcast_id=laddered.id).text
    assert hls.check_master(master) == []
    assert master.splitlines()[3:] == [
        (
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,'
            'URI="g1audio/index.m3u8"'
        ),
        (
            "#EXT-X-STREAM-INF:BANDWIDTH=224000,AVERAGE-BANDWIDTH=224000,"
            'CODECS="avc1.640015,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="sound"'
        ),
        "g1v240/index.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=64000,AVERAGE-BANDWIDTH=64000,CODECS="mp4a.40.2"',
        "g1audio/index.m3u8",
    ]
    texts = {name: text(laddered, name) for name in ("g1v240", "g1audio")}
    assert hls.check_renditions(texts) == []
    assert text(laddered) == before
    assert playlists.sound_rendition(laddered.session, broadcast_id=laddered.id) == "g1audio"
    laddered.broadcast.generation = 2
    laddered.session.flush()
    with pytest.raises(NoSuchMedia):
        text(laddered, "g1v240")
