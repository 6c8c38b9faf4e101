"""Promise 5: from a press on play to the first frame of a replay, and from a seek to its frame."""

from bench.broadcast import make_crew
from bench.browser import Watcher, chromium, watcher
from bench.figures import Figure, at_most, percentile_95
from bench.house import house
from bench.lengths import length
from bench.replays import make_replay

UNITS = 5  # 320 s: seeks go to where nothing has been fetched yet
FIRST_FRAME_SECONDS = 1.5
SEEK_SECONDS = 0.5
SETTLED_MS = 1_500
PLACES = (0.55, 0.75, 0.95, 0.45)  # of the whole, in this order: far from what is buffered

PRESS = """() => new Promise((done) => {
  const video = document.querySelector('video');
  const began = performance.now();
  video.requestVideoFrameCallback(() => done((performance.now() - began) / 1000));
  document.querySelector('[data-part=join]').click();
})"""

SEEK = """(share) => new Promise((done) => {
  const video = document.querySelector('video');
  const seek = document.querySelector('[data-part=seek]');
  seek.value = String(Math.round(share * Number(seek.max)));
  const target = Number(seek.value);
  const began = performance.now();
  const look = (now, {mediaTime}) => Math.abs(mediaTime - target) < 1
    ? done((performance.now() - began) / 1000) : video.requestVideoFrameCallback(look);
  video.requestVideoFrameCallback(look);
  seek.dispatchEvent(new Event('change'));
})"""


def measure() -> list[Figure]:
    presses = int(length("PRESSES", 20, 5))
    with house() as site:
        url = make_replay(site, make_crew(site), units=UNITS)
        starts: list[float] = []
        seeks: list[float] = []
        with chromium() as browser:
            for _ in range(presses):
                page = watcher(browser, url)  # a context of its own: nothing is in its cache
                starts.append(start_of(page))
                seeks += seeks_of(page, PLACES)
                page.page.context.close()
    first, seek, most = "press to first frame", "seek to its frame", f"{presses} fresh pages"
    return [
        at_most(5, f"{first}, p95", percentile_95(starts), "s", FIRST_FRAME_SECONDS, most),
        Figure(5, f"{first}, longest", max(starts), "s"),
        at_most(5, f"{seek}, p95", percentile_95(seeks), "s", SEEK_SECONDS, f"{len(seeks)} seeks"),
        Figure(5, f"{seek}, longest", max(seeks), "s"),
    ]


def start_of(page: Watcher) -> float:
    """Press play as soon as the page has loaded; return the seconds to the first frame."""
    page.page.goto(page.url, wait_until="load")
    return float(page.page.evaluate(PRESS))


def seeks_of(page: Watcher, places: tuple[float, ...]) -> list[float]:
    """Seek to each place, a fraction of the whole, and return the seconds to its frame."""
    found = []
    for place in places:
        page.page.wait_for_timeout(SETTLED_MS)
        found.append(float(page.page.evaluate(SEEK, place)))
    return found
