"""Applying to host in a real browser: by keyboard alone, without scripts, and axe finds nothing."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from catalog.credentials.models import Application, Credential, Document
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from tests.fakes.keyboard import Keyboard
from tests.fakes.storage import MemoryStorage
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NEXT = ".form-end button[value=next]"


class House:
    """A served site with the demo in it; nobody was counted for signing up yet."""

    def __init__(self, app: Site, port: int, photo: Path) -> None:
        self.app = app
        self.origin = f"http://127.0.0.1:{port}"
        self.photo = photo


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    assets.build()
    settings = read_settings(
        {
            "MINDCAST_HOME": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'applying.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    app = create_app(settings)
    app.extensions["mindcast.storage"].storage = MemoryStorage()
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        db.session.commit()
    photo = tmp_path / "licence.jpg"
    Image.new("RGB", (800, 600), "white").save(photo)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(app, server.port, photo)
    server.shutdown()
    thread.join()
    server.server_close()


def opened(
    browser: Browser, *, width: int = 1280, theme: str = "light", scripts: bool = True
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    return context.new_page()


def faults_on(page: Page) -> list[str]:
    """Return what axe finds, and whether the page scrolls sideways."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map(v => v.id))",
        RULES,
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["scrolls sideways"] if wide else [])]


def sign_up(page: Page, house: House, language: str = "") -> None:
    page.goto(f"{house.origin}{language}/apply/account")
    page.fill("#email", "shen@example.org")
    page.fill("#password", "four odd words here")
    page.click(".form-end button")
    page.wait_for_url(f"**{language}/apply/about-you")


def sent_state(house: House) -> tuple[str, str, int]:
    """Return the states of application and licence, and how many pages there are."""
    with house.app.app_context():
        application = db.session.scalars(select(Application)).one()
        licence = db.session.scalars(select(Credential)).one()
        documents = db.session.scalars(select(Document)).all()
        return application.state, licence.state, len(documents)


def press_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(120):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def type_in(page: Page, selector: str, text: str) -> None:
    press_to(page, selector)
    page.keyboard.type(text)


@pytest.mark.parametrize(
    ("language", "width", "theme"), [("", 1280, "light"), ("/zh", 360, "dark")]
)
def test_every_page_is_clean_empty_with_faults_and_full(
    browser: Browser, house: House, language: str, width: int, theme: str
) -> None:
    page = opened(browser, width=width, theme=theme)
    found = {}
    page.goto(f"{house.origin}{language}/apply")
    found["introduction"] = faults_on(page)
    page.goto(f"{house.origin}{language}/apply/account")
    page.click(".form-end button")
    found["account"] = faults_on(page)
    sign_up(page, house, language)
    for step in ("about-you", "licence", "agreement"):
        page.goto(f"{house.origin}{language}/apply/{step}")
        found[f"{step}, empty"] = faults_on(page)
        page.click(NEXT)
        page.wait_for_selector("#faults")
        found[f"{step}, with faults"] = faults_on(page)
    page.goto(f"{house.origin}{language}/apply/licence")
    page.set_input_files("#documents", house.photo)
    page.wait_for_selector(".page-file")
    page.click(".page-file__more summary")
    found["pages"] = faults_on(page)
    for last in ("topics", "status"):
        page.goto(f"{house.origin}{language}/apply/{last}")
        found[last] = faults_on(page)
    page.context.clear_cookies()
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of("host"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{house.origin}{language}/hosting/licence")
    found["licence of a host"] = faults_on(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_wizard_is_done_by_keyboard_alone(browser: Browser, house: House) -> None:
    page = opened(browser)
    page.goto(f"{house.origin}/apply/account")
    type_in(page, "#email", "shen@example.org")
    type_in(page, "#password", "four odd words here")
    page.keyboard.press("Enter")
    page.wait_for_url("**/about-you")
    type_in(page, "#name_en", "Dr. Shen Yiran")
    type_in(page, "#title_en", "Consultant psychiatrist")
    type_in(page, "#institution_en", "Harbour Hospital")
    page.keyboard.press("Enter")
    page.wait_for_url("**/licence")
    press_to(page, "#kind")
    page.keyboard.press("Space")
    type_in(page, "#country", "China")
    type_in(page, "#authority", "Provincial health commission")
    type_in(page, "#number", "110110000002418")
    Keyboard(page).attach("#documents", house.photo)
    page.wait_for_selector(".page-file")
    assert page.evaluate("document.activeElement.id") == "documents"
    press_to(page, NEXT)
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics")
    press_to(page, "#topics")
    page.keyboard.press("Space")
    press_to(page, NEXT)
    page.keyboard.press("Enter")
    page.wait_for_url("**/agreement")
    press_to(page, "#interests")
    page.keyboard.press("Space")
    press_to(page, "#recording")
    page.keyboard.press("Space")
    press_to(page, NEXT)
    page.keyboard.press("Enter")
    page.wait_for_url("**/status")
    assert sent_state(house) == ("submitted", "pending", 1)


def test_wizard_works_without_scripts(browser: Browser, house: House) -> None:
    page = opened(browser, width=390, scripts=False)
    sign_up(page, house)
    page.fill("#name_en", "Dr. Shen Yiran")
    page.fill("#title_en", "Consultant psychiatrist")
    page.fill("#institution_en", "Harbour Hospital")
    page.click(NEXT)
    page.fill("#authority", "Provincial health commission")
    page.set_input_files("#documents", house.photo)
    page.click("[data-send-page]")
    assert page.input_value("#authority") == "Provincial health commission"
    assert page.locator(".page-file").count() == 1
    page.check("#kind")
    page.select_option("#country", "CN")
    page.fill("#number", "110110000002418")
    page.click(NEXT)
    page.click(NEXT)
    page.check("#interests")
    page.check("#recording")
    page.click(NEXT)
    page.wait_for_url("**/status")
    assert sent_state(house) == ("submitted", "pending", 1)


def test_field_saves_itself_when_it_is_left(browser: Browser, house: House) -> None:
    page = opened(browser)
    sign_up(page, house)
    page.wait_for_selector("form.saves-itself")  # the script is there
    page.locator("#title_zh").press_sequentially("主任医师")
    page.keyboard.press("Tab")
    page.wait_for_function(
        "() => document.querySelector('[data-save-status]').textContent === 'Saved'"
    )
    page.goto(f"{house.origin}/apply")
    page.goto(f"{house.origin}/apply/about-you")
    assert page.input_value("#title_zh") == "主任医师"


def test_refused_page_is_told_beside_the_field_at_once(
    browser: Browser, house: House, tmp_path: Path
) -> None:
    program = tmp_path / "licence.pdf"
    program.write_bytes(b"MZ not a page")
    page = opened(browser)
    sign_up(page, house)
    page.goto(f"{house.origin}/apply/licence")
    page.set_input_files("#documents", program)
    page.wait_for_selector("#documents-error")
    assert "not a PDF, JPG or PNG" in page.inner_text("#documents-error")
    assert page.locator(".page-file").count() == 0
