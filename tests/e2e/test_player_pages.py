"""The player in a real browser: through a whole livestream without a reload.

The stage below plays the part of the server: it adds one segment to the playlist each time a player
asks for it, so that the test moves with the player and never sleeps.
"""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from catalog.enums import LivestreamState, Visibility
from catalog.models import Livestream
from core.clock import rfc3339, utc_now
from core.orm import Base
from core.settings import read_settings
from media.binaries import ffmpeg_path
from media.process import run_checked
from web import assets
from web.app import create_app
from web.database import db
from web.demo import load_demo

pytestmark = pytest.mark.e2e

LONGEST = 60  # seconds of recording, more than any test plays
MASTER = (
    "#EXTM3U\n"
    '#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.42c01e,mp4a.40.2",RESOLUTION=320x180\n'
    "source/index.m3u8\n"
)
HEAD = (
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-TARGETDURATION:1",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    "#EXT-X-MEDIA-SEQUENCE:0",
)


@dataclass
class Stage:
    """A broadcast that grows while it is asked for."""

    folder: Path
    state: str = "scheduled"
    interrupted: bool = False
    over: bool = False
    segments: list[tuple[int, int]] = field(default_factory=list)

    def receive(self, run: int) -> None:
        """Take one more segment of a run."""
        self.segments.append((run, sum(known == run for known, _ in self.segments)))

    def answer_audience(self, route: Route) -> None:
        """Answer as the audience state of the API."""
        playable = self.state in {"live", "published"}
        route.fulfill(
            json={
                "version": 1,
                "state": self.state,
                "interrupted": self.interrupted,
                "viewers": 12,
                "playback_url": "/media/stage/master.m3u8" if playable else None,
                "starts_at": rfc3339(utc_now()),
            }
        )

    def answer_media(self, route: Route) -> None:
        """Answer with a playlist, an init segment or a segment."""
        name = route.request.url.partition("?")[0].rpartition("/")[2]
        if name == "master.m3u8":
            route.fulfill(body=MASTER, content_type="application/vnd.apple.mpegurl")
        elif name == "index.m3u8":
            route.fulfill(body=self._playlist(), content_type="application/vnd.apple.mpegurl")
        else:
            route.fulfill(path=self.folder / name, content_type="video/mp4")

    def _playlist(self) -> str:
        if self.segments and not (self.interrupted or self.over):
            self.receive(self.segments[-1][0])
        lines = [*HEAD, f"#EXT-X-PLAYLIST-TYPE:{'VOD' if self.over else 'EVENT'}"]
        last = -1
        for run, index in self.segments:
            if run != last:
                lines += ["#EXT-X-DISCONTINUITY"] if last >= 0 else []
                lines.append(f'#EXT-X-MAP:URI="{run}-init.mp4"')
                last = run
            lines += ["#EXTINF:1.0,", f"{run}-{index}.m4s"]
        return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if self.over else []), ""])


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record two runs, as an encoder that came back would leave them."""
    folder = tmp_path_factory.mktemp("recording")
    for run, picture in enumerate(("testsrc2", "smptebars")):
        sources = (f"{picture}=size=320x180:rate=10", "sine=frequency=220:sample_rate=48000")
        inputs = [part for source in sources for part in ("-f", "lavfi", "-i", source)]
        coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p"]
        hls = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "0", "-hls_segment_type", "fmp4"]
        names = [
            *("-hls_fmp4_init_filename", f"{run}-init.mp4"),
            *("-hls_segment_filename", f"{run}-%d.m4s", f"{run}.m3u8"),
        ]
        encode = ["-t", str(LONGEST), *coded, "-c:a", "aac", *hls, *names]
        run_checked(
            [ffmpeg_path(), "-loglevel", "error", "-nostdin", *inputs, *encode],
            cwd=folder,
            timeout=60,
        )
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the pages; yield the address of a livestream that has not begun."""
    assets.build()
    home = tmp_path_factory.mktemp("home")
    environment = {
        "MINDCAST_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'pages.sqlite3'}",
        "SECRET_KEY": "a key for tests",
        "DATA_KEY": "a data key for tests",
    }
    app = create_app(read_settings(environment))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        db.session.commit()
        public = Livestream.visibility == Visibility.PUBLIC
        announced = Livestream.state == LivestreamState.SCHEDULED
        shown = db.session.scalars(select(Livestream.id).where(public, announced)).first()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/livestreams/{shown}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stage(recording: Path) -> Stage:
    """Return a broadcast that nothing has been sent to yet."""
    return Stage(recording)


@pytest.fixture
def page(stage: Stage, address: str) -> Iterator[Page]:
    """Open the page of the livestream on that stage."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        opened = browser.new_page(viewport={"width": 390, "height": 844})
        opened.route("**/audience", stage.answer_audience)
        opened.route("**/media/**", stage.answer_media)
        opened.goto(address)
        opened.evaluate("window.sameDocument = true")
        yield opened
        browser.close()


def _position(page: Page) -> float:
    return float(page.evaluate("document.querySelector('video').currentTime"))


def _plays_past(page: Page, second: float) -> None:
    page.wait_for_function(
        "second => document.querySelector('video').currentTime > second", arg=second
    )


def _says(page: Page, text: str) -> None:
    page.wait_for_function(
        "text => document.querySelector('[data-status]').textContent.includes(text)", arg=text
    )


def _go_live(page: Page, stage: Stage) -> None:
    for _second in range(5):
        stage.receive(0)
    stage.state = "live"
    page.click("[data-part=join]")
    _plays_past(page, 3)


def test_the_player_goes_through_a_livestream_without_a_reload(page: Page, stage: Stage) -> None:
    _says(page, "any moment now")
    assert not page.is_visible("[data-part=join]")
    _go_live(page, stage)

    stage.interrupted = True
    _says(page, "The picture stopped.")
    page.wait_for_function("() => document.querySelector('video').readyState < 3")
    cut = len(stage.segments)
    stage.receive(1)
    stage.interrupted = False
    _plays_past(page, cut + 1)
    _says(page, "Live now.")

    stage.over, stage.state = True, "published"
    _says(page, "from the first second")
    page.wait_for_function("() => document.querySelector('video').ended")
    page.focus("[data-part=seek]")
    page.keyboard.press("Home")
    page.click("[data-part=toggle]")
    page.wait_for_function("() => document.querySelector('video').currentTime < 3")
    _plays_past(page, 1)
    assert page.evaluate("window.sameDocument")


def test_a_replay_that_waits_for_its_release_closes_the_player(page: Page, stage: Stage) -> None:
    _go_live(page, stage)
    page.keyboard.press("f")
    stage.over, stage.state = True, "ended"
    _says(page, "The livestream has ended.")
    page.wait_for_selector(".player:not(.player--started)")
    assert not page.is_visible("[data-part=join]")
    assert page.locator(".player--full, .filled, [inert]").count() == 0  # the page can be read on


def test_a_person_can_rewind_and_come_back_to_live(page: Page, stage: Stage) -> None:
    _go_live(page, stage)
    page.keyboard.press("Home")
    page.wait_for_function("() => document.querySelector('video').currentTime < 2")
    page.wait_for_function(
        "() => document.querySelector('[data-part=seek]').getAttribute('aria-valuetext')"
        ".endsWith('behind live')"
    )
    page.click("[data-part=live]")
    _plays_past(page, len(stage.segments) - 6)
    page.wait_for_selector("[data-part=live]:has-text('At live')")


def test_crisis_help_is_in_reach_when_the_player_fills_the_window(page: Page, stage: Stage) -> None:
    _go_live(page, stage)
    page.keyboard.press("f")
    box = page.locator("[data-part=player]").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.click(".player-btn--help")
    assert "12356" in page.inner_text("#crisis")
    page.keyboard.press("Escape")
    assert "player--full" in (page.get_attribute("[data-part=player]", "class") or "")


def test_a_link_into_a_replay_starts_there(page: Page, stage: Stage, address: str) -> None:
    for _second in range(30):
        stage.receive(0)
    stage.over, stage.state = True, "published"
    page.goto(f"{address}?t=20")
    page.click("[data-part=join]")
    _plays_past(page, 20)
    assert _position(page) < 27


def test_a_server_that_sends_nothing_is_told_and_tried_again(page: Page, stage: Stage) -> None:
    for _second in range(5):
        stage.receive(0)
    page.clock.install()
    page.unroute("**/media/**")
    page.route("**/media/**", lambda route: route.fulfill(status=404))
    stage.over, stage.state = True, "published"
    page.reload()
    page.click("[data-part=join]")
    page.clock.run_for(13_000)
    page.wait_for_selector("[data-part=trouble]:has-text('The connection is gone.')")
    page.unroute("**/media/**")
    page.route("**/media/**", stage.answer_media)
    page.clock.resume()
    page.click("[data-part=retry]")
    _plays_past(page, 1)
    assert not page.is_visible("[data-part=trouble]")
