"""The pages of hours in a real browser: axe finds nothing, nothing scrolls, keys are enough."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from accounts.models import User
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from scheduler.enums import Part, ReservationKind, ReservationState
from scheduler.grid.rules import Need, Wanted
from scheduler.grid.services import reserve
from scheduler.hours.queries import hours_of
from scheduler.hours.rules.hours import Day, Hours
from scheduler.hours.rules.intervals import Interval
from scheduler.hours.services import save
from scheduler.spans import Span
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WEEK = "/hosting/hours"
AWAY = "/hosting/away"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'hours.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        give_time()
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def keep(who: str, hours: Hours) -> str:
    """Put hours in the place of those that the demo gives somebody; return whose."""
    person_id = db.session.scalars(select(User.id).where(User.email == email_of(who))).one()
    version = hours_of(db.session, person_id=person_id).version
    save(db.session, person_id=person_id, hours=replace(hours, version=version), now=utc_now())
    return person_id


def give_time() -> None:
    """Give the host hours with parts, days that differ, and a time that is held; others none."""
    now = utc_now()
    monday = now.date() + timedelta(days=7 - now.weekday())
    dated = {monday: Day(), monday + timedelta(days=1): Day((Interval(600, 720),), "Clinic")}
    weekly = ((Interval(1080, 1200),), (Interval(1110, 1215),), *((),) * 5)
    host = keep("host", Hours("Asia/Shanghai", weekly=weekly, dated=dated))
    keep("moderator", Hours("Europe/Berlin"))
    start = now.replace(hour=3, minute=0, second=0, microsecond=0)
    start += monday - now.date()
    wanted = Wanted(
        kind=ReservationKind.SLOT,
        subject_id="held",
        needs=(Need(host, Part.HOST),),
        span=Span(start, start + timedelta(minutes=45)),
        holder_id=host,
    )
    made = reserve(db.session, wanted=wanted, now=now, state=ReservationState.HELD)
    made.expires_at = now + timedelta(days=1)


def signed_in(
    browser: Browser,
    origin: str,
    faults: list[str],
    *,
    who: str = "host",
    theme: str = "light",
    width: int = 1280,
    scripts: bool = True,
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{origin}/sign-in")
    page.fill("[name=email]", email_of(who))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def visit(page: Page, origin: str, language: str) -> Iterator[str]:
    """Open one page after the other, with faults and with what was done; yield their names."""
    coming = (utc_now().date() + timedelta(days=7)).isoformat()
    for address in (
        WEEK,
        f"{WEEK}?week={coming}",
        f"{WEEK}?done=saved",
        AWAY,
        f"{AWAY}?done=added",
    ):
        page.goto(origin + language + address)
        yield address
    page.goto(origin + language + WEEK)
    page.fill("[name=start]", "20:00")
    page.fill("[name=timezone]", "Nowhere")
    page.click("button[value=add]")
    yield "a typed time that is none"
    page.goto(origin + language + AWAY)
    page.check("[name=kind][value=hours]")
    page.click(".hours-add button[type=submit]")
    yield "a day that is none"


@pytest.mark.parametrize(
    ("who", "language", "theme", "width"),
    [
        ("host", "", "light", 1280),
        ("host", "/zh", "dark", 375),
        ("moderator", "/zh", "dark", 1280),
    ],
)
def test_axe_finds_nothing(
    browser: Browser,
    origin: str,
    faults: list[str],
    who: str,
    language: str,
    theme: str,
    width: int,
) -> None:
    page = signed_in(browser, origin, faults, who=who, theme=theme, width=width)
    for name in visit(page, origin, language):
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
        told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        assert (name, told) == (name, [])
    assert faults == []
    page.context.close()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, origin: str, faults: list[str], language: str
) -> None:
    page = signed_in(browser, origin, faults, width=320)
    for name in visit(page, origin, language):
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
    page.context.close()


def focused(page: Page) -> tuple[str, str]:
    """Return day and hour of the box that has the focus."""
    found: list[str] = page.evaluate("[document.activeElement.name, document.activeElement.value]")
    return found[0], found[1][:5]


def test_keys_alone_move_in_the_grid_tick_save_and_undo(
    browser: Browser, origin: str, faults: list[str]
) -> None:
    page = signed_in(browser, origin, faults, who="moderator")
    page.goto(origin + WEEK)
    page.focus("[name=night]")
    page.keyboard.press("Tab")
    assert focused(page) == ("day-0", "06:00")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    assert focused(page) == ("day-0", "07:00")
    page.keyboard.press("End")
    assert focused(page) == ("day-0", "23:00")
    page.keyboard.press("Space")
    for _booking in range(20):  # links of what is booked come first; no other box does
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "save":
            break
        assert page.evaluate("document.activeElement.tagName") == "A"
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast")
    assert page.is_checked("[name=day-0][value='23:00-24:00']")
    assert "1 open this week" in page.inner_text(".toast")
    page.focus(".toast button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hosting/hours?done=undone**")
    assert not page.is_checked("[name=day-0][value='23:00-24:00']")
    assert faults == []
    page.context.close()


def test_a_phone_without_scripts_is_enough(
    browser: Browser, origin: str, faults: list[str]
) -> None:
    page = signed_in(browser, origin, faults, who="moderator", width=375, scripts=False)
    page.goto(origin + WEEK)
    page.check("[name=day-2][value='09:00-10:00']")
    page.select_option("[name=weekday]", "5")
    page.fill("[name=start]", "18:30")
    page.fill("[name=end]", "20:15")
    page.click("button[value=add]")
    assert page.is_checked("[name=day-2][value='09:00-10:00']")
    assert page.is_checked("[name=day-5][value='18:30-19:00']")
    assert not page.is_visible("[name=day-0][value='03:00-04:00']")
    page.check("[name=night]")
    assert page.is_visible("[name=day-0][value='03:00-04:00']")
    page.goto(origin + AWAY)
    first = utc_now().date() + timedelta(days=20)
    page.fill("[name=first]", first.isoformat())
    page.fill("[name=last]", (first + timedelta(days=6)).isoformat())
    page.click(".hours-add button[type=submit]")
    assert page.locator(".hours-days > li").count() == 1
    page.click(".hours-days button")
    assert page.is_visible(".empty")
    page.click(".toast button")
    assert page.locator(".hours-days > li").count() == 1
    page.context.close()
