"""A replay in a real browser: captions, chapters, transcript, preview, sound, other addresses.

The rows are in the database of a real application; the bytes of the media come from a folder.
"""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from catalog.enums import LivestreamState, Visibility
from catalog.models import Livestream
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from media.binaries import ffmpeg_path
from media.enums import BroadcastState, RenditionKind, TrackKind, TrackSource
from media.models import Asset, Broadcast, Rendition
from media.paths import asset_key, key_of_url
from media.process import run_checked
from media.tracks import keep_track
from media.webvtt import webvtt
from tests.fakes.storage import MemoryStorage
from web import assets
from web.app import create_app
from web.database import db
from web.demo import load_demo

pytestmark = pytest.mark.e2e

SECONDS = 60
PICTURES = {"v180": "320x180", "v90": "160x90"}
AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
M3U8 = "application/vnd.apple.mpegurl"


@dataclass
class Theatre:
    """The media of a replay; ``prefix`` stands before the names in its master playlist now."""

    folder: Path
    storage: MemoryStorage
    prefix: str = "g1"
    asked: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        """Answer a media request; of an older ladder only what is fetched already is left."""
        path = route.request.url.partition("/media/")[2].partition("?")[0]
        self.asked.append(path.partition("/")[2])
        _, folder, *name = path.split("/")
        if folder == "master.m3u8":
            route.fulfill(body=self.master(), content_type=M3U8)
        elif folder == "assets":
            data, kind = self.storage.objects[key_of_url(f"/media/{path}")]
            route.fulfill(body=data, content_type=kind)
        elif folder.startswith(self.prefix) and not self._retires(name[0]):
            kind = M3U8 if name[0] == "index.m3u8" else "video/mp4"
            rung = folder.removeprefix(self.prefix)
            file = f"{rung}.m3u8" if kind == M3U8 else name[0]
            route.fulfill(path=self.folder / file, content_type=kind)
        else:
            route.fulfill(status=404)

    def _retires(self, name: str) -> bool:
        """Let the old ladder go when its fourth segment is asked for: a new one is there."""
        if self.prefix != "old" or "-3." not in name:
            return False
        self.prefix = "g1"
        return True

    def master(self) -> str:
        """Return the master playlist, sound apart."""
        sound = (
            f'TYPE=AUDIO,GROUP-ID="s",NAME="Sound",DEFAULT=YES,URI="{self.prefix}audio/index.m3u8"'
        )
        lines = ["#EXTM3U", "#EXT-X-INDEPENDENT-SEGMENTS", f"#EXT-X-MEDIA:{sound}"]
        for number, (name, size) in enumerate(PICTURES.items()):
            rate = 900_000 - 500_000 * number
            codecs = f'CODECS="avc1.42c01e,mp4a.40.2",RESOLUTION={size},AUDIO="s"'
            lines += [f"#EXT-X-STREAM-INF:BANDWIDTH={rate},{codecs}"]
            lines += [f"{self.prefix}{name}/index.m3u8"]
        return "\n".join([*lines, ""])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Encode two pictures and a sound in segments of 4 s."""
    made = tmp_path_factory.mktemp("replay")
    command: list[str | Path] = [ffmpeg_path(), "-loglevel", "error", "-nostdin"]
    command += ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10"]
    command += ["-f", "lavfi", "-i", "sine=frequency=220:sample_rate=48000"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "40", "-pix_fmt", "yuv420p"]
    for name, size in PICTURES.items():
        command += ["-map", "0:v", "-s", size, *coded, *_listed(name)]
    command += ["-map", "1:a", "-c:a", "aac", "-b:a", "48k", *_listed("audio")]
    run_checked(command, cwd=made, timeout=60)
    return made


def _listed(name: str) -> list[str]:
    files = ["-hls_fmp4_init_filename", f"{name}-init.mp4", "-hls_segment_filename"]
    hls = ["-f", "hls", "-hls_time", "4", "-hls_list_size", "0", "-hls_segment_type", "fmp4"]
    return ["-t", str(SECONDS), *hls, *files, f"{name}-%d.m4s", f"{name}.m3u8"]


@pytest.fixture(scope="module")
def storage() -> MemoryStorage:
    """Return where the captions and the storyboard of the replay are."""
    return MemoryStorage()


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, folder: Path, storage: MemoryStorage
) -> Iterator[str]:
    """Serve the pages; yield the address of a replay that has everything."""
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
        shown = _publish(db.session, storage, folder)
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/livestreams/{shown}"
    server.shutdown()
    thread.join()
    server.server_close()


def _publish(session: Session, storage: MemoryStorage, folder: Path) -> str:
    """Make a replay of one of the demo's livestreams to come."""
    public = Livestream.visibility == Visibility.PUBLIC
    announced = Livestream.state == LivestreamState.SCHEDULED
    livestream = session.scalars(select(Livestream).where(public, announced)).first()
    assert livestream is not None
    now = utc_now()
    livestream.state = LivestreamState.PUBLISHED
    livestream.started_at, livestream.ended_at = now - timedelta(minutes=5), now
    broadcast = session.get_one(Broadcast, livestream.broadcast_id)
    broadcast.state, broadcast.generation = BroadcastState.ENDED, 1
    broadcast.opened_at = broadcast.ended_at = now
    sound = RenditionKind.AUDIO
    session.add(Rendition(broadcast_id=broadcast.id, name="g1audio", kind=sound, generation=1))
    spoken = [(n * 4000, n * 4000 + 4000, f"These words begin at {n * 4}.") for n in range(15)]
    parts = [(n * 20_000, (n + 1) * 20_000, f"Part {n + 1}") for n in range(3)]
    for kind, cues in ((TrackKind.CAPTIONS, spoken), (TrackKind.CHAPTERS, parts)):
        keep_track(
            session, storage, broadcast_id=broadcast.id, kind=kind, language="en",
            source=TrackSource.HUMAN, cues=cues, now=now,
        )  # fmt: skip
    key = asset_key(broadcast.id, "storyvtt-1a2b3c4d.vtt")
    tiles = [
        (n * 10_000, n * 10_000 + 9_999, f"sheet.jpg#xywh={n * 160},0,160,90") for n in range(6)
    ]
    storage.put_bytes(key, webvtt(tiles).encode(), content_type="text/vtt")
    sheet = asset_key(broadcast.id, "sheet.jpg")
    storage.put_bytes(sheet, _sheet(folder), content_type="image/jpeg")
    row = Asset(broadcast_id=broadcast.id, kind="storyvtt", object_key=key, created_at=now)
    row.content_type, row.size, row.sha256 = "text/vtt", 1, ""
    session.add(row)
    return livestream.id


def _sheet(folder: Path) -> bytes:
    source = ["-f", "lavfi", "-i", "testsrc2=size=960x90:rate=1", "-frames:v", "1", "sheet.jpg"]
    run_checked([ffmpeg_path(), "-loglevel", "error", "-y", *source], cwd=folder, timeout=30)
    return (folder / "sheet.jpg").read_bytes()


@pytest.fixture
def theatre(folder: Path, storage: MemoryStorage) -> Theatre:
    """Return the media of the replay."""
    return Theatre(folder, storage)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, theatre: Theatre, address: str) -> Iterator[Page]:
    """Open the page of the replay."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    opened.route("**/media/**", theatre.answer)
    opened.goto(address)
    yield opened
    opened.context.close()


def _play(page: Page, past: float = 0.5) -> None:
    page.click("[data-part=join]")
    _plays_past(page, past)


def _plays_past(page: Page, second: float) -> None:
    page.wait_for_function(
        "second => document.querySelector('video').currentTime > second", arg=second
    )


CUE = (
    "() => [...document.querySelector('video').textTracks[0].activeCues ?? []].map(cue => cue.text)"
)


def test_captions_are_on_and_a_choice_against_them_is_kept(page: Page, theatre: Theatre) -> None:
    assert not any(name.endswith(".vtt") for name in theatre.asked)
    _play(page)
    page.wait_for_function(f"() => ({CUE})()[0] === 'These words begin at 0.'")
    assert page.get_attribute("[data-part=cc]", "aria-pressed") == "true"
    page.keyboard.press("c")
    mode = "document.querySelector('video').textTracks[0].mode"
    assert page.evaluate(mode) == "disabled"
    page.reload()
    assert page.input_value("[data-part=captions]") == "off"
    page.select_option("[data-part=captions]", "en")
    _play(page)
    assert page.evaluate(mode) == "showing"


def test_chapters_are_marked_and_reached_by_link_and_key(page: Page) -> None:
    page.click("[data-chapters] a:has-text('Part 2')")
    _plays_past(page, 20)
    page.wait_for_selector("[data-chapters] a[aria-current]:has-text('Part 2')")
    assert page.url.endswith("#t=20")
    assert page.locator("[data-part=ticks] rect").count() == 2
    page.keyboard.press("]")
    _plays_past(page, 40)
    page.wait_for_selector("[data-chapters] a[aria-current]:has-text('Part 3')")
    assert "chapter: Part 3" in (page.get_attribute("[data-part=seek]", "aria-valuetext") or "")
    page.wait_for_selector("[data-transcript] a[aria-current]:has-text('begin at 40.')")
    page.keyboard.press("[")
    page.wait_for_function("() => document.querySelector('video').currentTime < 25")


def test_a_link_to_a_second_begins_there_with_the_video_in_view(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(f"{address}#t=32")
    assert page.inner_text("[data-part=join]") == "Watch from 0:32"
    page.wait_for_function("() => scrollY === 0")
    _play(page, 32)
    assert page.evaluate("document.querySelector('video').currentTime") < 40


def test_the_bar_shows_what_is_there_by_keyboard_and_pointer(page: Page, theatre: Theatre) -> None:
    _play(page)
    story = "assets/storyvtt-1a2b3c4d.vtt"
    assert story not in theatre.asked
    page.focus("[data-part=seek]")
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(".peek__picture")
    assert page.inner_text("[data-part=peek]").endswith("Part 1")
    box = page.locator("[data-part=seek]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    page.wait_for_selector("[data-part=peek]:has-text('Part 3')")
    placed = "document.querySelector('.peek__picture').style.objectPosition"
    assert (page.evaluate(placed), theatre.asked.count(story)) == ("-640px 0px", 1)


def test_sound_alone_has_captions_and_no_picture(page: Page, theatre: Theatre) -> None:
    page.check("[data-part=sound]")
    theatre.asked.clear()
    _play(page, 1)
    page.wait_for_function(f"() => ({CUE})().length === 1")
    fetched = {name.partition("/")[0] for name in theatre.asked}
    assert fetched == {"g1audio", "assets"}
    page.uncheck("[data-part=sound]")
    page.wait_for_function("() => document.querySelector('video').videoHeight > 0")


def test_quality_has_the_heights_there_are_and_saving_data_caps_it(page: Page) -> None:
    page.check("[data-part=save]")
    _play(page)
    options = page.locator("[data-part=quality] option").all_inner_texts()
    assert options == ["Auto", "180p", "90p"]
    page.select_option("[data-part=quality]", "90")
    page.reload()
    assert page.is_checked("[data-part=save]")
    _play(page)
    shown = "() => document.querySelector('video').videoHeight === 90"
    page.wait_for_function(shown)
    assert page.input_value("[data-part=quality]") == "90"


def test_a_replay_goes_on_when_its_addresses_were_replaced(page: Page, theatre: Theatre) -> None:
    theatre.prefix = "old"
    page.evaluate("window.sameDocument = true")
    _play(page, 0.5)
    page.wait_for_function("() => document.querySelector('video').buffered.length")
    page.evaluate("document.querySelector('video').currentTime = 10")
    _plays_past(page, 14)
    assert page.evaluate("window.sameDocument")
    assert (theatre.prefix, theatre.asked.count("master.m3u8")) == ("g1", 2)


def test_without_scripts_the_words_and_the_sound_are_there(
    browser: Browser, theatre: Theatre, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("**/media/**", theatre.answer)
    page.goto(f"{address}#t=20")
    assert "Playing the video needs JavaScript." in page.inner_text(".player__cover noscript")
    assert page.is_visible("[data-transcript] >> text=These words begin at 20.")
    assert not page.is_visible(".viewopts")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_a_replay_that_plays_is_free_of_faults(
    page: Page, address: str, theme: str, prefix: str
) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": 320, "height": 720})
    page.goto(address.replace("/livestreams", f"{prefix}/livestreams"))
    found = _axe(page)
    _play(page)
    assert (found, _axe(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def _axe(page: Page) -> list[str]:
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate(f"axe.run({{runOnly: {json.dumps(rules)}}})")
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in result["violations"]
        for node in one["nodes"]
    ]
