"""A viewer without an account, without scripts and without cookies: from asking to calling off."""

import email
import email.policy
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize
from sqlalchemy import select
from werkzeug.serving import make_server

from accounts.notices.models import Recipient, Registration
from catalog.models import Livestream
from core.clock import utc_now
from core.database import make_engine, make_sessions
from core.orm import Base
from core.sealing import keyed_fingerprint
from core.settings import Settings, read_settings
from tests.fakes.storage import MemoryStorage
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.site import Site
from web.worker.notices import make_lane

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
EMAIL = "mei@example.net"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PLACES = [
    pytest.param("", 1280, id="english-desktop"),
    pytest.param("/zh", 390, id="chinese-phone"),
    pytest.param("", 390, id="english-phone"),
    pytest.param("/zh", 1280, id="chinese-desktop"),
]
WORDS = {
    "": {"asked": "Look into your mailbox", "yes": "You will be reminded", "no": "Called off"},
    "/zh": {"asked": "请查看您的邮箱", "yes": "我们会提醒您", "no": "已取消提醒"},
}


@dataclass
class House:
    """A served site with the demo, and the mails that leave it."""

    app: Site
    settings: Settings
    origin: str
    seen: set[Path] = field(default_factory=set)

    def livestream(self) -> str:
        """Return a livestream that lies ahead, far enough for every reminder."""
        with self.app.app_context():
            statement = (
                select(Livestream.id)
                .where(Livestream.state == "scheduled", Livestream.visibility == "public")
                .where(Livestream.starts_at > utc_now() + timedelta(days=2))
                .order_by(Livestream.starts_at)
            )
            return db.session.scalars(statement.limit(1)).one()

    def mail(self) -> EmailMessage:
        """Send what is due, and return the one mail to the viewer that is new."""
        engine = make_engine(self.settings.database_url)
        lane = make_lane(make_sessions(engine), self.settings, threading.Event())
        while lane.delivery.run_batch(lane.stop):
            pass
        engine.dispose()
        new = set(self.settings.mail.rglob("*.eml")) - self.seen
        self.seen |= new
        mails = [read for path in sorted(new) if (read := mail_in(path))["To"] == EMAIL]
        assert len(mails) == 1, "one mail was expected"
        return mails[0]

    def standing(self) -> list[tuple[bool, bool]] | None:
        """Return of each of the viewer's registrations whether it is confirmed, and whether ended.

        None once nothing is kept of the viewer.
        """
        mark = keyed_fingerprint(self.settings.data_key, f"recipient:{EMAIL}")
        with self.app.app_context():
            known = db.session.scalar(select(Recipient.id).where(Recipient.fingerprint == mark))
            found = select(Registration).where(Registration.recipient_id == known)
            stand = [
                (one.confirmed_at is not None, one.ended_at is not None)
                for one in db.session.scalars(found)
            ]
            return stand if known else None


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Serve a site of its own, so that every mail in its home is one of this journey."""
    assets.build()
    home = tmp_path / "home"
    home.mkdir()
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'journey.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    app = create_app(settings)
    vars(app.extensions["mindcast.storage"])["storage"] = MemoryStorage()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now(), data_key=settings.data_key, with_talks=False)
        db.session.commit()
    yield House(app, settings, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()


class Viewer:
    """Somebody whose browser runs no scripts; it would keep cookies, and is given none."""

    keeps_cookies = False

    def __init__(self, browser: Browser, house: House, prefix: str, width: int) -> None:
        self.house = house
        self.prefix = prefix
        size: ViewportSize = {"width": width, "height": 900}
        locale = "zh-CN" if prefix else "en-GB"
        plain = browser.new_context(viewport=size, locale=locale, java_script_enabled=False)
        self.context: BrowserContext = plain
        self.page: Page = plain.new_page()
        self.eye: Page = browser.new_context(viewport=size, reduced_motion="reduce").new_page()
        self.eye.route("**/*", self._show_the_same)

    def go(self, path: str) -> None:
        answer = self.page.goto(f"{self.house.origin}{path}")
        assert answer is not None
        assert answer.ok, f"{path} answers {answer.status}"
        self.look()

    def follow(self, link: str) -> None:
        """Open the address of a mail; the site is served under another name here."""
        self.go(urlsplit(link).path)

    def press(self, selector: str) -> None:
        """Reach it by Tab and press Enter; then look at the page that came."""
        wanted = self.page.locator(selector).first
        wanted.focus()
        with self.page.expect_navigation():
            wanted.press("Enter")
        self.look()

    def look(self) -> None:
        """See that no cookie was set and nothing overflows, and let axe look at the same page."""
        assert self.keeps_cookies or self.context.cookies() == [], self.page.url
        self.eye.goto(self.page.url.partition("#")[0])
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.eye.evaluate(wide), self.page.url
        self.eye.evaluate(AXE.read_text("utf-8"))
        found = self.eye.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(found => found.violations"
            ".map(one => [one.id, one.nodes.map(node => node.html).slice(0, 3)]))",
            RULES,
        )
        assert found == [], self.page.url

    def _show_the_same(self, route: Route) -> None:
        """Give axe, which is a script, the very page that the viewer got, also after a POST."""
        if route.request.is_navigation_request():
            route.fulfill(body=self.page.content(), content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()


def mail_in(path: Path) -> EmailMessage:
    """Return the mail in a file."""
    read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def link_in(mail: EmailMessage, path: str) -> str:
    """Return the address in the plain part of a mail that has this path."""
    plain = mail.get_body(("plain",))
    assert plain is not None
    found = re.findall(r"https?://\S+", plain.get_content())
    return str(next(one for one in found if path in one))


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("prefix", "width"), PLACES)
def test_from_asking_to_erasing_without_scripts_and_cookies(
    browser: Browser, house: House, prefix: str, width: int
) -> None:
    mei, words = Viewer(browser, house, prefix, width), WORDS[prefix]
    livestream = f"{prefix}/livestreams/{house.livestream()}"
    mei.go(livestream)
    mei.press(f"main a[href='{livestream}/remind']")
    mei.press("main form button[type=submit]")  # without an address: it says what is missing
    assert mei.page.locator("[aria-invalid=true]").count() == 1
    mei.page.fill("#email", EMAIL)
    mei.page.select_option("#timezone", "Asia/Shanghai")
    mei.press("main form button[type=submit]")
    assert words["asked"] in mei.text
    assert house.standing() == [(False, False)]

    asking = house.mail()
    mei.follow(link_in(asking, "/notices/confirm/"))
    assert house.standing() == [(False, False)], "opening a link says nothing"
    mei.press("main form button[type=submit]")
    assert words["yes"] in mei.text
    assert house.standing() == [(True, False)]

    registered = house.mail()
    assert [part for part in registered.walk() if part.get_content_type() == "text/calendar"]
    mei.follow(link_in(registered, "/notices/mine/"))
    mei.press("main form[action$='/end'] button")
    assert words["no"] in mei.text
    assert house.standing() == [(True, True)]
    mei.press("main form[action$='/reopen'] button")
    assert house.standing() == [(True, False)]

    mei.page.locator("[name=pace-replays][value=off]").check()
    mei.press("main form[action$='/choices'] button[type=submit]")
    before = mei.page.url
    mei.press("main form[action$='/links'] button")
    assert mei.page.url.partition("?")[0] != before.partition("?")[0]
    mei.press("main a[href$='/erase']")
    assert EMAIL in mei.text
    mei.press("main form[action$='/erase'] button")
    assert house.standing() is None


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("prefix", "width"), PLACES)
def test_one_press_with_an_account_and_its_undoing(
    browser: Browser, house: House, prefix: str, width: int
) -> None:
    viewer, words = Viewer(browser, house, prefix, width), WORDS[prefix]
    viewer.keeps_cookies = True
    viewer.go(f"{prefix}/sign-in")
    viewer.page.fill("[name=email]", email_of("viewer"))
    viewer.page.fill("[name=password]", PASSWORD)
    viewer.press("main form button[type=submit]")
    livestream = f"{prefix}/livestreams/{house.livestream()}"
    viewer.go(livestream)
    viewer.press("#reminder form[action$='/remind'] button")
    assert words["yes"] in viewer.text
    viewer.press("#reminder form[action$='/undo'] button")
    viewer.press("#reminder form[action$='/remind'] button")
    viewer.press("#reminder a[href$='/account/registrations']")
    row = f".reminder:has(a[href='{livestream}'])"
    viewer.press(f"{row} form[action$='/end'] button")
    assert words["no"] in viewer.text
    viewer.press(f"{row} form[action$='/reopen'] button")
    assert words["no"] not in viewer.text
