"""Series and another time in a real browser: axe finds nothing, by keyboard and on a phone."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.home import write_services

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = "button[name=intent][value=check]"
CONFIRM = "button[name=intent][value=confirm]"


@dataclass
class House:
    """A served site with the demo's people."""

    origin: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'series.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    write_services(home, {"rtmp_port": 19352})
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()


def signed_in(browser: Browser, house: House, *, theme: str, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of("host"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def plan(page: Page, address: str, *, week: int) -> None:
    """Fill in a series of three Wednesdays, so many weeks from now, and look at its dates."""
    page.goto(address)
    first = utc_now().date() + timedelta(weeks=week)
    wednesday = first - timedelta(days=first.weekday()) + timedelta(days=2)
    page.fill("#title_en", "Sleep well")
    page.check("#topics")
    page.fill("#date", wednesday.isoformat())
    page.fill("#time", "03:00")
    page.fill("#times", "3")
    page.fill("#timezone", "Europe/Berlin")
    page.click(LOOK)
    page.wait_for_selector("#dates")


def visit(page: Page, origin: str, *, week: int) -> Iterator[str]:
    """Open the pages of a series one after the other, full and empty; yield their names."""
    new = f"{origin}/hosting/series/new"
    page.goto(new)
    yield "new"
    page.click(LOOK)
    page.wait_for_selector("#faults")
    yield "faults"
    plan(page, new, week=week)
    yield "free"
    page.click(CONFIRM)
    page.wait_for_selector(".slots")
    yield "dates"
    page.click(".slot__act a >> nth=1")
    change = page.url
    for summary in page.query_selector_all("main summary"):
        summary.click()
    yield "change"
    page.check("#reach-all")
    page.fill("#time", "04:30")
    page.click(LOOK)
    page.wait_for_selector("#dates")
    yield "changes"
    plan(page, new, week=week)
    yield "taken"
    page.goto(change.removesuffix("/series") + "/reschedule")
    yield "another time"
    page.fill("#date", _week_later(page.input_value("#date")))
    page.click("main .btn--lg")
    page.wait_for_selector("button[name=choice]")
    yield "another time is taken"


def _week_later(day: str) -> str:
    then = utc_now().date().fromisoformat(day) + timedelta(weeks=1)
    return then.isoformat()


@pytest.mark.parametrize(
    ("language", "theme", "width", "week"),
    [("", "light", 1280, 4), ("", "dark", 390, 8), ("/zh", "light", 390, 12)],
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, house: House, language: str, theme: str, width: int, week: int
) -> None:
    page = signed_in(browser, house, theme=theme, width=width)
    for name in visit(page, house.origin + language, week=week):
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
        told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (name, told, wide) == (name, [], width)
    page.context.close()


def test_a_clash_is_shown_at_once_and_a_free_time_is_taken_by_keyboard(
    browser: Browser, house: House
) -> None:
    page = signed_in(browser, house, theme="light", width=1280)
    plan(page, f"{house.origin}/hosting/series/new", week=16)
    page.click(CONFIRM)
    page.wait_for_selector(".slots")
    desk = page.get_attribute(".slot__title a >> nth=0", "href") or ""
    page.goto(house.origin + desk.removesuffix("/desk") + "/reschedule")
    page.fill("#date", _week_later(page.input_value("#date")))
    page.dispatch_event("#date", "change")
    page.wait_for_selector("#verdict button[name=choice]")
    assert page.url.endswith("/reschedule")
    wanted = page.inner_text("#verdict button[name=choice] >> nth=0")
    page.focus("#verdict button[name=choice] >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    page.goto(page.url.removesuffix("/desk") + "/reschedule")
    assert wanted.endswith(page.input_value("#time"))
    page.context.close()


def test_enter_in_a_field_presses_no_free_time(browser: Browser, house: House) -> None:
    page = signed_in(browser, house, theme="light", width=1280)
    plan(page, f"{house.origin}/hosting/series/new", week=20)
    page.click(CONFIRM)
    page.wait_for_selector(".slots")
    desk = page.get_attribute(".slot__title a >> nth=0", "href") or ""
    page.goto(house.origin + desk.removesuffix("/desk") + "/reschedule")
    page.fill("#date", _week_later(page.input_value("#date")))
    page.click("main .btn--lg")
    page.wait_for_selector("#verdict button[name=choice]")
    page.press("#minutes", "Enter")
    page.wait_for_selector("#verdict button[name=choice]")
    assert page.url.endswith("/reschedule")
    page.context.close()
