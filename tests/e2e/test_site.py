"""A whole site as ``mindcast serve`` runs it: a feed goes live and becomes a replay in Chromium."""

import json
import os
import signal
import stat
from collections.abc import Iterator

import pytest

from bench.broadcast import Broadcast, Crew, make_crew, schedule, wait_for
from bench.browser import chromium, watcher
from bench.encoder import Encoder
from bench.house import House, house
from bench.polls import Poller
from bench.processes import command, descendants, of_home
from core.clock import utc_now
from media.ffmpeg.push import picture_arguments
from media.process import ProcessFailed, run_checked
from media.test_picture import frame_at

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def site() -> Iterator[House]:
    with house() as running:
        yield running


@pytest.fixture(scope="module")
def crew(site: House) -> Crew:
    return make_crew(site)


def packager_of(site: House) -> int:
    live = site.pids()["live"]
    return next(pid for pid in descendants(live) if "use_editlist" in command(pid))


def segments_listed(broadcast: Broadcast) -> int:
    return broadcast.site.get(f"{broadcast.folder}source/index.m3u8").body.count(b"#EXTINF")


def test_run_file_is_private_and_whole(site: House) -> None:
    path = site.home / "run.json"
    told = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(told) == {"url", "rtmp_url", "pids", "accounts"}
    assert (told["url"], told["accounts"]) == (site.url, [])
    assert site.get("/readyz").json["status"] == "ok"


def test_feed_becomes_a_replay_while_its_packager_is_killed(site: House, crew: Crew) -> None:
    broadcast = schedule(site, crew)
    with chromium() as browser:
        page = watcher(browser, broadcast.page)
        page.open()
        encoder = Encoder(broadcast.push_url)
        encoder.go()
        poller = Poller(broadcast)
        try:
            page.play()
            poller.start()
            os.kill(packager_of(site), signal.SIGKILL)
            before = segments_listed(broadcast)
            wait_for(
                lambda: segments_listed(broadcast) >= before + 3, 30, "segments after the kill"
            )
            broadcast.end()
            broadcast.wait_published()
            ended = wait_for(
                lambda: b"#EXT-X-ENDLIST" in site.get(f"{broadcast.folder}source/index.m3u8").body,
                10,
                "the end of the playlist",
            )
            page.wait(lambda sight: sight.phase == "replay" and bool(sight.join), "the replay")
            page.press()
            page.wait(lambda sight: sight.playing and sight.at < 5, "the first seconds")
        finally:
            encoder.stop()
            poller.stop()
        assert ended
        assert page.look().mark == 1, "the page was loaded again"
        assert (poller.findings(), page.errors) == ([], [])


def test_wrong_stream_key_stores_nothing(site: House, crew: Crew) -> None:
    broadcast = schedule(site, crew)
    url = f"rtmp://127.0.0.1:{site.services()['rtmp_port']}/live/wrong"
    journal = site.home / "journal"
    before = set(journal.rglob("*"))
    with pytest.raises(ProcessFailed):
        run_checked(picture_arguments(url), stdin=frame_at(utc_now()) * 50, timeout=30)
    assert set(journal.rglob("*")) == before
    assert broadcast.now()["state"] == "scheduled"


def test_term_leaves_nothing_running() -> None:
    with house() as running:
        seconds, code = running.end()
        assert (code, of_home(running.home)) == (0, [])
        assert seconds < 10
        assert not (running.home / "run.json").exists()
