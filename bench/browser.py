"""Chromium on the page of a livestream, and what it shows."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from bench.figures import RESULTS
from deploy.run_tests import find_browser

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
)
PATIENCE = 30.0  # seconds
LOOK = """() => {
  const video = document.querySelector('video');
  const room = document.querySelector('[data-room]');
  const join = document.querySelector('[data-part=join]');
  const status = document.querySelector('[data-status]');
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 360];
  const paint = canvas.getContext('2d');
  paint.drawImage(video, 0, 0, 640, 360);
  const row = paint.getImageData(80, 22, 480, 1).data;
  let clock = 0;
  for (let i = 0; i < 40; i++) clock = clock * 2 + (row[(i * 12 + 6) * 4] > 128 ? 1 : 0);
  const now = Date.now();
  return {
    now, clock, late: now % 2 ** 40 - clock, at: video.currentTime, ready: video.readyState,
    playing: !video.paused && !video.ended && video.readyState > 2,
    phase: room?.dataset.phase ?? '', mark: window.benchMark ?? null,
    join: join && join.checkVisibility() ? join.innerText.trim() : '',
    words: status && status.checkVisibility() ? status.innerText.trim() : '',
  };
}"""
JOIN = "document.querySelector('[data-part=join]').click()"


@dataclass(frozen=True)
class Sight:
    """What a page shows at one moment; ``clock`` is the burnt-in one, both in milliseconds."""

    now: int
    clock: int
    late: int
    at: float
    ready: int
    playing: bool
    phase: str
    mark: int | None
    join: str
    words: str


class Watcher:
    """One page of a livestream."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self) -> None:
        """Load the page; a mark on its window is gone after a reload."""
        self.page.goto(self.url, wait_until="load")
        self.page.evaluate("window.benchMark = 1")

    def look(self) -> Sight:
        """Return what it shows now."""
        seen: dict[str, Any] = self.page.evaluate(LOOK)
        return Sight(**seen)

    def press(self) -> None:
        """Press the button that plays."""
        self.page.evaluate(JOIN)

    def play(self, *, phase: str = "live", since: float | None = None) -> float:
        """Wait for the button, press it, wait for moving pictures; return the seconds it took."""
        began = time.monotonic() if since is None else since
        self.wait(lambda sight: sight.phase == phase and bool(sight.join), f"the button: {phase}")
        self.press()
        first = self.wait(lambda sight: sight.playing and sight.clock > 0, "a picture")
        self.wait(lambda sight: sight.at > first.at, "a moving picture")
        return time.monotonic() - began

    def wait(self, wanted: Any, what: str, seconds: float = PATIENCE) -> Sight:  # noqa: ANN401 -- a predicate
        """Look until the page shows what is wanted."""
        until = time.monotonic() + seconds
        while not wanted(sight := self.look()):
            if time.monotonic() > until:
                self.shoot("stuck")
                sys.exit(f"the page did not show {what}: {sight} {self.errors}")
            self.page.wait_for_timeout(20)
        return sight

    def shoot(self, name: str) -> None:
        """Keep a picture of the page beside the figures."""
        RESULTS.mkdir(exist_ok=True)
        path = Path(RESULTS / f"{name}.png")
        try:
            self.page.screenshot(path=path, timeout=10_000)
        except Error as error:  # a busy machine; a figure matters more than its picture
            print(f"no picture of {name}: {str(error).splitlines()[0]}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser; as root it is installed when missing."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def watcher(browser: Browser, url: str) -> Watcher:
    """Return a new page that has not loaded anything yet."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
    return Watcher(page, url)
