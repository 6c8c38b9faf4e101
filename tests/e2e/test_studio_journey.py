"""A host's way through the studio of a whole site: on air, a reload, the end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import delete, select

from accounts.models import User
from bench.broadcast import Crew, database, make_crew, schedule, wait_for
from bench.house import House, house
from deploy.run_tests import find_browser
from media.models import Ingest
from streams.marks.models import Mark
from streams.readiness.models import DeviceCheck

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

PASSWORD = "a long password of a benchmark"
PATIENCE = 60_000
PLAYED = "document.querySelector('video').currentTime"
DEVICES = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="module")
def site() -> Iterator[House]:
    with house() as running:
        yield running


@pytest.fixture(scope="module")
def crew(site: House) -> Crew:
    return make_crew(site)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=DEVICES)
        yield browser
        browser.close()


def sign_in(page: Page, email: str) -> None:
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")


def face(page: Page, name: str) -> None:
    page.wait_for_selector(f"[data-studio][data-face={name}]", timeout=PATIENCE)


def test_from_the_check_to_the_end(
    site: House, crew: Crew, chromium: Browser, faults: list[str]
) -> None:
    broadcast = schedule(site, crew, auto_start=False, replay_policy="after_release")
    with database(site) as session:
        email = session.scalars(select(User.email).where(User.id == crew.host_id)).one()
        session.execute(delete(DeviceCheck))
    context = chromium.new_context(permissions=["camera", "microphone"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: faults.append(str(error)))
    studio = f"{broadcast.page}/studio"

    page.goto(studio)
    sign_in(page, email)  # which leads back
    page.wait_for_selector(".studio-stage--open")
    page.click("#do-check")
    ready = "[data-act=golive]:not([aria-disabled=true])"
    page.wait_for_selector(ready)

    page.goto(studio)  # as the reminder does: signed in, and checked
    page.wait_for_selector(ready)
    page.click(ready)
    page.click("[data-act=go]")
    face(page, "air")

    viewer = chromium.new_page()
    viewer.goto(broadcast.page)
    viewer.locator("[data-part=join]").click(timeout=PATIENCE)
    wait_for(lambda: viewer.evaluate(PLAYED) > 1, 60, "a moving picture")
    page.keyboard.press("k")
    expect(page.locator("[data-marks] li")).to_have_count(1)
    page.locator("[data-marks] input").fill("What helps at night")
    page.locator("[data-marks] input").press("Tab")
    chapter = viewer.locator("#so-far button", has_text="What helps at night")
    expect(chapter).to_be_visible(timeout=PATIENCE)  # it leads back: the picture was seen
    page.keyboard.press("v")
    expect(page.locator("[data-act=camera]")).to_have_attribute("aria-pressed", "false")

    page.reload()
    page.wait_for_selector(".studio-stage--open")
    expect(page.locator("[data-health]")).to_have_text("Good", timeout=PATIENCE)
    expect(page.locator("[data-elsewhere]")).to_be_hidden()
    expect(page.locator("[data-marks] input")).to_have_value("What helps at night")
    assert broadcast.now()["state"] == "live"

    page.click("[data-act=end]")
    expect(page.locator("[data-end-recorded]")).to_contain_text("kept for your review")
    page.click("[data-act=finish]")
    face(page, "after")
    expect(page.locator("#over-h")).to_have_text(
        "Ended, and kept for your review", timeout=PATIENCE
    )
    with database(site) as session:
        assert session.scalars(select(Mark.livestream_id)).all() == [broadcast.livestream_id]
        assert set(session.scalars(select(Ingest.broadcast_id))) == {broadcast.id}
    assert faults == []
    context.close()
