"""Hand-outs in a browser: brought with a form, in open rooms at once, taken from the replay."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from catalog.models import Livestream
from streams.handouts.models import Handout
from tests.e2e.test_live_room import AXE, _violations, open_page
from tests.fakes.live_room import LiveRoom, live_room
from tests.fakes.storage import MemoryStorage
from tests.streams.handouts.test_handout_rules import PDF
from web.database import db
from web.demo import PASSWORD, email_of

pytestmark = pytest.mark.e2e
SOON = 15_000
TITLE = "A sleep diary for fourteen nights, to fill in every morning"


@pytest.fixture(scope="module")
def served_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRoom]:
    with live_room(tmp_path_factory.mktemp("home")) as room:
        room.app.extensions["mindcast.storage"].storage = MemoryStorage()
        yield room


@pytest.fixture
def room(served_room: LiveRoom, browser: Browser) -> Iterator[LiveRoom]:
    before = list(browser.contexts)
    yield served_room
    for one in [one for one in browser.contexts if one not in before]:
        one.close()
    with served_room.app.app_context():
        db.session.query(Handout).delete()
        db.session.get_one(Livestream, served_room.livestream_id).state = "live"
        db.session.commit()


def host_page(
    browser: Browser, faults: list[str], room: LiveRoom, language: str = "", **context: object
) -> Page:
    """Return the page of hand-outs, in a browser in which the host is signed in."""
    page = open_page(browser, faults, f"{room.origin}/sign-in", **context)
    page.locator("#email").fill(email_of("host"))
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{room.page(language)}/handouts", wait_until="domcontentloaded")
    return page


def bring(page: Page, name: str, data: bytes, title: str = "") -> None:
    page.locator("#file").set_input_files({"name": name, "mimeType": "", "buffer": data})
    page.locator("#title").fill(title)
    page.locator('main form[enctype] button[type="submit"]').click()
    page.wait_for_url("**/handouts?done=brought")


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "PNG")
    return out.getvalue()


def test_a_hand_out_is_brought_seen_taken_along_and_taken_back(
    browser: Browser, room: LiveRoom, faults: list[str], tmp_path: Path
) -> None:
    viewer = open_page(browser, faults, room.page())
    expect(viewer.locator("#handouts")).to_be_hidden()
    host = host_page(browser, faults, room, java_script_enabled=False)
    bring(host, "sleep_diary.pdf", PDF)
    offered = viewer.locator("#handouts li")
    expect(offered).to_have_count(1, timeout=SOON)
    expect(viewer.locator("#handouts [data-handouts-said]")).to_have_text(
        "New hand-out: sleep diary"
    )
    with viewer.expect_download() as coming:
        viewer.locator("#handouts a", has_text="sleep diary").click()
    assert coming.value.suggested_filename == "sleep diary.pdf"
    coming.value.save_as(tmp_path / "kept.pdf")
    assert (tmp_path / "kept.pdf").read_bytes() == PDF
    host.locator('form[action$="/remove"] button').click()
    expect(viewer.locator("#handouts")).to_be_hidden(timeout=SOON)
    host.locator('[role="status"] form[action$="/restore"] button').click()
    expect(viewer.locator("#handouts li")).to_have_count(1, timeout=SOON)
    assert faults == []


def test_a_replay_offers_them_without_scripts(
    browser: Browser, room: LiveRoom, faults: list[str]
) -> None:
    bring(host_page(browser, faults, room), "x.txt", "每天记录".encode("gb18030"), TITLE)
    with room.app.app_context():
        db.session.get_one(Livestream, room.livestream_id).state = "ended"
        db.session.commit()
    page = open_page(browser, faults, room.page(), java_script_enabled=False)
    with page.expect_download() as coming:
        page.locator("#handouts a", has_text=TITLE).click()
    assert Path(coming.value.path()).read_bytes() == "每天记录".encode()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_axe_finds_nothing_and_nothing_is_cut_at_320_pixels(
    browser: Browser, room: LiveRoom, faults: list[str], language: str, theme: str
) -> None:
    narrow = {"viewport": {"width": 320, "height": 844}, "color_scheme": theme, "bypass_csp": True}
    host = host_page(browser, faults, room, language, **narrow)
    found = [_looked_at(host)]
    for number in range(5):
        bring(host, f"{number}.png", png(), f"{TITLE} ({number})")
    found.append(_looked_at(host))
    host.locator('form[action$="/remove"] button').first.click()
    host.wait_for_url("**/handouts?done=removed*")
    found.append(_looked_at(host))
    host.locator("#file").set_input_files(
        {"name": "a.gif", "mimeType": "", "buffer": b"GIF89a\x01\x00"}
    )
    host.locator('main form[enctype] button[type="submit"]').click()
    expect(host.locator("#file-error")).to_be_visible()
    found.append(_looked_at(host))
    viewer = open_page(browser, faults, room.page(language), **narrow)
    expect(viewer.locator("#handouts li")).to_have_count(4)
    found.append(_looked_at(viewer))
    assert found == [[]] * 5
    assert faults == []


def _looked_at(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    return _violations(page)
