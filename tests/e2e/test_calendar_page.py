"""The address of one's calendar in a real browser: made, copied, ended; axe finds nothing."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from accounts.enums import Role
from accounts.services import create_user
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from web import assets
from web.app import create_app
from web.database import db

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EMAIL, PASSWORD = "viewer@example.org", "a password for tests"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'calendar.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
            "MINDCAST_DEMO": "0",
        }
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        create_user(db.session, email=EMAIL, password=PASSWORD, roles=[Role.VIEWER], now=utc_now())
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def signed_in(browser: Browser, origin: str, *, theme: str = "light", width: int = 1280) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
        bypass_csp=True,  # axe is put into the page
    )
    page = context.new_page()
    page.goto(f"{origin}/sign-in")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def looked_at(page: Page) -> tuple[list[str], bool]:
    """Return what axe finds, and whether the page scrolls sideways."""
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map(v => v.id))",
        RULES,
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found, wide


def test_an_address_is_made_copied_and_ended(browser: Browser, origin: str) -> None:
    page = signed_in(browser, origin)
    page.goto(f"{origin}/account/calendar")
    page.get_by_role("button", name="Make my address").click()
    address = page.locator("#feed").inner_text()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert page.request.get(address).status == 200
    page.get_by_text("Change or end this address").press("Enter")
    page.get_by_role("button", name="End it, without a new one").press("Enter")
    page.get_by_text("The address shows nothing any more.").wait_for()
    assert page.request.get(address).status == 404
    page.context.close()


@pytest.mark.parametrize("language", ["", "/zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, origin: str, language: str, theme: str, width: int
) -> None:
    page = signed_in(browser, origin, theme=theme, width=width)
    page.goto(f"{origin}{language}/account/calendar")
    for act in ("make", "off"):
        assert looked_at(page) == ([], False)
        if page.locator("#calendar details").count():
            page.evaluate(
                "document.querySelectorAll('#calendar details').forEach(d => d.open = true)"
            )
            assert looked_at(page) == ([], False)
        page.locator(f"button[value={act}]").click()
        page.locator("[role=status]").wait_for()
    page.context.close()
