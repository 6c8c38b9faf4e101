"""The hosting pages in a real browser: axe finds nothing, and the desk keeps itself up to date."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from accounts.models import User
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.clock import utc_now
from core.work.services import enqueue
from media.models import Broadcast
from streams.doors.services import make_missing_keys
from tests.fakes.served import served
from web import assets
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.home import write_services
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REFRESH_MS = 3100


@dataclass
class House:
    """A served site with one scheduled livestream of the demo's host."""

    app: Site
    origin: str
    livestream_id: str

    @property
    def desk(self) -> str:
        return f"/livestreams/{self.livestream_id}/desk"

    def set_state(self, state: str, broadcast: str) -> None:
        """Do what another person or the media node would do."""
        with self.app.app_context():
            livestream = db.session.get_one(Livestream, self.livestream_id)
            livestream.state = state
            db.session.get_one(Broadcast, livestream.broadcast_id).state = broadcast
            db.session.commit()

    def add_step(self) -> None:
        """Ask for a background step, as the end of a broadcast does."""
        now = utc_now()
        with self.app.app_context():
            livestream = db.session.get_one(Livestream, self.livestream_id)
            enqueue(db.session, kind="poster", subject=livestream.broadcast_id, now=now)
            db.session.commit()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("home")
    write_services(home, {"rtmp_port": 19350})
    with served(home) as (app, origin):
        yield House(app, origin, _load(app))


def _load(app: Site) -> str:
    now = utc_now()
    with app.app_context():
        load_demo(db.session, now=now)
        db.session.flush()
        make_missing_keys(db.session, data_key="a data key for tests", now=now)
        db.session.commit()
        mine = select(Livestream.id).join(User, User.id == Livestream.host_id)
        return db.session.scalars(
            mine.where(
                User.email == email_of("host"), Livestream.state == LivestreamState.SCHEDULED
            ).order_by(Livestream.starts_at)
        ).all()[-1]


def signed_in(browser: Browser, house: House, faults: list[str], *, theme: str, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of("host"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def visit(page: Page, house: House, language: str) -> Iterator[str]:
    """Open one page after the other, and what can be unfolded on it; yield its name."""
    house.set_state("scheduled", "receiving")
    addresses = ("/hosting", "/hosting/new", f"/hosting/{house.livestream_id}/edit", house.desk)
    for address in addresses:
        page.goto(house.origin + language + address)
        for summary in page.query_selector_all("summary"):
            summary.click()
        yield address
    page.goto(f"{house.origin}{language}/hosting/new")
    page.click("main button[type=submit]")
    yield "faults"


@pytest.mark.parametrize(("language", "theme"), [("", "light"), ("", "dark"), ("/zh", "light")])
def test_axe_finds_nothing(
    browser: Browser, house: House, faults: list[str], language: str, theme: str
) -> None:
    page = signed_in(browser, house, faults, theme=theme, width=1280)
    for name in visit(page, house, language):
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
        told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        assert (name, told) == (name, [])
    assert faults == []
    page.context.close()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, house: House, faults: list[str], language: str
) -> None:
    page = signed_in(browser, house, faults, theme="light", width=320)
    for name in visit(page, house, language):
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
    page.context.close()


def test_the_desk_follows_the_state_and_keeps_the_focus(
    browser: Browser, house: House, faults: list[str]
) -> None:
    page = signed_in(browser, house, faults, theme="light", width=1280)
    page.clock.install()
    house.set_state("scheduled", "idle")
    page.goto(house.origin + house.desk)
    page.click("#ask-cancel")
    page.focus("#act-cancel")
    house.set_state("scheduled", "receiving")
    with page.expect_response("**/desk/state"):
        page.clock.run_for(REFRESH_MS)
    page.wait_for_selector("#state-h:has-text('Rehearsal')")
    assert page.evaluate("document.activeElement.id") == "act-cancel"
    assert page.get_attribute("#confirm-cancel", "open") == ""
    house.set_state("live", "receiving")
    with page.expect_response("**/desk/state"):
        page.clock.run_for(REFRESH_MS)
    page.wait_for_selector("#state-h:has-text('On air')")
    assert page.evaluate("document.activeElement.id") == "fresh-acts"  # its button is gone
    assert not page.is_visible("#fresh-work")
    house.add_step()
    page.clock.run_for(REFRESH_MS)
    page.wait_for_selector("#fresh-work:has-text('Waits for its turn')")
    assert faults == []
    page.context.close()


def test_the_desk_works_without_scripts(browser: Browser, house: House) -> None:
    house.set_state("live", "receiving")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.origin}{house.desk}")
    page.fill("[name=email]", email_of("host"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    assert page.url == house.origin + house.desk  # sign-in leads back
    assert page.is_visible("a:has-text('Refresh')")
    page.click("#ask-end")
    page.click("#act-end")
    page.wait_for_selector("#state-h:has-text('Ending')")
    context.close()
