"""The question desk by keys alone, and the host's queue, in a real browser; axe in every look."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from accounts.queries import user_by_email
from catalog.models import Livestream
from core.clock import utc_now
from scheduler.models import Duty
from streams.questions.models import Question
from streams.questions.services import ask_question
from streams.room.services import open_room
from tests.fakes.desks import URGENT
from tests.fakes.served import served
from web import assets
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOP = "one => one.getBoundingClientRect().top"
TEXTS = (
    "How long should I sleep before a night shift?",
    "How long should one sleep before a night shift?",
    "What is a chronotype?",
    "孩子晚上玩手机不睡觉怎么办",
)


@dataclass
class House:
    """A served site; a livestream of the demo's host, moderated by the demo's moderator."""

    app: Site
    origin: str
    livestream_id: str

    @property
    def desk(self) -> str:
        return f"/livestreams/{self.livestream_id}/questions/desk"

    def ask(self, text: str, person: str) -> None:
        with self.app.app_context():
            now = utc_now()
            room = open_room(db.session, livestream_id=self.livestream_id, now=now)
            ask_question(
                db.session, room=room, participant=person, text=text, page_language="en", now=now
            )
            db.session.commit()

    def states(self) -> dict[str, str]:
        with self.app.app_context():
            rows = db.session.execute(select(Question.text, Question.state))
            return {row.text: row.state for row in rows}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("home")) as (app, origin):
        with app.app_context():
            now = utc_now()
            load_demo(db.session, now=now, with_talks=False)
            host = user_by_email(db.session, email_of("host"))
            moderator = user_by_email(db.session, email_of("moderator"))
            assert host is not None
            assert moderator is not None
            mine = select(Livestream).where(
                Livestream.host_id == host.id, Livestream.state == "scheduled"
            )
            livestream = db.session.scalars(mine.order_by(Livestream.starts_at)).all()[-1]
            on_duty = (Duty.livestream_id == livestream.id, Duty.moderator_id == moderator.id)
            if db.session.scalar(select(Duty.id).where(*on_duty)) is None:
                duty = Duty(livestream_id=livestream.id, moderator_id=moderator.id)
                duty.created_at = duty.updated_at = now
                db.session.add(duty)
            livestream.starts_at, livestream.ends_at = (
                now + timedelta(days=20),
                now + timedelta(days=20, hours=1),
            )
            livestream_id = livestream.id
            db.session.commit()
        house = House(app, origin, livestream_id)
        for number, text in enumerate(TEXTS):
            house.ask(text, f"{number:032d}")
        yield house


def signed_in(
    browser: Browser, house: House, role: str, faults: list[str], *, theme: str = "light"
) -> Page:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{house.origin}/sign-in")
    page.fill("#email", email_of(role))
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    return page


def check_axe(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
    told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
    assert told == []


def check_host(browser: Browser, house: House, faults: list[str]) -> None:
    """Let the host answer the one that was handed over, by one key twice."""
    host = signed_in(browser, house, "host", faults)
    host.goto(f"{house.origin}/livestreams/{house.livestream_id}/studio")
    queue = host.locator("#fresh-questions")
    expect(queue.locator(".hq-text")).to_have_text([TEXTS[2], TEXTS[0]])
    host.keyboard.press("a")
    expect(queue.locator("[data-on-air] .hq-text")).to_have_text(TEXTS[2])
    host.keyboard.press("a")
    expect(queue.locator("[data-on-air]")).to_have_count(0)
    assert house.states()[TEXTS[2]] == "answered"
    host.context.close()


def test_a_moderator_works_by_keys_alone_and_the_host_answers_by_one(
    browser: Browser, house: House, faults: list[str]
) -> None:
    page = signed_in(browser, house, "moderator", faults)
    page.goto(f"{house.origin}{house.desk}")
    keys = page.keyboard
    keys.press("j")
    expect(page.locator("#q-h")).to_be_focused()
    expect(page.locator(".q-text")).to_have_text(TEXTS[0])
    keys.press("a")  # approved, and the next one is open
    expect(page.locator("#desk-said")).to_contain_text("Approved.")
    expect(page.locator(".q-text")).to_have_text(TEXTS[1])
    keys.press("m")
    expect(page.locator("#act-merge input:checked")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#desk-said")).to_contain_text("Merged.")
    keys.press("z")
    expect(page.locator("#desk-said")).to_contain_text("Taken back.")
    expect(page.locator(".q-text")).to_have_text(TEXTS[1])
    keys.press("j")
    expect(page.locator(".q-text")).to_have_text(TEXTS[2])
    keys.press("p")
    for _back in range(2):
        keys.press("Shift+Tab")
    expect(page.locator("#prepared")).to_be_focused()
    keys.type("Off")  # a list finds what is typed
    keys.press("Tab")
    keys.press("Enter")
    answer = page.locator("#text-private")
    expect(answer).to_be_focused()
    expect(answer).to_have_value(re.compile("leads away from today"))
    keys.type("A habit of the body, and nothing to worry about.")
    keys.press("Escape")
    expect(page.locator("#q-h")).to_be_focused()
    top = page.locator(".q-text").evaluate(TOP)
    house.ask(URGENT, "9" * 32)  # while something is being read
    expect(page.locator("#desk-alert")).to_contain_text("One question may come from")
    expect(page).to_have_title(re.compile(r"^\(! 1\)"))
    assert page.locator(".q-text").inner_text() == TEXTS[2]
    assert abs(page.locator(".q-text").evaluate(TOP) - top) <= 1
    keys.press("n")
    expect(page.locator("#desk-said")).to_contain_text("The host is asked")
    keys.press("u")
    expect(page.locator(".q-text")).to_have_text(URGENT)
    keys.press("c")
    expect(page.locator("#desk-said")).to_contain_text("Closed.")
    expect(page.locator("#desk-alert")).to_be_empty()
    keys.press("?")
    expect(page.locator("#desk-keys")).to_be_visible()
    keys.press("Escape")
    assert house.states() == {
        TEXTS[0]: "approved",
        TEXTS[1]: "waiting",
        TEXTS[2]: "approved",
        TEXTS[3]: "waiting",
        URGENT: "private",
    }
    page.context.close()
    check_host(browser, house, faults)
    assert faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk(
    browser: Browser, house: House, faults: list[str], theme: str
) -> None:
    house.ask(f"{URGENT} {theme}", theme.ljust(32, "0"))
    page = signed_in(browser, house, "moderator", faults, theme=theme)
    for language in ("", "/zh"):
        page.goto(f"{house.origin}{language}{house.desk}")
        check_axe(page)
        page.keyboard.press("u")
        expect(page.locator("[data-opened]")).to_be_visible()
        check_axe(page)
        page.goto(f"{house.origin}{language}{house.desk}?show=held")
        check_axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{house.origin}{house.desk}")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert faults == []
    page.context.close()
