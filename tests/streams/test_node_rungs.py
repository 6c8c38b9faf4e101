"""A whole node with rungs below the source: whatever dies or is given up, all playlists go on."""

import os
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.database import Sessions, read_only
from core.settings import Settings
from media import hls
from media.playlists import forget_listings, master_playlist, media_playlist
from streams.node import load
from tests.fakes.feeds import AAC, CLOSED, PICTURE, SOUND, X264, encoded
from tests.fakes.nodes import wait_until
from tests.streams.test_node import Studio, packagers

pytestmark = [
    pytest.mark.integration,
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
]

RUNGS = ("v360", "v240")
NAMES = ("source", *RUNGS, "sound")
LARGE = ("-f", "lavfi", "-i", "testsrc2=size=854x480:rate=25")


@pytest.fixture
def studio(
    sessions: Sessions, settings: Settings, tmp_path: Path, now: datetime
) -> Iterator[Studio]:
    settings.home.mkdir(parents=True)
    built = Studio(sessions, settings, tmp_path)
    built.open()
    built.announce(now)
    yield built
    built.close()


def large_feed() -> bytes:
    return encoded(*LARGE, *SOUND, *X264, *CLOSED, *AAC, seconds=4)


def texts_of(studio: Studio) -> dict[str, str]:
    """Return every media playlist after checking every rule."""
    forget_listings()
    with read_only(studio.sessions) as session:
        master = master_playlist(session, broadcast_id=studio.broadcast_id).text
        names = [line.partition("/")[0] for line in master.splitlines() if line[0] != "#"]
        texts = {
            name: media_playlist(session, broadcast_id=studio.broadcast_id, rendition=name).text
            for name in names
        }
    assert set(names) == set(NAMES)
    assert {name: hls.check_playlist(text) for name, text in texts.items()} == {
        name: [] for name in names
    }
    assert hls.check_renditions(texts) == []
    assert hls.check_master(master) == []
    return texts


def discontinuities(texts: dict[str, str]) -> set[int]:
    return {text.count("#EXT-X-DISCONTINUITY\n") for text in texts.values()}


def test_every_rung_is_live_and_stays_in_the_replay(studio: Studio) -> None:
    studio.push(large_feed())
    wait_until(studio.packaged, "all")
    live = texts_of(studio)
    studio.end()
    ended = texts_of(studio)
    assert all(text.endswith("#EXT-X-ENDLIST\n") for text in ended.values())
    assert discontinuities(live) == discontinuities(ended) == {0}
    for name in NAMES:
        assert studio.seconds(name) == pytest.approx(4.0, abs=0.2)
    rows = [row for name in NAMES for row in studio.segments(name)]
    wait_until(lambda: {row.object_key for row in rows} <= set(studio.storage.objects), "objects")


def test_a_packager_that_is_killed_leaves_a_discontinuity_in_every_rung(studio: Studio) -> None:
    encoder = studio.encoder(large_feed(), "-re", "-stream_loop", "-1")
    studio.wait_for_segments(2)
    for pid in packagers():
        os.kill(pid, signal.SIGKILL)
    studio.wait_for_segments(5)
    encoder.stop()
    studio.wait_for("interrupted")
    studio.end()
    assert studio.gaps_ms() == []
    assert discontinuities(texts_of(studio)) == {1}
    for name in RUNGS:  # what was being encoded when it was killed is lost to the rung
        assert studio.seconds(name) == pytest.approx(studio.seconds(), abs=1.5)


def test_an_encoder_that_comes_back_smaller_and_without_sound_fills_every_rung(
    studio: Studio,
) -> None:
    studio.push(large_feed())
    wait_until(studio.packaged, "the first")
    studio.push(encoded(*PICTURE, *X264, *CLOSED))
    wait_until(lambda: studio.packaged(ingests=2), "the second")
    studio.end()
    assert discontinuities(texts_of(studio)) == {1}
    for name in NAMES:
        assert studio.seconds(name) == pytest.approx(7.0, abs=0.3)


def test_a_disk_that_fills_takes_the_rungs_and_leaves_the_source(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = studio.encoder(large_feed(), "-re", "-stream_loop", "-1")
    studio.wait_for_segments(2)
    monkeypatch.setattr(load, "RUNG_ROOM", 2**62)
    wait_until(lambda: len(studio.runs()) > 1, "a run without rungs")
    seen = len(studio.segments())
    studio.wait_for_segments(seen + 2)
    encoder.stop()
    studio.wait_for("interrupted")
    studio.end()
    assert len(studio.runs()) == 2  # slides are not given up a second time
    assert studio.gaps_ms() == []
    assert discontinuities(texts_of(studio)) == {1}
    last = [studio.segments(name)[-1] for name in RUNGS]
    assert last[0].sha256 == last[1].sha256
    assert last[1].size * 4 < studio.segments("source")[-1].size


def test_a_broadcast_that_began_without_rungs_goes_on_without(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(load, "RUNG_ROOM", 2**62)
        studio.push(large_feed())
        wait_until(studio.packaged, "the first")
    studio.push(large_feed())
    wait_until(lambda: studio.packaged(ingests=2), "the second")
    assert studio.segments("v240") == []
    assert studio.playlists()["sound"].count("#EXT-X-DISCONTINUITY\n") == 1
