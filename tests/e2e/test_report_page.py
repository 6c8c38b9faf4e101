"""The report of a host in a real browser: axe, narrow screens, paper; and the beats of a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from accounts.models import User
from catalog.models import Livestream
from core.clock import utc_now
from streams.audience.models import AudienceMinute
from tests.fakes.served import served
from web import assets
from web.database import db
from web.demo import PASSWORD, email_of, load_demo

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATES = ("full", "few", "not yet")


@dataclass
class Reports:
    """A served site; ``ids`` are livestreams of the demo's host by what their report shows."""

    origin: str
    ids: dict[str, str]

    def address(self, state: str, language: str = "") -> str:
        return f"{self.origin}{language}/livestreams/{self.ids[state]}/report"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    with served(tmp_path_factory.mktemp("home")) as (app, origin):
        with app.app_context():
            load_demo(db.session, now=utc_now())
            db.session.flush()
            ids = _fill()
            db.session.commit()
        yield Reports(origin, ids)


def _fill() -> dict[str, str]:
    """Let 75 minutes of one livestream be watched by many, of another by eight people."""
    mine = select(Livestream).join(User, User.id == Livestream.host_id)
    rows = db.session.scalars(mine.where(User.email == email_of("host"))).all()[:3]
    curve = [max(0, 240 - abs(minute - 30) * 7) for minute in range(75)]
    for livestream, viewers in zip(rows, (curve, [8] * 75), strict=False):
        livestream.state = "ended"
        livestream.started_at = begins = utc_now().replace(second=0) - timedelta(hours=2)
        livestream.ended_at = begins + timedelta(minutes=75)
        for minute, count in enumerate(viewers):
            at = begins.replace(microsecond=0) + timedelta(minutes=minute)
            db.session.add(
                AudienceMinute(livestream_id=livestream.id, minute_at=at, beats=count, sample=1)
            )
    rows[2].state, rows[2].started_at, rows[2].ended_at = "live", utc_now(), None
    return {state: row.id for state, row in zip(STATES, rows, strict=True)}


def signed_in(
    browser: Browser, reports: Reports, faults: list[str], *, theme: str, width: int
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{reports.origin}/sign-in")
    page.fill("#email", email_of("host"))
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_axe_finds_nothing(
    browser: Browser, reports: Reports, faults: list[str], language: str, theme: str
) -> None:
    page = signed_in(browser, reports, faults, theme=theme, width=1280)
    for state in STATES:
        page.goto(reports.address(state, language))
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
        told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        assert (state, told) == (state, [])
    assert faults == []
    page.context.close()


def test_nothing_scrolls_sideways_and_paper_shows_the_table(
    browser: Browser, reports: Reports, faults: list[str]
) -> None:
    page = signed_in(browser, reports, faults, theme="light", width=320)
    for state in STATES:
        page.goto(reports.address(state))
        assert (state, page.evaluate("document.documentElement.scrollWidth")) == (state, 320)
    page.goto(reports.address("full"))
    table = page.locator(".report__table table")
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()
    page.context.close()


COUNTING = """
  Math.random = () => 0.5;
  window.beats = [];
  const fetched = window.fetch;
  window.fetch = (url, options) => {
    if (!String(url).endsWith("/audience/beat")) return fetched(url, options);
    window.beats.push([options.method, options.credentials]);
    return Promise.resolve(new Response(null, {status: 204}));
  };
"""
PLAYING = """
  const video = document.querySelector("video");
  Object.defineProperty(video, "paused", {get: () => false});
"""


def test_a_page_that_plays_is_counted_and_one_that_does_not_play_is_not(
    browser: Browser, reports: Reports
) -> None:
    page = browser.new_page()
    page.clock.install()
    page.add_init_script(COUNTING)
    page.route("**/*.m3u8", lambda route: route.abort())
    page.goto(f"{reports.origin}/livestreams/{reports.ids['not yet']}")
    page.wait_for_selector("[data-part=join]:not([hidden])", state="attached")
    page.clock.run_for(121_000)
    assert page.evaluate("beats") == []
    page.evaluate(PLAYING)
    page.evaluate("document.querySelector('[data-part=join]').click()")
    page.clock.run_for(121_000)
    assert page.evaluate("beats") == [["POST", "omit"]] * 2
    page.close()
