"""The studio's own page on a whole site: whatever befalls it, the replay has what it recorded."""

import base64
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Response,
    expect,
    sync_playwright,
)
from sqlalchemy import select

from accounts.models import User
from bench.broadcast import Broadcast, Crew, database, make_crew, schedule
from bench.house import House, house
from bench.listings import read_ended
from deploy.run_tests import find_browser
from media.models import Ingest
from media.webm import Scanner

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

PASSWORD = "a long password of a benchmark"
PATIENCE = 60_000
CUT = 10_000
DEVICES = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
    "--autoplay-policy=no-user-gesture-required",
]
LISTEN = """(() => {
  let recordings = 0;
  window.MediaRecorder = class extends MediaRecorder {
    constructor(...given) {
      super(...given);
      const recording = `${performance.timeOrigin} ${recordings++}`;
      this.addEventListener('dataavailable', ({ data }) => {
        const reader = new FileReader();
        reader.onload = () => heard(recording, reader.result.split('base64,')[1] ?? '');
        reader.readAsDataURL(data);
      });
    }
  };
})()"""


@dataclass
class Host:
    """A host's browser, and what its recorders have given, recording by recording."""

    broadcast: Broadcast
    context: BrowserContext
    recordings: dict[str, bytes] = field(default_factory=dict)
    refusals: int = 0
    faults: list[str] = field(default_factory=list)

    def hear(self, _source: object, recording: str, piece: str) -> None:
        so_far = self.recordings.get(recording, b"")
        self.recordings[recording] = so_far + base64.b64decode(piece)

    def look(self, answer: Response) -> None:
        """Count the refusals after which a page gives up what it has recorded."""
        gives_up = answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
        self.refusals += "/ingest/" in answer.url and gives_up

    def open(self) -> None:
        """Open the studio in a new tab."""
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.goto(f"{self.broadcast.page}/studio")

    def is_well(self) -> None:
        """Wait until the page says that everything arrives, and that nobody else sends."""
        expect(self.page.locator("[data-health]")).to_have_text("Good", timeout=PATIENCE)
        expect(self.page.locator("[data-elsewhere]")).to_be_hidden()

    def seconds(self) -> list[float]:
        """Return how long each recording is, by the times in it."""
        found = []
        for recording in self.recordings.values():
            times = [block.time_us for block in Scanner().feed(recording)]
            found.append((max(times) - min(times)) / 1_000_000)
        return found


@pytest.fixture(scope="module")
def site() -> Iterator[House]:
    with house() as running:
        yield running


@pytest.fixture(scope="module")
def crew(site: House) -> Crew:
    return make_crew(site)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=DEVICES)
        yield browser
        browser.close()


@contextmanager
def hosting(broadcast: Broadcast, crew: Crew, chromium: Browser) -> Iterator[Host]:
    context = chromium.new_context(permissions=["camera", "microphone"], locale="en-GB")
    host = Host(broadcast, context)
    context.expose_binding("heard", host.hear)
    context.add_init_script(LISTEN)
    context.on("response", host.look)
    with database(broadcast.site) as session:
        email = session.scalars(select(User.email).where(User.id == crew.host_id)).one()
    host.open()
    host.page.fill("[name=email]", email)
    host.page.fill("[name=password]", PASSWORD)
    host.page.click("main form button[type=submit]")  # which leads back
    yield host
    context.close()


def test_nothing_that_the_page_records_is_lost(site: House, crew: Crew, chromium: Browser) -> None:
    broadcast = schedule(site, crew)
    with hosting(broadcast, crew, chromium) as host:
        host.page.click("[data-act=golive]:not([aria-disabled=true])")
        host.page.click("[data-act=go]")
        host.page.wait_for_selector("[data-studio][data-face=air]")
        host.page.wait_for_timeout(3000)
        host.context.set_offline(offline=True)
        os.kill(site.pids()["live"], signal.SIGKILL)
        host.page.wait_for_timeout(CUT)
        host.context.set_offline(offline=False)
        host.is_well()

        host.page.reload()
        host.page.wait_for_selector(".studio-stage--open")
        host.is_well()
        host.page.wait_for_timeout(3000)

        with suppress(Error):
            host.page.goto("chrome://crash", timeout=5000)
        host.open()
        host.page.wait_for_selector(".studio-stage--open")
        host.is_well()
        host.page.wait_for_timeout(3000)

        host.page.click("[data-act=end]")
        host.page.click("[data-act=finish]")
        host.page.wait_for_selector("[data-studio][data-face=after]")
        broadcast.wait_published()
        recorded, listed = host.seconds(), read_ended(broadcast).seconds("source")
        assert len(recorded) == 3
        assert sum(recorded) > CUT / 1000
        assert listed == pytest.approx(sum(recorded), abs=1.0 * len(recorded))
        with database(site) as session:
            ingests = session.scalars(select(Ingest)).all()
            assert [one.broadcast_id for one in ingests] == [broadcast.id] * len(recorded)
        expect(host.page.locator("[data-left]")).to_be_hidden()
        assert host.refusals == 0
        assert host.faults == []
