"""The board, the rota, duties and rooms in a real browser: axe finds nothing, nothing scrolls."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from accounts.models import User
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.clock import utc_now
from core.errors import Refusal
from core.orm import Base
from core.settings import read_settings
from scheduler.duties import services
from scheduler.programme.services import reserve_missing
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STAFF_PAGES = (
    "/administration/board",
    "/administration/board?state=problems",
    "/administration/board?topic=grief&state=live",
    "/administration/board?date=2030-01-07",
    "/administration/rota",
    "/administration/rota?date=2030-01-07",
    "/administration/rooms",
)


@dataclass(frozen=True)
class House:
    """A served site with the demo in it, a livestream without a moderator, and a room."""

    origin: str
    bare: str
    room: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'board.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        bare, room = seed(db.session)
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(f"http://127.0.0.1:{server.port}", bare, room)
    server.shutdown()
    thread.join()
    server.server_close()


def seed(session: Session) -> tuple[str, str]:
    """Free the last scheduled livestream of moderators, ask for one, add a room."""
    now = utc_now()
    reserve_missing(session, now)
    coming = session.scalars(
        select(Livestream)
        .where(Livestream.state == LivestreamState.SCHEDULED, Livestream.starts_at > now)
        .order_by(Livestream.starts_at)
    ).all()
    moderator = session.scalars(select(User.id).where(User.email == email_of("moderator"))).one()
    for livestream in coming[:3]:
        try:
            services.assign(
                session,
                livestream_id=livestream.id,
                moderator_id=moderator,
                assigned_by=None,
                now=now,
            )
        except Refusal:  # the demo has given it a moderator already
            continue
    services.release_duties(session, livestream_id=coming[-1].id, now=now)
    room = services.create_room(session, names={"en": "Studio A"}, note="Ring twice", now=now)
    return coming[-1].id, room.id


def signed_in(
    browser: Browser, house: House, *, who: str = "editor", theme: str = "light", width: int = 1280
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of(who))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def pages_of(house: House) -> tuple[str, ...]:
    one = (f"/administration/rota/{house.bare}", f"/administration/rooms/{house.room}")
    return (*STAFF_PAGES, *one)


def faults_of(page: Page) -> list[tuple[str, list[str]]]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
    return [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]


@pytest.mark.parametrize(("language", "theme"), [("", "light"), ("/zh", "dark")])
def test_axe_finds_nothing(browser: Browser, house: House, language: str, theme: str) -> None:
    page = signed_in(browser, house, theme=theme)
    for address in pages_of(house):
        page.goto(house.origin + language + address)
        assert (address, faults_of(page)) == (address, [])
    page.context.close()
    page = signed_in(browser, house, who="moderator", theme=theme)
    page.goto(f"{house.origin}{language}/duties")
    assert faults_of(page) == []
    page.context.close()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, house: House, language: str
) -> None:
    page = signed_in(browser, house, width=320)
    for address in pages_of(house):
        page.goto(house.origin + language + address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (address, width) == (address, 320)
    page.context.close()


def test_an_editor_fills_a_gap_by_keyboard_and_the_board_shows_it(
    browser: Browser, house: House
) -> None:
    page = signed_in(browser, house)
    page.goto(f"{house.origin}/administration/rota/{house.bare}")
    name = page.locator(".people-choice .check span").first.inner_text()
    page.locator(".people-choice input").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    assert name in page.locator(".people").first.inner_text()
    page.context.close()
