"""Pages in a real browser: no accessibility fault, no sideways scrolling, no fault of a script."""

import json
import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from catalog.enums import LivestreamState, Visibility
from catalog.models import Livestream, Series
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from web import assets
from web.app import create_app
from web.database import db
from web.demo import load_demo

ADDRESS = re.compile(r"https?://[^\s\"'`)\\]+")

NAMES_OF_FORMATS = {
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/ns/ttml#styling",
    "https://aomedia.org/emsg/ID3",
}
SLIDES = {"pdf.js", "pdf_worker.js"}
NAMES_IN_PDF = re.compile(
    r"http://(www\.xfa\.org/schema|ns\.adobe\.com|www\.w3\.org)/.*"  # of formats inside of PDFs
    r"|https?://(a|x|foo\.bar|example\.com|\$\{\w\})([@#/].*)?"  # to try addresses out on
    r"|https://github\.com/zloirock/core-js.*"  # a notice of its licence
)
"""They look like addresses and are never fetched."""

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "home",
    "topics",
    "topic",
    "series",
    "replays",
    "hosts",
    "collection",
    "preferences",
    "schedule",
    "day without talks",
    "host",
    "part of a series",
    "watch",
    "help",
    "sign-in",
    "missing",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Serve the demo's pages on a free port; yield the address of each page."""
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'pages.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        db.session.commit()
        watched = db.session.scalars(
            select(Livestream.id).where(
                Livestream.state == LivestreamState.SCHEDULED,
                Livestream.visibility == Visibility.PUBLIC,
            )
        ).first()
        host = db.session.scalars(select(Livestream.host_id)).first()
        series = db.session.scalars(select(Series.id)).first()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    lists = ("/series", "/replays", "/hosts", "/for/relatives", "/preferences")
    empty = "/schedule?view=day&date=2020-01-01&topic=sleep"
    more = ("/schedule", empty, f"/hosts/{host}", f"/series/{series}")
    rest = (f"/livestreams/{watched}", "/help", "/sign-in", "/no")
    paths = ("/", "/topics", "/topics/sleep", *lists, *more, *rest)
    yield {
        "origin": f"http://127.0.0.1:{server.port}",
        **dict(zip(PAGES, paths, strict=True)),
    }
    server.shutdown()
    thread.join()
    server.server_close()


def _open(browser: Browser, faults: list[str], *, theme: str, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.extend(_policy_faults(message.text)))
    page.route("**/audience", lambda route: route.fulfill(status=503))
    return page


def _policy_faults(text: str) -> list[str]:
    return [text] if "Content Security Policy" in text or "Refused to" in text else []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_axe_finds_nothing(
    browser: Browser, site: dict[str, str], faults: list[str], language: str, theme: str
) -> None:
    page = _open(browser, faults, theme=theme, width=1280)
    for name in PAGES:
        page.goto(site["origin"] + language + site[name])
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
        told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        assert (name, told) == (name, [])
    assert faults == []
    page.context.close()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, site: dict[str, str], faults: list[str], language: str
) -> None:
    page = _open(browser, faults, theme="light", width=320)
    for name in PAGES:
        page.goto(site["origin"] + language + site[name])
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
    page.context.close()


def test_times_follow_the_device_after_the_first_page(
    browser: Browser, site: dict[str, str], faults: list[str]
) -> None:
    page = _open(browser, faults, theme="light", width=1280)
    page.goto(site["origin"])
    page.wait_for_selector("html[data-zone='Asia/Shanghai']")
    assert "Shanghai (UTC+8)" in page.inner_text("#programme")
    page.context.close()


def test_the_theme_that_was_chosen_holds(
    browser: Browser, site: dict[str, str], faults: list[str]
) -> None:
    page = _open(browser, faults, theme="light", width=1280)
    page.goto(site["origin"] + site["help"])
    page.click("[data-theme-toggle]")
    page.goto(site["origin"] + site["topics"])
    assert page.get_attribute("html", "data-theme") == "dark"
    page.context.close()


def test_crisis_help_opens_on_the_page_and_gives_the_focus_back(
    browser: Browser, site: dict[str, str], faults: list[str]
) -> None:
    page = _open(browser, faults, theme="light", width=1280)
    page.goto(site["origin"] + site["topics"])
    page.focus(".helpbar button")
    page.keyboard.press("Enter")
    assert "12356" in page.inner_text("#crisis")
    page.keyboard.press("Escape")
    page.wait_for_selector("#crisis", state="hidden")
    assert page.evaluate("document.activeElement.className") == "helpbar__btn script"
    page.context.close()


def test_shift_three_times_leaves_and_the_way_back_does_not_lead_here(
    browser: Browser, site: dict[str, str], faults: list[str]
) -> None:
    page = _open(browser, faults, theme="light", width=1280)
    page.goto(site["origin"] + site["topics"])
    page.goto(site["origin"] + site["topic"])
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("about:blank")
    page.go_back()
    assert page.url == site["origin"] + site["topics"]
    page.context.close()


def test_help_is_reached_without_scripts(browser: Browser, site: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site["origin"])
    page.click(".helpbar a:visible >> nth=0")
    assert page.url == site["origin"] + "/help"
    context.close()


def test_the_bundles_hold_no_address_of_another_host() -> None:
    manifest = json.loads(assets.MANIFEST.read_text("utf-8"))["files"]
    found = {
        (entry, address)
        for entry, name in manifest.items()
        for address in ADDRESS.findall((assets.STATIC / name).read_text("utf-8"))
        if address not in NAMES_OF_FORMATS
    }
    assert [one for one in found if one[0] not in SLIDES] == []
    assert [one for one in found if not NAMES_IN_PDF.fullmatch(one[1])] == []
