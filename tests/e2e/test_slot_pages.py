"""Slots, the claim and proposals in a real browser: axe finds nothing, keys alone suffice."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select, update
from werkzeug.serving import make_server

from accounts.models import User
from catalog.enums import LivestreamState
from catalog.models import Livestream
from catalog.rules import nearest_times
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from scheduler.models import Slot
from scheduler.slots import services as slots
from scheduler.slots.queries import teacher_of
from scheduler.slots.rules import SlotDraft
from streams.life import services as life
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [("", "light"), ("", "dark"), ("/zh", "light")]


@dataclass
class House:
    """A served site with open slots, and what scripts of its pages complained of."""

    app: Site
    origin: str
    slot_ids: list[str]
    week: str
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'slots.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    app = create_app(settings)
    ids, week = _load(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(app, f"http://127.0.0.1:{server.port}", ids, week)
    server.shutdown()
    thread.join()
    server.server_close()


def _load(app: Site) -> tuple[list[str], str]:
    now = nearest_times(utc_now())[0]
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=now)
        db.session.flush()
        db.session.execute(update(Slot).values(state="withdrawn", livestream_id=None))
        made = [_offer(now, number) for number in range(3)]
        other = db.session.scalars(
            select(Livestream.host_id).where(Livestream.host_id != _host_id())
        ).first()
        teacher = teacher_of(db.session, host_id=other or "")
        assert teacher is not None
        slots.hold_slot(db.session, slot=made[2], teacher=teacher, now=now)
        draft = db.session.scalars(
            select(Livestream).where(
                Livestream.state == LivestreamState.DRAFT, Livestream.starts_at > now
            )
        ).first()
        if draft is not None:
            life.propose(db.session, livestream=draft, now=now)
        db.session.commit()
        return [slot.id for slot in made], f"{made[0].starts_at:%Y-%m-%d}"


def _offer(now: datetime, number: int) -> Slot:
    start = now + timedelta(days=20 + number)
    draft = SlotDraft(
        topics=("sleep",),
        language="en",
        starts_at=start,
        ends_at=start + timedelta(minutes=45),
        timezone="UTC",
        titles={"en": f"Sleeping again {number}"},
    )
    return slots.publish_slots(db.session, drafts=[draft], published_by=None, now=now)[0]


def _host_id() -> str:
    return db.session.scalars(select(User.id).where(User.email == email_of("host"))).one()


def signed_in(
    browser: Browser, house: House, role: str, *, theme: str = "light", width: int = 1280
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: house.faults.append(str(error)))
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of(role))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def visit(page: Page, house: House, role: str, language: str) -> Iterator[str]:
    """Open the pages of a role one after the other, unfold what can be, and yield their names."""
    base = house.origin + language
    claim = f"/hosting/slots/{house.slot_ids[0]}/claim"
    taken = f"/hosting/slots/{house.slot_ids[2]}/claim"
    editing = "/administration/slots"
    addresses = {
        "host": ("/hosting/slots", "/hosting/slots?topic=memory", claim, taken),
        "editor": (
            *(editing, f"{editing}?week={house.week}", f"{editing}?week=2099-01-05"),
            *(f"{editing}/new", f"{editing}/{house.slot_ids[1]}/edit"),
            "/administration/proposals",
        ),
    }[role]
    for address in addresses:
        page.goto(base + address)
        for summary in page.query_selector_all("main summary"):
            summary.click()
        page.evaluate("scrollTo(0, 0)")  # axe takes what the bar of help covers for too small
        yield address
    faulty = claim if role == "host" else f"{editing}/new"
    page.goto(base + faulty)
    page.click("main .form-end button[type=submit] >> nth=0")
    yield "faults"


@pytest.mark.parametrize("role", ["host", "editor"])
@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_axe_finds_nothing(
    browser: Browser, house: House, role: str, language: str, theme: str
) -> None:
    page = signed_in(browser, house, role, theme=theme)
    for name in visit(page, house, role, language):
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
        told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        assert (name, told) == (name, [])
    assert house.faults == []
    page.context.close()


@pytest.mark.parametrize("role", ["host", "editor"])
@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, house: House, role: str, language: str
) -> None:
    page = signed_in(browser, house, role, width=320)
    for name in visit(page, house, role, language):
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
    page.context.close()


def test_the_page_says_when_the_hold_is_over(browser: Browser, house: House) -> None:
    page = signed_in(browser, house, "host")
    page.clock.install()
    page.goto(f"{house.origin}/hosting/slots/{house.slot_ids[1]}/claim")
    assert "Held for you until" in page.inner_text("#held")
    page.clock.run_for(11 * 60 * 1000)
    assert "The hold is over." in page.inner_text("#held")
    page.context.close()


def test_a_slot_is_claimed_by_keyboard_without_scripts(browser: Browser, house: House) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.origin}/hosting/slots")
    page.fill("[name=email]", email_of("host"))
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    assert page.url == f"{house.origin}/hosting/slots"
    page.focus(f"#slot-{house.slot_ids[0]} .offer__acts a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#held")
    for box in ("#no_interest", "#recorded"):
        if page.query_selector(box):
            page.focus(box)
            page.keyboard.press("Space")
    page.focus("main .form-end button >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#state-h:has-text('Scheduled')")
    page.goto(f"{house.origin}/hosting/slots")
    assert page.is_visible("h2:has-text('Claimed by you')")
    context.close()
