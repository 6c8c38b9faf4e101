"""The editors' pages in a real browser: axe finds nothing, nothing scrolls, nothing is lost."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Dialog, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from catalog.enums import LivestreamState
from catalog.models import Host, Livestream, Series
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SLEEP = "/editing/topics/sleep"
NAME = "[name='names.en']"
SAVE = ".edit-acts button[value=save]"
PUBLISH = ".edit-acts button[value=publish]"


@dataclass(frozen=True)
class House:
    """A served site with the demo in it, and the addresses of one subject of each kind."""

    origin: str
    subjects: tuple[str, ...]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'editing.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        db.session.commit()
        coming = select(Livestream.id).where(Livestream.state == LivestreamState.SCHEDULED)
        subjects = (
            SLEEP,
            f"/editing/series/{db.session.scalars(select(Series.id)).first()}",
            f"/editing/hosts/{db.session.scalars(select(Host.id)).first()}",
            f"/editing/livestreams/{db.session.scalars(coming).first()}",
        )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(f"http://127.0.0.1:{server.port}", subjects)
    server.shutdown()
    thread.join()
    server.server_close()


def signed_in(
    browser: Browser,
    house: House,
    faults: list[str],
    *,
    who: str = "editor",
    theme: str = "light",
    width: int = 1280,
    scripts: bool = True,
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of(who))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def visit(page: Page, house: House, language: str) -> Iterator[str]:
    """Open one page after the other; yield its name."""
    lists = ("", "/topics", "/series", "/hosts", "/livestreams", "/topics/new", "/series/new")
    for address in (*(f"/editing{one}" for one in lists), *house.subjects):
        page.goto(house.origin + language + address)
        yield address
    for tag in ("en", "zh-Hans"):
        page.fill(f"[name='titles.{tag}']", "")
    page.click(PUBLISH)
    page.click(".edit-more summary")
    yield "faults and a draft"
    page.goto(f"{house.origin}{language}{house.subjects[-1]}/preview")
    yield "preview"
    page.goto(f"{house.origin}{language}{house.subjects[-1]}/history")
    yield "history"


@pytest.mark.parametrize(("language", "theme"), [("", "light"), ("/zh", "dark")])
def test_axe_finds_nothing(
    browser: Browser, house: House, faults: list[str], language: str, theme: str
) -> None:
    page = signed_in(browser, house, faults, theme=theme)
    for name in visit(page, house, language):
        page.evaluate("scrollTo(0, 0)")  # a box half under the sticky bar is no small target
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
    page = signed_in(browser, house, faults, width=320)
    for name in visit(page, house, language):
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
    page.context.close()


def test_leaving_with_unsaved_changes_asks_and_saving_does_not(
    browser: Browser, house: House, faults: list[str]
) -> None:
    page = signed_in(browser, house, faults)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(house.origin + SLEEP)
    page.goto(f"{house.origin}/editing")
    assert asked == []
    page.goto(house.origin + SLEEP)
    page.fill("[name='words.en.introduction']", "Two words")
    assert page.inner_text("[data-count-now]") == "2"
    page.goto(f"{house.origin}/editing")
    assert asked == ["beforeunload"]
    page.goto(house.origin + SLEEP)
    page.fill(NAME, "Sleep and rest")
    page.click(SAVE)
    page.wait_for_selector("[role=status]")
    assert (asked, page.input_value(NAME)) == (["beforeunload"], "Sleep and rest")
    page.context.close()


def test_two_editors_meet_without_scripts_and_lose_nothing(
    browser: Browser, house: House, faults: list[str]
) -> None:
    first = signed_in(browser, house, faults, scripts=False)
    second = signed_in(browser, house, faults, who="administrator", scripts=False)
    address = f"{house.origin}/editing/topics/anxiety"
    for page in (first, second):
        page.goto(address)
    first.fill(NAME, "Worry")
    first.click(PUBLISH)
    assert first.url == f"{address}?done=published"
    second.fill(NAME, "Fear")
    second.click(PUBLISH)
    assert second.is_visible("del:has-text('Worry')")
    assert second.input_value(NAME) == "Fear"
    second.click(PUBLISH)
    assert second.url == f"{address}?done=published"
    second.click("form[action$='/restore'] button")
    assert (second.url, second.input_value(NAME)) == (f"{address}?done=restored", "Worry")
    second.goto(f"{address}/history")
    assert second.locator(".edit-row").count() == 4
    for page in (first, second):
        page.context.close()
