"""The pages of handing over in a real browser: axe finds nothing, nothing scrolls sideways."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import session as login
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from accounts.models import User
from core.clock import utc_now
from core.database import make_engine, make_sessions
from core.orm import Base
from core.settings import read_settings
from scheduler.substitutes import services as substitutes
from scheduler.substitutes.queries import asked_of
from streams.planning.services import handover
from tests.fakes.handover import add_hosts, scheduled
from tests.fakes.programme import DATA_KEY, World
from web import assets
from web.app import create_app

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class House:
    """A served site with an open search, one that was answered and one that found nobody."""

    origin: str
    pages: list[tuple[str, str]]
    """Who opens which page."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("handover")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(folder / "home"),
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": DATA_KEY,
            "MINDCAST_DEMO": "0",
        }
    )
    assets.build()
    pages, keys = seed(settings.database_url)
    app = create_app(settings)

    def let_in(name: str) -> str:
        login["_user_id"], login["_fresh"] = keys[name], True
        return name

    app.add_url_rule("/let-in/<name>", view_func=let_in)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield House(f"http://127.0.0.1:{server.server_port}", pages)
    server.shutdown()


def seed(url: str) -> tuple[list[tuple[str, str]], dict[str, str]]:
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    now = utc_now()
    now -= timedelta(seconds=now.timestamp() % 300)
    with make_sessions(engine).begin() as session:
        world = World(session, now - timedelta(minutes=5)).build()
        world.now = now
        add_hosts(world, 5)
        shows = [scheduled(world, ahead=timedelta(days=day)) for day in (2, 3, 4, 5)]
        first, second, third = (
            handover.withdraw_host(session, livestream_id=one.id, reason="ill", now=now)
            for one in shows[:3]
        )
        handover.accept_offer(
            session, offer=asked_of(session, search_id=second.id)[1], data_key=DATA_KEY, now=now
        )
        substitutes.give_up(session, search=third, now=now)
        offers = {one.host_id: one.id for one in asked_of(session, search_id=first.id)}
        beaten = {one.host_id: one.id for one in asked_of(session, search_id=second.id)}
        pages = [
            ("stand0", "/hosting/offers"),
            ("stand0", f"/hosting/offers/{offers['stand0']}"),
            ("stand0", f"/hosting/offers/{beaten['stand0']}"),
            ("stand4", "/hosting/offers"),  # empty
            ("host", f"/livestreams/{shows[3].id}/withdraw"),
            ("host", f"/livestreams/{shows[0].id}/withdraw"),
            ("editor", "/administration/substitutes"),
            ("editor", f"/livestreams/{shows[0].id}/who"),
            ("viewer", f"/livestreams/{shows[0].id}"),
            ("viewer", f"/livestreams/{shows[1].id}"),
        ]
        names = {name for name, _path in pages}
        keys = {
            name: session.get_one(User, world.actors[name].user_id).fs_uniquifier for name in names
        }
    engine.dispose()
    return pages, keys


def opened(browser: Browser, theme: str, width: int) -> Page:
    context = browser.new_context(
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": width, "height": 800},
        bypass_csp=True,
    )
    return context.new_page()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_axe_finds_nothing(browser: Browser, house: House, language: str, theme: str) -> None:
    page = opened(browser, theme, 1280)
    for name, path in house.pages:
        page.goto(f"{house.origin}/let-in/{name}")
        page.goto(f"{house.origin}{language}{path}")
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
        told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        assert (path, told) == (path, [])
    page.context.close()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, house: House, language: str
) -> None:
    page = opened(browser, "light", 320)
    for name, path in house.pages:
        page.goto(f"{house.origin}/let-in/{name}")
        page.goto(f"{house.origin}{language}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (path, wide) == (path, 320)
    page.context.close()


def test_request_is_answered_by_keyboard_alone(browser: Browser, house: House) -> None:
    page = opened(browser, "light", 390)
    name, path = house.pages[1]
    page.goto(f"{house.origin}/let-in/{name}")
    page.goto(house.origin + path)
    page.get_by_role("button", name="Yes, I take it over").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    page.goto(f"{house.origin}/hosting/offers")
    assert page.get_by_text("You took it over. Thank you.").count() == 1
    page.context.close()
