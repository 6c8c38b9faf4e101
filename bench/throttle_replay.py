"""Promise 4, replay: five minutes at 1.5 Mb/s and 300 ms, and how much of the time is stalled."""

from typing import Any

from playwright.sync_api import Page

from bench.broadcast import make_crew
from bench.browser import Watcher, chromium, watcher
from bench.figures import Figure, at_most
from bench.house import house
from bench.lengths import length
from bench.replays import make_replay

BYTES_PER_SECOND = 187_500  # 1.5 Mb/s
ROUND_TRIP_MS = 300
UNITS = 6  # longer than what is played
STALLED_PERCENT = 0.5

WATCH = """() => {
  const video = document.querySelector('video');
  const seen = {began: performance.now(), first: 0, stalled: 0, stalls: 0, heights: {}};
  window.benchSeen = seen;
  let [at, when, stood] = [0, performance.now(), false];
  video.requestVideoFrameCallback(() => {
    seen.first = performance.now();
    [at, when] = [video.currentTime, seen.first];
    setInterval(() => {
      const now = performance.now();
      const stands = video.currentTime === at;
      if (stands) seen.stalled += now - when;
      if (stands && !stood) seen.stalls += 1;
      seen.heights[video.videoHeight] = (seen.heights[video.videoHeight] ?? 0) + now - when;
      [at, when, stood] = [video.currentTime, now, stands];
    }, 100);
  });
  document.querySelector('[data-part=join]').click();
}"""
SEEN = """() => ({...window.benchSeen, now: performance.now(),
  at: document.querySelector('video').currentTime})"""


def measure() -> list[Figure]:
    seconds = length("THROTTLE_SECONDS", 300, 45)
    with house() as site:
        url = make_replay(site, make_crew(site), units=UNITS)
        with chromium() as browser:
            seen = watched(watcher(browser, url), seconds)
    return figures(seen)


def watched(page: Watcher, seconds: float) -> dict[str, Any]:
    """Play for ``seconds`` on the narrow line, the loading of the page included in it."""
    narrow(page.page)
    page.open()
    page.page.evaluate(WATCH)
    page.wait(lambda sight: sight.at > 0, "a picture")
    page.page.wait_for_timeout(seconds * 1000)
    page.shoot("throttle_replay")
    return dict(page.page.evaluate(SEEN))


def narrow(page: Page) -> None:
    """Put the page behind a line of 1.5 Mb/s and 300 ms."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MS,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        },
    )


def figures(seen: dict[str, Any]) -> list[Figure]:
    played = seen["now"] - seen["first"]
    share = seen["stalled"] / played * 100
    heights = {name: round(ms / played * 100) for name, ms in sorted(seen["heights"].items())}
    shown = ", ".join(f"{name}p {percent} %" for name, percent in heights.items())
    note = f"{seen['stalls']} stalls in {played / 1000:.0f} s; {shown}"
    return [
        at_most(4, "replay at 1.5 Mb/s and 300 ms, stalled", share, "%", STALLED_PERCENT, note),
        Figure(4, "press to first frame on that line", (seen["first"] - seen["began"]) / 1000, "s"),
    ]
