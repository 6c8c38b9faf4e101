"""From sign-up to substitute in a real browser, by keyboard alone, in both languages."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.serving import make_server

from accounts.models import User
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from tests.fakes.keyboard import Keyboard
from tests.fakes.storage import MemoryStorage
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.home import write_services
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PLACES = [
    pytest.param("", 1280, id="english-desktop"),
    pytest.param("/zh", 390, id="chinese-phone"),
    pytest.param("", 390, id="english-phone"),
    pytest.param("/zh", 1280, id="chinese-desktop"),
]
APPLICANT_PASSWORD = "a password for tests"
ZONE = "Asia/Shanghai"


@dataclass
class House:
    """A served site with the demo."""

    app: Site
    origin: str

    def livestream(self, host: str, *, state: str = "scheduled", at: int = 0) -> Livestream:
        """Return a livestream of somebody, by their address, in the order of starts."""
        with self.app.app_context():
            statement = (
                select(Livestream)
                .join(User, User.id == Livestream.host_id)
                .where(User.email == host, Livestream.state == state)
                .order_by(Livestream.starts_at)
            )
            return db.session.scalars(statement).all()[at]

    def read(self, livestream_id: str) -> Livestream:
        """Return a livestream as the database has it now."""
        with self.app.app_context():
            return db.session.get_one(Livestream, livestream_id, populate_existing=True)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Serve a site of its own to every journey: who is asked first depends on who else is there."""
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
    write_services(home, {"rtmp_port": 19350})
    app = create_app(settings)
    vars(app.extensions["mindcast.storage"])["storage"] = MemoryStorage()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now(), data_key=settings.data_key, with_talks=False)
        db.session.commit()
    yield House(app, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()


class Person:
    """Somebody with a keyboard and a browser of their own."""

    def __init__(self, browser: Browser, house: House, prefix: str, width: int) -> None:
        self.house = house
        self.prefix = prefix
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN" if prefix else "en-GB",
            timezone_id=ZONE,
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "zone", "value": ZONE, "url": house.origin}])
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: pytest.fail(str(error)))
        self.keys = Keyboard(self.page)

    def go(self, path: str) -> None:
        answer = self.page.goto(f"{self.house.origin}{self.prefix}{path}")
        assert answer is not None
        assert answer.ok, f"{path} answers {answer.status}"

    def press(self, selector: str) -> None:
        """Press what leads on; then axe looks at the page that came."""
        self.keys.press(selector)
        self.look()

    def look(self) -> None:
        """Let axe look at the page."""
        self.page.evaluate("scrollTo(0, 0)")  # a box half under the sticky bar is no small target
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(found => found.violations"
            ".map(one => [one.id, one.nodes.map(node => node.html).slice(0, 3)]))",
            RULES,
        )
        assert found == [], self.page.url

    def write_start(self, start: datetime) -> None:
        """Type a day and a time into the form."""
        self.keys.write_day("[name=date]", start.date())
        self.keys.write_time("[name=time]", start.time())

    def sign_in(self, role: str) -> "Person":
        self.go("/sign-in")
        self.keys.write("[name=email]", email_of(role))
        self.keys.write("[name=password]", PASSWORD)
        self.press("main button[type=submit]")
        return self

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()


NEXT = "form button[name=go][value=next]:not([tabindex='-1'])"


def apply_to_host(person: Person, name: str, licence: Path) -> None:
    """Go through the wizard: five steps, twelve required fields."""
    keys = person.keys
    person.go("/apply")
    person.press("main a.btn")
    keys.write("#email", f"{name.lower()}@example.org")
    keys.write("#password", APPLICANT_PASSWORD)
    person.press("main button[type=submit]")
    keys.write("#name_en", f"Dr. Mei {name}")
    keys.write("#title_en", "Consultant psychiatrist")
    keys.write("#institution_en", "Example Hospital")
    person.press(NEXT)
    keys.tick("#kind")
    keys.choose("#country", "CN")
    keys.write("#authority", "Provincial health commission")
    keys.write("#number", f"11011{abs(hash(name)) % 10**8}")
    keys.attach("#documents", licence)
    person.page.wait_for_selector("main .page-file")
    person.press(NEXT)
    for topic in ("#topics", "#topics-sleep"):
        keys.tick(topic)
    for language in ("#languages", "#languages-zh-Hans"):
        keys.tick(language)
    person.press(NEXT)
    keys.tick("#interests")
    keys.tick("#recording")
    person.press(NEXT)


def approve(person: Person, name: str) -> None:
    """Look the licence up and confirm it."""
    person.go("/administration/verification")
    person.press(f"main a:has-text('{name}')")
    person.keys.write("#confirm [name=source]", "https://register.example.org")
    person.keys.write("#confirm [name=evidence]", "Name, number and hospital stand there.")
    person.press("#confirm button[type=submit]")


def give_hours(person: Person) -> None:
    """Tick an hour in the grid, then give the whole of every day by typing."""
    person.go("/hosting/hours")
    person.keys.reach("main input[name^='day-']:not([tabindex='-1'])")  # one stop; arrows go on
    person.page.keyboard.press("ArrowDown")
    person.page.keyboard.press("Space")
    person.press("main button[name=do][value=save]")
    person.keys.choose("[name=weekday]", "every")
    person.keys.write_time("[name=start]", time(0, 0))
    person.keys.write_time("[name=end]", time(23, 55))
    person.press("button[name=do][value=add]")


def claim(person: Person) -> str:
    """Claim the first open slot that this host may teach; return the livestream's id."""
    person.go("/hosting/slots")
    person.press("main a.btn[href*='/claim']")
    person.keys.tick("[name=no_interest]")
    person.keys.tick("[name=recorded]")
    person.press("form[action$='/claim'] button.btn:not(.btn--quiet)")
    return person.page.url.rpartition("/livestreams/")[2].partition("/")[0]


def plan_series(person: Person, title: str, first: datetime) -> None:
    """Try a series of three, and confirm it."""
    keys = person.keys
    person.go("/hosting/series/new")
    person.write_start(first)
    keys.write("[name=times]", "3")
    keys.write("[name=timezone]", ZONE)
    keys.write("[name=title_en]", title)
    keys.tick("[name=topics][value=sleep]")
    person.press("button[name=intent][value=check]")
    person.press("button[name=intent][value=confirm]")


def reschedule(person: Person, livestream_id: str, to: datetime) -> None:
    """Give a livestream another time."""
    person.go(f"/livestreams/{livestream_id}/desk")
    person.press(f"main a[href$='/livestreams/{livestream_id}/reschedule']")
    person.write_start(to)
    person.press("main form button[type=submit].btn:not(.btn--quiet)")


def accept_proposals(person: Person, title: str, count: int) -> None:
    """Accept the proposals of a series, one after the other."""
    for _turn in range(count):
        person.go("/administration/proposals")
        person.press(f"li:has-text('{title}') form[action$='/accept'] button")


def cancel(person: Person, livestream_id: str) -> None:
    """Cancel a livestream on its desk."""
    person.go(f"/livestreams/{livestream_id}/desk")
    person.keys.reach("#ask-cancel")
    person.page.keyboard.press("Enter")
    person.press("#act-cancel")


def hand_over(leaver: Person, taker: Person, house: House) -> str:
    """Let one host say that they cannot come, and another one step in; return the livestream."""
    livestream = house.livestream(email_of("host"), at=-1)
    leaver.go(f"/livestreams/{livestream.id}/desk")
    leaver.press(f"main a[href$='/livestreams/{livestream.id}/withdraw']")
    leaver.press("main form button[type=submit]")
    taker.go("/hosting/offers")
    taker.press("main a[href*='/hosting/offers/']")
    taker.press("main form[action$='/accept'] button[type=submit]")
    taker.go(f"/livestreams/{livestream.id}")
    return livestream.id


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("prefix", "width"), PLACES)
def test_from_sign_up_to_substitute_by_keyboard(
    browser: Browser, house: House, tmp_path: Path, prefix: str, width: int
) -> None:
    licence = tmp_path / "licence.png"
    Image.new("RGB", (800, 600), "white").save(licence)
    name = f"Journey{width}{prefix.strip('/')}"
    mei = Person(browser, house, prefix, width)
    apply_to_host(mei, name, licence)
    assert "/apply/status" in mei.page.url

    def person_of(role: str) -> Person:
        return Person(browser, house, prefix, width).sign_in(role)

    approve(person_of("editor"), name)
    approve(person_of("administrator"), name)
    give_hours(mei)
    assert "23:55" in mei.page.content()
    claimed = claim(mei)
    today = datetime.now(ZoneInfo(ZONE)).replace(hour=9, minute=0, second=0, microsecond=0)
    day = today + timedelta(days=20 + width % 7)
    plan_series(mei, f"Small steps of {name}", day)
    reschedule(mei, claimed, day + timedelta(days=2))
    assert house.read(claimed).starts_at == (day + timedelta(days=2)).replace(
        second=0, microsecond=0
    )
    accept_proposals(person_of("editor"), f"Small steps of {name}", 3)
    cancelled = house.livestream(f"{name.lower()}@example.org", at=-1).id
    cancel(mei, cancelled)
    assert house.read(cancelled).state == L.CANCELLED
    other = hand_over(person_of("host"), mei, house)
    assert name in mei.text
    assert house.read(other).host_id == house.read(claimed).host_id
