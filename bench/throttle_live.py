"""Promise 4, live: who has a thin line and is far away watches 720p without stalls."""

import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from bench.broadcast import Broadcast, make_crew, schedule, wait_for
from bench.browser import Watcher, chromium, watcher
from bench.figures import Figure, at_most
from bench.house import house
from bench.lengths import length
from bench.listings import read_listed, renditions_of
from media.binaries import ffmpeg_path

PICTURE = "testsrc2=size=1280x720:rate=25,noise=alls=6:allf=t"  # as hard to encode as a camera
TONE = "sine=frequency=220:sample_rate=48000"
FEED_SECONDS = 30
QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error", "-nostats")
LATENCY_MS = 300
WARM_UP = 6.0  # seconds of broadcast before the viewer comes
WATCH = """() => {
  const video = document.querySelector('video');
  const seen = { since: performance.now(), from: video.currentTime, still: 0, waits: 0, rates: {} };
  let [then, at] = [seen.since, video.currentTime];
  video.addEventListener('waiting', () => { seen.waits += 1; });
  setInterval(() => {
    const [now, moved] = [performance.now(), video.currentTime];
    if (moved === at) seen.still += now - then;
    [then, at] = [now, moved];
  }, 50);
  window.benchSeen = seen;
}"""
LOOK = """() => {
  const video = document.querySelector('video');
  const media = performance.getEntriesByType('resource').filter((one) => one.name.endsWith('.m4s'));
  performance.clearResourceTimings();
  return {
    seconds: (performance.now() - window.benchSeen.since) / 1000,
    played: video.currentTime - window.benchSeen.from,
    still: window.benchSeen.still / 1000, waits: window.benchSeen.waits, height: video.videoHeight,
    fetched: media.map((one) => [one.name.split('/').at(-2), one.responseEnd - one.startTime]),
  };
}"""


@dataclass(frozen=True)
class Line:
    """A viewer's connection."""

    megabits: float
    seconds: float

    @property
    def conditions(self) -> dict[str, Any]:
        """What the browser is told to keep to."""
        bytes_per_second = self.megabits * 1_000_000 / 8
        return {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": bytes_per_second,
            "uploadThroughput": bytes_per_second,
        }


@dataclass(frozen=True)
class Seen:
    """What a viewer had: seconds watched and stood still, and what was fetched from where."""

    joined: float
    seconds: float
    played: float
    still: float
    waits: int
    height: int
    fetched: list[tuple[str, float]]

    @property
    def stalled(self) -> float:
        """The share of the time without motion, in percent."""
        return 100 * self.still / self.seconds

    @property
    def rungs(self) -> str:
        """How many segments came from which rendition."""
        counted = Counter(name for name, _ in self.fetched)
        return ", ".join(f"{count} x {name}" for name, count in counted.most_common())


def measure() -> list[Figure]:
    thin = Line(1.5, length("THIN_SECONDS", 300, 45))
    thinnest = Line(0.3, length("THINNEST_SECONDS", 60, 30))
    with house() as site, tempfile.TemporaryDirectory() as folder:
        broadcast = schedule(site, make_crew(site))
        with pushed(broadcast, Path(folder)), chromium() as browser:
            wait_for(lambda: site.get(broadcast.master).status == 200, 30, "a playlist")  # noqa: PLR2004 -- HTTP's OK
            listed = read_listed(broadcast)
            wait_for(lambda: read_listed(broadcast).seconds("source") >= WARM_UP, 30, "a start")
            rungs = ", ".join(renditions_of(site.get(broadcast.master).body.decode()))
            figures = [
                Figure(4, "live renditions", len(listed.texts), "renditions", note=rungs),
                source_rate(broadcast),
                *viewed(watch(browser, broadcast, thin), "1.5 Mb/s and 300 ms", 0.5),
                *viewed(watch(browser, broadcast, thinnest), "0.3 Mb/s and 300 ms", None),
            ]
        broadcast.end()
    return figures


def viewed(seen: Seen, name: str, limit: float | None) -> list[Figure]:
    note = f"{seen.waits} waits, {seen.played:.0f} of {seen.seconds:.0f} s played; {seen.rungs}"
    stalled = (
        Figure(4, f"live at {name}, stalled", seen.stalled, "%", note=note)
        if limit is None
        else at_most(4, f"live at {name}, stalled", seen.stalled, "%", limit, note)
    )
    took = median(ms for _, ms in seen.fetched) if seen.fetched else 0.0
    return [
        stalled,
        Figure(4, f"live at {name}, press to motion", seen.joined, "s"),
        Figure(4, f"live at {name}, lines shown at the end", seen.height, "lines"),
        Figure(4, f"live at {name}, a segment takes", took, "ms", note="the line is kept to"),
    ]


def watch(browser: Browser, broadcast: Broadcast, line: Line) -> Seen:
    """Watch over a line for its time, in a page that has nothing cached."""
    page = watcher(browser, broadcast.page)
    limit(page, line)
    page.open()
    page.wait(lambda sight: sight.phase == "live" and bool(sight.join), "the button", 60)
    page.press()
    pressed = page.look().now
    moving = page.wait(lambda sight: sight.playing and sight.at > 0, "a picture", 60)
    page.page.evaluate(WATCH)
    fetched: list[tuple[str, float]] = []
    found: dict[str, Any] = {}
    while found.get("seconds", 0.0) < line.seconds:
        page.page.wait_for_timeout(5_000)  # a browser keeps the times of 250 requests
        found = page.page.evaluate(LOOK)
        fetched += [(name, ms) for name, ms in found.pop("fetched")]
    page.shoot(f"live-{line.megabits:g}")
    page.page.close()
    return Seen(joined=(moving.now - pressed) / 1000, fetched=fetched, **found)


def limit(page: Watcher, line: Line) -> None:
    """Make the browser keep to the line; hls.js fetches from the page, not from a worker."""
    session = page.page.context.new_cdp_session(page.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", line.conditions)


def source_rate(broadcast: Broadcast) -> Figure:
    """Say what the source needs: more than the line has."""
    listed = read_listed(broadcast)
    urls = [url for url in listed.segments() if "/source/" in url][-5:]
    sizes = [len(broadcast.site.get(url).body) for url in urls]
    rate = sum(sizes) * 8 / 1e6 / len(sizes)
    return Figure(4, "live source", rate, "Mb/s")


@contextmanager
def pushed(broadcast: Broadcast, folder: Path) -> Iterator[None]:
    """Push a 720p feed of about 2.7 Mb/s, over and over, until the block ends."""
    feed = make_feed(folder / "feed.flv")
    loop = ("-re", "-stream_loop", "-1", "-i", str(feed), "-c", "copy", "-f", "flv")
    process = subprocess.Popen([str(ffmpeg_path()), *QUIET, *loop, broadcast.push_url])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


def make_feed(target: Path) -> Path:
    """Encode the feed once, with a keyframe a second, as encoders are told to."""
    sources = ("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", TONE, "-t", str(FEED_SECONDS))
    rate = ("-b:v", "2600k", "-maxrate", "2700k", "-bufsize", "2700k", "-pix_fmt", "yuv420p")
    cadence = ("-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-bf", "0")
    picture = ("-c:v", "libx264", "-preset", "superfast", *rate, *cadence)
    sound = ("-c:a", "aac", "-b:a", "128k")
    words = [str(ffmpeg_path()), *QUIET, *sources, *picture, *sound, "-f", "flv", str(target)]
    subprocess.run(words, check=True)
    return target
