"""The trim page in a real browser: ends taken from what plays, a preview, the cut, and its undo."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from accounts.models import User
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from media.enums import RenditionKind, TrackKind, TrackSource
from media.models import InitSegment, Segment
from media.tracks import keep_track
from tests.fakes.recordings import record_run
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SECONDS = 30
CHAPTERS = [(0, 10_000, "Welcome"), (10_000, 30_000, "What helps")]


@dataclass
class House:
    """A served site with one replay of the demo's host, thirty seconds long."""

    origin: str
    livestream_id: str

    @property
    def page(self) -> str:
        return f"/livestreams/{self.livestream_id}/trim"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    environment = {
        "MINDCAST_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'trimming.sqlite3'}",
        "SECRET_KEY": "a key for tests",
        "DATA_KEY": "a data key for tests",
    }
    app = create_app(read_settings(environment))
    storage = MemoryStorage()
    vars(app.extensions["mindcast.storage"])["storage"] = storage
    shown = _load(app, storage, home / "made")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(f"http://127.0.0.1:{server.port}", shown)
    server.shutdown()
    thread.join()
    server.server_close()


def _load(app: Site, storage: MemoryStorage, folder: Path) -> str:
    now = utc_now()
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=now)
        mine = select(Livestream).join(User, User.id == Livestream.host_id)
        livestream = db.session.scalars(
            mine.where(
                User.email == email_of("host"), Livestream.state == LivestreamState.SCHEDULED
            )
        ).all()[-1]
        show = Show(db.session, now - timedelta(hours=1), "source", "sound")
        show.renditions["source"].kind = RenditionKind.VIDEO
        show.renditions["source"].codecs = "avc1.42c00d"
        record_run(show, storage, folder, 0, seconds=SECONDS)
        show.end()
        for row in (*db.session.scalars(select(Segment)), *db.session.scalars(select(InitSegment))):
            if row.object_key in storage.objects:
                row.size = len(storage.objects[row.object_key][0])
        livestream.state, livestream.broadcast_id = LivestreamState.PUBLISHED, show.id
        livestream.ended_at = now
        keep_track(
            db.session, storage, broadcast_id=show.id, kind=TrackKind.CHAPTERS,
            language=livestream.language, source=TrackSource.HUMAN, cues=CHAPTERS, now=now,
        )  # fmt: skip
        db.session.commit()
        return livestream.id


def opened(
    browser: Browser, house: House, *, width: int = 1280, theme: str = "light", zh: bool = False
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of("host"))
    page.fill("[name=password]", PASSWORD)
    page.click("form.stack button[type=submit]")
    page.wait_for_load_state()
    page.goto(f"{house.origin}{'/zh' if zh else ''}{house.page}")
    return page


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found["violations"]]


def play_at(page: Page, second: float) -> None:
    page.locator("[data-part=join]").click()
    page.wait_for_function("() => document.querySelector('[data-part=video]').readyState > 1")
    page.evaluate(
        "s => { const v = document.querySelector('[data-part=video]');"
        " v.pause(); v.currentTime = s }",
        second,
    )
    page.wait_for_function(
        "s => Math.abs(document.querySelector('[data-part=video]').currentTime - s) < 0.3",
        arg=second,
    )


def test_start_is_taken_from_the_second_that_plays_and_undone(
    browser: Browser, house: House
) -> None:
    page = opened(browser, house)
    play_at(page, 8)
    page.get_by_role("button", name="Begin here").click()
    expect(page.get_by_label("It begins at")).to_have_value("0:08")
    play = "() => document.querySelector('[data-part=video]').currentTime"
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.querySelector('[data-part=video]').currentTime = 25")
    page.keyboard.press("o")
    expect(page.get_by_label("It ends at")).to_have_value("0:25")
    page.get_by_role("button", name="See what would go").click()
    expect(page.locator("#preview")).to_contain_text("The first 0:08 and the last 0:05 go.")
    page.get_by_role("link", name="Play the last seconds").click()
    page.wait_for_function(
        "() => { const v = document.querySelector('[data-part=video]');"
        " return v.currentTime >= 25 && v.paused }"
    )
    assert page.evaluate(play) < 26.5
    page.get_by_role("button", name="Cut it off").click()
    expect(page.locator("#undo")).to_contain_text("0:08 at the start and 0:05 at the end.")
    assert page.locator("[name=title]").first.input_value() == "Welcome"
    assert page.locator("[name=at]").nth(1).input_value() == "0:02"
    play_at(page, 1)
    length = page.evaluate("document.querySelector('[data-part=video]').duration")
    assert abs(length - 17) < 0.2
    page.get_by_role("button", name="Bring all of it back").click()
    expect(page.get_by_text("It lasts 0:30 now.")).to_be_visible()
    page.context.close()


def test_chapter_is_added_at_the_second_that_plays(browser: Browser, house: House) -> None:
    page = opened(browser, house)
    play_at(page, 20)
    page.get_by_role("button", name="Add a chapter here").click()
    page.keyboard.type("Questions")
    with page.expect_navigation():
        page.get_by_role("button", name="Save the chapters").click()
    rows = page.locator("[data-chapter-rows] li")
    assert rows.count() == 4
    found = [rows.nth(2).locator("input").nth(n).input_value() for n in (0, 1)]
    assert found == ["0:20", "Questions"]
    rows.nth(2).locator("[name=title]").fill("")
    with page.expect_navigation():
        page.get_by_role("button", name="Save the chapters").click()
    assert page.locator("[data-chapter-rows] li").count() == 3
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("zh", [False, True])
def test_page_has_no_fault_that_axe_finds(
    browser: Browser, house: House, width: int, theme: str, *, zh: bool
) -> None:
    page = opened(browser, house, width=width, theme=theme, zh=zh)
    assert violations(page) == []
    page.goto(f"{page.url}?start_seconds=0:08&end_seconds=soon")
    assert violations(page) == []
    page.goto(f"{page.url.partition('?')[0]}?start_seconds=0:08&end_seconds=0:25")
    assert violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    page.context.close()
