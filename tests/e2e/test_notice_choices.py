"""Choosing what to be told, and stopping it, in a real browser.

Unsubscribing is done with scripts off and cookies cleared before every step.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from accounts.models import User
from accounts.notices.enums import Category, NoticeState
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.services import recipient_of_user
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from tests.fakes.recipients import registration, stranger, unsubscribe_path
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHOICES = "/account/notices"
KEY = "a data key for tests"
LANGUAGES = pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
SEEN = pytest.mark.parametrize(
    ("theme", "width"), [("light", 390), ("dark", 390), ("light", 1280), ("dark", 1280)]
)


@dataclass(frozen=True)
class Place:
    """A site that is served, and the links of mails that were sent from it."""

    app: Site
    origin: str
    registration: str
    registration_id: str
    replays: str
    hosting: str
    mei: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'choices.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": KEY,
        }
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        links = make_people()
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Place(app, f"http://127.0.0.1:{server.port}", *links)
    server.shutdown()
    thread.join()
    server.server_close()


def make_people() -> tuple[str, str, str, str, str]:
    """Let a stranger ask to be reminded, and the host be told things; return links of mails."""
    now = utc_now()
    mei = stranger(db.session, data_key=KEY, now=now)
    asked = registration(db.session, mei, now)
    host_id = db.session.scalars(select(User.id).where(User.email == email_of("host"))).one()
    host = recipient_of_user(db.session, user_id=host_id, now=now)
    for number, state in enumerate((NoticeState.SENT, NoticeState.HELD, NoticeState.DROPPED)):
        db.session.add(
            Notice(
                recipient_id=host.id,
                occurrence=f"{number}",
                kind="host_day_before",
                channel="mail",
                state=state,
                due_at=now - timedelta(hours=number),
                created_at=now,
            )
        )
    return (
        unsubscribe_path(KEY, mei, asked.id),
        asked.id,
        unsubscribe_path(KEY, mei, Category.REPLAYS),
        unsubscribe_path(KEY, host, Category.HOSTING),
        mei.id,
    )


def opened(browser: Browser, faults: list[str], *, theme: str = "light", width: int = 1280) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


def press(page: Page, selector: str) -> None:
    """Send a form and wait for the answer: it has the same address."""
    with page.expect_navigation():
        page.click(selector)


def sign_in(page: Page, place: Place, who: str = "host") -> None:
    page.goto(f"{place.origin}/sign-in")
    page.fill("[name=email]", email_of(who))
    page.fill("[name=password]", PASSWORD)
    press(page, "main button[type=submit]")


def visit(page: Page, place: Place, language: str) -> Iterator[str]:
    """Show each page in each of its states; yield what is shown."""
    at = place.origin + language
    for name in ("registration", "replays", "hosting"):
        page.goto(at + getattr(place, name))
        yield f"stop {name}"
    page.goto(at + place.replays)
    press(page, "main button")
    yield "stopped"
    press(page, "main button")
    yield "undone"
    page.goto(f"{at}/notices/unsubscribe/none")
    yield "no such link"
    sign_in(page, place)
    page.goto(at + CHOICES)
    yield "choices"
    page.fill("#phone", "123")
    press(page, ".form-end button")
    assert page.is_visible("#faults")
    yield "a number that is none"
    page.fill("#phone", "")
    press(page, ".form-end button")
    assert page.is_visible(".paces-saved")
    yield "saved"


@SEEN
@LANGUAGES
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, place: Place, faults: list[str], language: str, theme: str, width: int
) -> None:
    page = opened(browser, faults, theme=theme, width=width)
    for name in visit(page, place, language):
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
        told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        assert (name, told) == (name, [])
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, width)
    assert faults == []
    page.context.close()


@LANGUAGES
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, place: Place, faults: list[str], language: str
) -> None:
    page = opened(browser, faults, width=320)
    for name in visit(page, place, language):
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
    page.context.close()


def forget_cookies(context: BrowserContext) -> None:
    """Find that no cookie was left, and clear them all the same."""
    assert context.cookies() == []
    context.clear_cookies()


def ended(place: Place) -> bool:
    with place.app.app_context():
        return db.session.get_one(Registration, place.registration_id).ended_at is not None


def paces(place: Place) -> dict[str, str]:
    with place.app.app_context():
        return dict(db.session.get_one(Recipient, place.mei).choices)


def test_stopping_and_undoing_need_neither_cookies_nor_scripts(
    browser: Browser, place: Place
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(place.origin + place.registration)
    forget_cookies(context)
    assert not ended(place)
    press(page, "main button")
    forget_cookies(context)
    assert page.inner_text("h1") == "Stopped"
    assert ended(place)
    press(page, "main button")
    forget_cookies(context)
    assert page.inner_text("h1") == "As it was before"
    assert not ended(place)
    page.goto(f"{place.origin}/zh{place.replays}")
    forget_cookies(context)
    press(page, "main button")
    forget_cookies(context)
    assert page.inner_text("h1") == "已停止"
    assert paces(place) == {"replays": "off"}
    press(page, "main button")
    forget_cookies(context)
    assert paces(place) == {"replays": "at_once"}
    context.close()


def test_choosing_instead_leads_on_without_cookies_and_scripts(
    browser: Browser, place: Place
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(place.origin + place.replays)
    context.clear_cookies()
    page.click("main a.btn--quiet")
    assert page.locator("[name=pace-replays]").count() == 3
    assert page.is_checked("[name=pace-reminders][value=at_once]")
    context.close()


def test_a_phone_without_scripts_is_enough_to_choose_and_undo(
    browser: Browser, place: Place
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, place, "viewer")
    page.goto(place.origin + CHOICES)
    page.check("[name=pace-replays][value=daily]")
    page.check("[name=shows_titles]")
    page.select_option("#timezone", "Asia/Tokyo")
    page.fill("#phone", "+86 138 0013 8000")
    page.check("[name=sms_minutes]")
    press(page, ".form-end button")
    assert "Saved." in page.inner_text(".paces-saved")
    page.goto(place.origin + CHOICES)
    assert page.is_checked("[name=pace-replays][value=daily]")
    assert page.is_checked("[type=checkbox][name=shows_titles]")
    assert page.is_checked("[name=sms_minutes]")
    assert page.input_value("#timezone") == "Asia/Tokyo"
    assert page.input_value("#phone") == "+8613800138000"
    page.fill("#phone", "")
    page.uncheck("[name=sms_minutes]")
    press(page, ".form-end button")
    assert page.input_value("#phone") == ""
    press(page, ".paces-saved button")
    assert page.input_value("#phone") == "+8613800138000"
    assert page.is_checked("[name=sms_minutes]")
    context.close()


def test_keys_alone_choose_save_and_undo(browser: Browser, place: Place, faults: list[str]) -> None:
    page = opened(browser, faults)
    sign_in(page, place, "moderator")
    page.goto(place.origin + CHOICES)
    page.focus("[name=pace-reminders]:checked")
    page.keyboard.press("ArrowRight")
    assert page.is_checked("[name=pace-reminders][value=off]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "pace-changes"
    page.focus("[name=shows_titles]")
    page.keyboard.press("Space")
    page.focus(".form-end button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.is_checked("[name=pace-reminders][value=off]")
    assert page.is_checked("[type=checkbox][name=shows_titles]")
    page.focus(".paces-saved button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.is_checked("[name=pace-reminders][value=at_once]")
    assert not page.is_checked("[type=checkbox][name=shows_titles]")
    assert faults == []
    page.context.close()


def test_signed_in_people_are_led_there_from_every_page(
    browser: Browser, place: Place, faults: list[str]
) -> None:
    for width in (390, 1280):
        page = opened(browser, faults, width=width)
        sign_in(page, place)
        page.goto(f"{place.origin}/topics")
        if width < 960:
            page.click(".menu-btn")
        page.click(f"a[href='{CHOICES}']:visible")
        assert page.url == place.origin + CHOICES
        page.context.close()
    assert faults == []
