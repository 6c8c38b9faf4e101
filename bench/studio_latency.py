"""From a host's browser to a viewer's: how late the picture is, glass to glass."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from accounts.models import User
from bench.broadcast import Broadcast, Crew, database, make_crew, schedule
from bench.browser import ARGUMENTS, PATIENCE, chromium, watcher
from bench.figures import Figure, at_least, at_most, percentile_95
from bench.house import House, house
from bench.latency import samples
from deploy.run_tests import find_browser

PASSWORD = "a long password of a benchmark"  # noqa: S105 -- as bench.broadcast.account gives it
CLOCK = """() => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 1280, height: 720});
  const pen = canvas.getContext('2d');
  const draw = () => {
    pen.fillStyle = '#456';
    pen.fillRect(0, 0, 1280, 720);
    const bits = (Date.now() % 2 ** 40).toString(2).padStart(40, '0');
    for (let i = 0; i < 40; i++) {
      pen.fillStyle = bits[i] === '1' ? '#fff' : '#000';
      pen.fillRect(160 + i * 24, 24, 24, 40);
    }
  };
  draw();
  setInterval(draw, 1000 / 30);
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const out = sound.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  const picture = canvas.captureStream(30).getVideoTracks()[0];
  const give = async (asked) => new MediaStream([
    ...(asked.video ? [picture.clone()] : []),
    ...(asked.audio ? [out.stream.getAudioTracks()[0].clone()] : []),
  ]);
  navigator.mediaDevices.getUserMedia = give;
}"""
"""A camera that shows its clock where ``bench.browser.LOOK`` reads it: 40 bits in one row."""


def measure() -> list[Figure]:
    with house() as site:
        crew = make_crew(site)
        broadcast = schedule(site, crew, auto_start=False)
        with chromium() as browser, on_air(another(browser), site, crew, broadcast):
            page = watcher(browser, broadcast.page)
            page.open()
            page.play()
            late, stalls = samples(page)
        broadcast.end()
    note = f"median {median(late):.2f} s, worst {max(late):.2f} s, {stalls} samples stood still"
    return [
        at_least(1, "samples", len(late), "samples", 60),
        at_most(1, "browser to browser, 95th percentile", percentile_95(late), "s", 3.5, note),
    ]


def another(browser: Browser) -> Browser:
    """Start a browser of its own for the host, beside the viewer's."""
    return browser.browser_type.launch(executable_path=find_browser(), args=list(ARGUMENTS))


@contextmanager
def on_air(browser: Browser, site: House, crew: Crew, broadcast: Broadcast) -> Iterator[Page]:
    """Go live from the studio, as a host does."""
    context = browser.new_context(permissions=["camera", "microphone"])
    context.add_init_script(f"({CLOCK})()")
    page = context.new_page()
    sign_in(page, site, crew)
    page.goto(f"{broadcast.page}/studio")
    page.set_default_timeout(PATIENCE * 1000)
    page.wait_for_selector(".studio-stage--open")
    page.click("[data-act=golive]:not([aria-disabled=true])")
    page.click("[data-act=go]")
    page.wait_for_selector("[data-studio][data-face=air]")
    yield page
    browser.close()


def sign_in(page: Page, site: House, crew: Crew) -> None:
    """Sign the host of the benchmark in."""
    with database(site) as session:
        email = session.scalars(select(User.email).where(User.id == crew.host_id)).one()
    page.goto(f"{site.url}/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
