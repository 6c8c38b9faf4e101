"""The desk of notices in a real browser: axe finds nothing, frames show mails without scripts."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from accounts.models import User
from accounts.notices.composing import compose
from accounts.notices.ends import mail_end
from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from accounts.notices.services import recipient_of_user
from accounts.notices.wording import load
from accounts.notices.wording.samples import sample_due, sample_say
from core.clock import utc_now
from core.orm import Base
from core.settings import Settings, read_settings
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ONE = "/editing/notices/changed"
MAIL = "/administration/mail"
PAPER = "getComputedStyle(document.body).backgroundColor"


@dataclass(frozen=True)
class House:
    """A served site with the demo in it, a notice that failed, and a mail that was sent."""

    origin: str
    pages: tuple[str, ...]
    mail: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'desk.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        failed = add_failed(db.session)
        mail = send_mail(db.session, settings)
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    board = "/administration/work/notices"
    lists = ("/editing/notices", ONE, f"{ONE}?language=zh-Hans", "/administration/work", board)
    rest = (f"{board}?state=held", f"{board}/{failed}", MAIL, f"{MAIL}?day=2020-01-01", mail)
    yield House(f"http://127.0.0.1:{server.port}", (*lists, *rest), mail)
    server.shutdown()
    thread.join()
    server.server_close()


def add_failed(session: Session) -> str:
    now = utc_now()
    viewer = session.scalars(select(User.id).where(User.email == email_of("viewer"))).one()
    made = Notice(
        recipient_id=recipient_of_user(session, user_id=viewer, now=now).id,
        occurrence="occurrence",
        kind="changed",
        channel="mail",
        state=NoticeState.FAILED,
        reason="The mail server did not answer.",
        attempts=8,
        due_at=now,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made.id


def send_mail(session: Session, settings: Settings) -> str:
    say = sample_say("changed", "en")
    mail_end(settings).send(compose(sample_due("changed", "en"), say, load(session)))
    (file,) = settings.mail.rglob("*.eml")
    return f"{MAIL}/{file.relative_to(settings.mail).as_posix()}"


def signed_in(
    browser: Browser,
    house: House,
    *,
    who: str = "administrator",
    theme: str = "light",
    width: int = 1280,
    scripts: bool = True,
) -> Page:
    """Sign in; the theme of the device is left alone for ``null``, as emulating it binds frames."""
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "null" if theme == "null" else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    page = context.new_page()
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of(who))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def faults_of(page: Page) -> list[tuple[str, list[str]]]:
    page.evaluate(AXE.read_text("utf-8"))
    # The mail is looked at by its own tests: no script can be put into its frame
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, iframes: false})", RULES)
    return [
        (fault["id"], [node["html"][:200] for node in fault["nodes"]])
        for fault in found["violations"]
    ]


def shown(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


@pytest.mark.parametrize(("language", "theme"), [("", "light"), ("/zh", "dark")])
def test_axe_finds_nothing(browser: Browser, house: House, language: str, theme: str) -> None:
    page = signed_in(browser, house, theme=theme)
    for address in house.pages:
        page.goto(house.origin + language + address)
        assert (address, faults_of(page)) == (address, [])
    page.goto(house.origin + language + ONE)
    page.fill("#subject", "")
    page.fill("#body", "{nobody}")
    page.click("#words .btn--lg >> nth=0")
    page.wait_for_selector(".error-summary")
    assert faults_of(page) == []
    page.context.close()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, house: House, language: str
) -> None:
    page = signed_in(browser, house, width=320)
    for address in house.pages:
        page.goto(house.origin + language + address)
        for summary in page.locator("main summary").all():
            summary.click()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (address, width) == (address, 320)
    page.context.close()


def test_a_mail_is_seen_in_its_frame_light_and_dark_wide_and_narrow(
    browser: Browser, house: House
) -> None:
    page = signed_in(browser, house, theme="null", scripts=False)
    for address in (ONE, house.mail):
        page.goto(house.origin + address)
        shown(page).get_by_text("Dr Amara Okafor speaks in place of Dr Jonas Weber.").wait_for()
        paper = shown(page).locator("body")
        light = page.frames[1].evaluate(PAPER)
        page.get_by_label("Dark", exact=True).focus()
        page.keyboard.press("Space")
        expect(paper).not_to_have_css("background-color", light)
        page.get_by_label("Narrow, as on a phone").focus()
        page.keyboard.press("Space")
        expect(page.locator("iframe")).to_have_css("width", "360px")
    page.context.close()


def test_words_are_previewed_saved_and_taken_back_by_keyboard_without_scripts(
    browser: Browser, house: House
) -> None:
    page = signed_in(browser, house, who="editor", scripts=False)
    page.goto(house.origin + ONE)
    page.fill("#subject", "It has moved: {starts}")
    page.get_by_role("button", name="Preview what I typed").focus()
    page.keyboard.press("Enter")
    shown(page).get_by_role("heading", name="It has moved: Tuesday 24 November").wait_for()
    assert page.input_value("#subject") == "It has moved: {starts}"
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("The change was taken back.").wait_for()
    assert page.input_value("#subject") == "A change to the livestream on {starts}"
    page.context.close()


def test_a_failed_notice_is_tried_again_by_keyboard(browser: Browser, house: House) -> None:
    page = signed_in(browser, house, scripts=False)
    page.goto(f"{house.origin}/administration/work/notices")
    page.locator(".work__row--trouble a").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Try again").focus()
    page.keyboard.press("Enter")
    assert "It is tried again" in page.get_by_role("status").inner_text()
    page.context.close()
