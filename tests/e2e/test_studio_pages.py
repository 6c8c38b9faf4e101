"""The studio in a real browser with made-up devices: axe finds nothing, and no key is lost."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import select

from accounts.models import User
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.clock import utc_now
from core.ids import new_id
from media.models import Broadcast
from scheduler.models import Duty
from streams.doors.services import make_missing_keys
from tests.fakes.served import served
from web import assets
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.home import write_services
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DEVICES = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium with a camera and a microphone that are made up."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=DEVICES)
        yield started
        started.close()


@dataclass
class House:
    """A served site with one livestream of the demo's host, moderated by the demo's moderator."""

    app: Site
    origin: str
    livestream_id: str

    @property
    def studio(self) -> str:
        return f"/livestreams/{self.livestream_id}/studio"

    def set_state(self, state: str, broadcast: str) -> None:
        """Do what another person or the media node would do."""
        with self.app.app_context():
            livestream = db.session.get_one(Livestream, self.livestream_id)
            livestream.state = state
            livestream.started_at = utc_now() if state in {"live", "ended"} else None
            db.session.get_one(Broadcast, livestream.broadcast_id).state = broadcast
            db.session.commit()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("home")
    write_services(home, {"rtmp_port": 19350})
    with served(home) as (app, origin):
        yield House(app, origin, _load(app))


def _load(app: Site) -> str:
    now = utc_now()
    with app.app_context():
        load_demo(db.session, now=now)
        db.session.flush()
        make_missing_keys(db.session, data_key="a data key for tests", now=now)
        people = select(User.id).where(User.email == email_of("moderator"))
        mine = select(Livestream).join(User, User.id == Livestream.host_id)
        chosen = db.session.scalars(
            mine.where(
                User.email == email_of("host"), Livestream.state == LivestreamState.SCHEDULED
            ).order_by(Livestream.starts_at)
        ).all()[-1]
        moderator = db.session.scalars(people).one()
        db.session.query(Duty).where(
            Duty.livestream_id == chosen.id, Duty.moderator_id == moderator
        ).delete()
        db.session.add(
            Duty(
                id=new_id(),
                livestream_id=chosen.id,
                moderator_id=moderator,
                state="accepted",
                created_at=now,
                updated_at=now,
            )
        )
        db.session.commit()
        return chosen.id


def signed_in(
    browser: Browser, house: House, faults: list[str], *, who: str, theme: str, width: int
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of(who))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def change_person(page: Page, house: House, who: str) -> None:
    """Let somebody else sign in at the same computer, and open the studio."""
    page.context.clear_cookies()
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of(who))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(house.origin + house.studio)


def visit(page: Page, house: House, language: str) -> Iterator[str]:
    """Open every face of the studio and what can be opened on it; yield its name."""
    for state, broadcast in (
        *(("scheduled", "idle"), ("live", "receiving")),
        *(("ended", "receiving"), ("ended", "ended")),
    ):
        house.set_state(state, broadcast)
        page.goto(house.origin + language + house.studio)
        if state == "scheduled" and page.query_selector("[data-act=open]"):
            page.wait_for_selector(".studio-stage--open")
        yield f"{state} {broadcast}"
    house.set_state("scheduled", "idle")


def found_by_axe(page: Page) -> list[tuple[str, list[str]]]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
    return [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]


@pytest.mark.parametrize(
    ("who", "language", "theme"),
    [("host", "", "light"), ("host", "/zh", "dark"), ("moderator", "", "dark")],
)
def test_axe_finds_nothing(
    browser: Browser, house: House, faults: list[str], who: str, language: str, theme: str
) -> None:
    page = signed_in(browser, house, faults, who=who, theme=theme, width=1280)
    for name in visit(page, house, language):
        assert (name, found_by_axe(page)) == (name, [])
    assert faults == []
    page.context.close()


def test_axe_finds_nothing_in_dialogs_and_on_the_page_of_the_encoder(
    browser: Browser, house: House, faults: list[str]
) -> None:
    page = signed_in(browser, house, faults, who="host", theme="light", width=1280)
    house.set_state("live", "receiving")
    page.goto(house.origin + house.studio)
    page.click("[data-act=end]")
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.act") == "end"
    page.click("[data-act=script]:visible")
    assert found_by_axe(page) == []
    page.goto(f"{house.origin}/livestreams/{house.livestream_id}/encoder?key=shown")
    for summary in page.query_selector_all("summary"):
        summary.click()
    assert found_by_axe(page) == []
    house.set_state("scheduled", "idle")
    page.context.close()


LEAVE_FIVE_SECONDS = """async (id) => {
  const [{ name }] = await indexedDB.databases();
  const request = indexedDB.open(name);
  await new Promise((resolve) => { request.onsuccess = resolve; });
  const changes = request.result.transaction(["lives", "pieces"], "readwrite");
  const known = { livestreamId: id, next: 0, formed: -1, floor: 0, onAir: false };
  changes.objectStore("lives").put({ ...known, touchedAt: Date.now() });
  const piece = { livestreamId: id, recording: 1, order: 0, ms: 5000 };
  changes.objectStore("pieces").put({ ...piece, bytes: new Uint8Array(9) });
  await new Promise((resolve) => { changes.oncomplete = resolve; });
  request.result.close();
}"""


def test_what_was_not_sent_is_offered_to_nobody_else_at_the_same_computer(
    browser: Browser, house: House, faults: list[str]
) -> None:
    page = signed_in(browser, house, faults, who="host", theme="light", width=1280)
    house.set_state("ended", "ended")
    page.goto(house.origin + house.studio)
    page.wait_for_function("indexedDB.databases().then((all) => all.length > 0)")
    page.evaluate(LEAVE_FIVE_SECONDS, house.livestream_id)
    left = page.locator("section[data-left]")
    page.reload()
    expect(left).to_be_visible()
    change_person(page, house, "editor")
    page.wait_for_function("indexedDB.databases().then((all) => all.length > 1)")
    expect(left).to_be_hidden()
    change_person(page, house, "host")
    expect(left).to_be_visible()
    house.set_state("scheduled", "idle")
    page.context.close()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, house: House, faults: list[str], language: str
) -> None:
    page = signed_in(browser, house, faults, who="host", theme="light", width=320)
    for name in visit(page, house, language):
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
    page.context.close()


def test_camera_and_sound_are_switched_by_keys_and_not_while_typing(
    browser: Browser, house: House, faults: list[str]
) -> None:
    page = signed_in(browser, house, faults, who="host", theme="light", width=1280)
    page.goto(house.origin + house.studio)
    page.wait_for_selector(".studio-stage--open")
    camera, microphone = (page.locator(f"[data-act={act}]") for act in ("camera", "microphone"))
    page.keyboard.press("v")
    page.keyboard.press("m")
    for button in (camera, microphone):
        expect(button).to_have_attribute("aria-pressed", "false")
    page.locator("[data-notes]").press_sequentially("Move: vim")
    expect(page.locator("[data-notes-said]")).to_have_text("Saved. Only you can read them.")
    for button in (camera, microphone):
        expect(button).to_have_attribute("aria-pressed", "false")
    page.reload()
    assert page.input_value("[data-notes]") == "Move: vim"
    assert faults == []
    page.context.close()


def test_what_is_missing_is_named_when_going_live_is_pressed(
    browser: Browser, house: House, faults: list[str]
) -> None:
    page = signed_in(browser, house, faults, who="host", theme="light", width=1280)
    with house.app.app_context():
        db.session.query(Duty).where(Duty.livestream_id == house.livestream_id).update(
            {"state": "declined"}
        )
        db.session.commit()
    page.goto(house.origin + house.studio)
    page.click("[data-act=golive]", force=True)
    expect(page.locator("[data-refusal-items]")).to_contain_text("Moderators: 0 of")
    assert not page.is_visible("#go-dialog")
    page.context.close()


def test_without_scripts_the_page_leads_to_the_encoder(browser: Browser, house: House) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.origin}/sign-in?next={house.studio}")
    page.fill("[name=email]", email_of("host"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(house.origin + house.studio)
    assert page.is_visible("#fresh-ready")
    page.click("text=How an encoder is set up")
    assert page.url.endswith("/encoder")
    context.close()


BUTTON_IN_FRAME = """() => {
  document.querySelector(".studio-stage").classList.remove("studio-stage--open");
  const [frame, button] = ["[data-preview]", "[data-act=open]"].map(
    (one) => document.querySelector(one).getBoundingClientRect());
  return frame.top <= button.top && button.bottom <= frame.bottom;
}"""


def test_the_button_that_begins_is_not_cut_off_on_a_small_screen(
    browser: Browser, house: House, faults: list[str]
) -> None:
    page = signed_in(browser, house, faults, who="host", theme="light", width=320)
    page.goto(house.origin + house.studio)
    page.wait_for_selector(".studio-stage--open")
    assert page.evaluate(BUTTON_IN_FRAME)
    page.context.close()
