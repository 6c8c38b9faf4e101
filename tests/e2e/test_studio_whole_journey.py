"""A host's whole evening in a browser: from the mail that reminds to the released replay."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accounts.enums import Role
from accounts.services import create_user
from bench.broadcast import Broadcast, Crew, account, database, wait_for
from bench.house import House, house
from bench.listings import read_listed
from catalog.models import Host, Livestream
from core.clock import utc_now
from deploy.run_tests import find_browser
from media.binaries import ffmpeg_path
from media.enums import BroadcastState
from media.models import Broadcast as BroadcastRow
from media.process import run_checked
from tests.fakes.mail import read_mail

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

PASSWORD = "a long password of a host"
SLOT = 300  # seconds; livestreams begin at full five minutes
PATIENCE = 60_000
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FAKE_DEVICES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
MOST_CLICKS = 3
PLAYED = "document.querySelector('video').currentTime"  # seconds
SILENCE_DB = -60.0
MEASURE = ("-map", "a:0", "-af", "astats=measure_perchannel=none", "-f", "null", "-")


@pytest.fixture(scope="module")
def site() -> Iterator[House]:
    with house() as running:
        yield running


@pytest.fixture(scope="module")
def crew(site: House) -> Crew:
    """Return a host who signs in, verified and with moderators, but not ready yet."""
    _, token = account(site, Role.EDITOR)
    now = utc_now()
    with database(site) as session:
        user = create_user(
            session, email="host@example.org", password=PASSWORD, roles=[Role.HOST], now=now
        )
        until = now + timedelta(days=1)
        names = {"en": "Dr Amara Okafor", "zh-Hans": "林若溪医生"}
        session.add(Host(id=user.id, names=names, initials="A", verified_until=until))
        host_id = user.id
    for _ in range(2):
        account(site, Role.MODERATOR)  # whoever schedules gets them by turn
    return Crew(token, host_id, "")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=FAKE_DEVICES)
        yield browser
        browser.close()


@dataclass
class Evening:
    """One livestream, its host's browser and how often its host has clicked."""

    site: House
    broadcast: Broadcast
    context: BrowserContext
    page: Page
    clicks: int = 0
    faults: list[str] = field(default_factory=list)

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click(timeout=PATIENCE)
        self.clicks += 1

    def act(self, name: str) -> None:
        self.click(f"[data-act={name}]")

    def face(self, name: str) -> None:
        self.page.wait_for_selector(f"[data-studio][data-face={name}]", timeout=PATIENCE)


@contextmanager
def evening(
    site: House, crew: Crew, chromium: Browser, locale: str, size: dict[str, int]
) -> Iterator[Evening]:
    # Five to ten minutes ahead: the mail that reminds is due at once.
    starts = datetime.fromtimestamp((utc_now().timestamp() // SLOT + 2) * SLOT, UTC)
    body = {
        "title": {"en": "Small steps after a hard year", "zh-Hans": "艰难一年后的小步子"},
        "topics": [site.topic()],
        "language": "zh-Hans" if locale == "zh-CN" else "en",
        "host": crew.host_id,
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(minutes=30)).isoformat(),
        "timezone": "UTC",
    }
    answer = site.send("POST", "/api/v1/livestreams", body=body, token=crew.token)
    made = answer.json
    assert answer.status == 201, made
    address = f"/api/v1/livestreams/{made['id']}"
    assert site.send("POST", f"{address}/schedule", token=crew.token).status == 200
    context = chromium.new_context(
        viewport=size,  # type: ignore[arg-type]  # a typed dict
        locale=locale,
        permissions=["camera", "microphone"],
        is_mobile=size is PHONE,
        has_touch=size is PHONE,
    )
    page = context.new_page()
    broadcast = Broadcast(site, str(made["id"]), "", crew.token)
    one = Evening(site, broadcast, context, page)
    page.on("pageerror", lambda error: one.faults.append(str(error)))
    yield one
    context.close()


def link_in_mail(one: Evening) -> str:
    """Return the address that the mail with the reminder leads to."""

    def found() -> str | None:
        for file in Path(one.site.home / "mail").rglob("*.eml"):
            mail = read_mail(file.read_bytes())
            plain = mail.get_body(("plain",))
            text = plain.get_content() if plain else ""
            for link in re.findall(r"https?://\S+/studio", text):
                if one.broadcast.livestream_id in link:
                    return str(link)
        return None

    return urlsplit(wait_for(found, 60, "the mail that reminds")).path


def sign_in(one: Evening) -> None:
    one.page.fill("input[name=email]", "host@example.org")
    one.page.fill("input[name=password]", PASSWORD)
    one.click("main form button[type=submit]")


def get_ready(one: Evening) -> None:
    """Read what to do in a crisis, try camera, microphone and line, and rehearse."""
    one.page.wait_for_selector(".studio-stage--open", timeout=PATIENCE)
    if one.page.locator("#do-script").count():
        one.click("#do-script")
        one.act("script-read")
        one.page.evaluate("document.querySelector('#script-dialog').close()")
    if one.page.locator("#do-check").count():
        one.click("#do-check")
    golive = one.page.locator("[data-act=golive]:not([aria-disabled=true])")
    golive.wait_for(timeout=PATIENCE)
    one.act("rehearse")
    wait_for(lambda: is_receiving(one), 30, "the rehearsal")
    assert one.broadcast.now()["state"] == "scheduled"
    one.act("rehearse")


def is_receiving(one: Evening) -> bool:
    """Tell whether the server takes what the studio sends."""
    with database(one.site) as session:
        livestream = session.get_one(Livestream, one.broadcast.livestream_id)
        state = session.get_one(BroadcastRow, livestream.broadcast_id).state
        return bool(state == BroadcastState.RECEIVING)


@pytest.mark.parametrize(
    ("locale", "size"),
    [("en-GB", DESKTOP), ("zh-CN", DESKTOP), ("en-GB", PHONE)],
    ids=["english-desktop", "chinese-desktop", "english-phone"],
)
def test_from_the_reminder_to_the_released_replay(
    site: House,
    crew: Crew,
    chromium: Browser,
    tmp_path: Path,
    locale: str,
    size: dict[str, int],
) -> None:
    with evening(site, crew, chromium, locale, size) as one:
        address = site.url + link_in_mail(one)
        one.page.goto(address)
        sign_in(one)
        get_ready(one)
        one.context.clear_cookies()

        one.clicks = 0
        one.page.goto(address)
        sign_in(one)
        one.page.locator("[data-act=golive]:not([aria-disabled=true])").wait_for(timeout=PATIENCE)
        one.act("golive")
        one.act("go")
        one.face("air")
        assert one.clicks <= MOST_CLICKS

        began = datetime.now(UTC)
        share_the_screen(one, size)
        viewer = watch(one)
        one.page.wait_for_timeout(3000)
        interrupt(one, viewer)
        one.page.keyboard.press("k")
        one.page.wait_for_timeout(3000)
        on_air = (datetime.now(UTC) - began).total_seconds()
        one.act("end")
        one.act("finish")
        one.face("after")

        left = cut_the_start(one)
        assert left > on_air - 5
        release(one)
        assert longest(one) == pytest.approx(left, abs=1.5)
        replay_is_watched_and_heard(one, viewer, tmp_path)
        assert one.faults == []


def share_the_screen(one: Evening, size: dict[str, int]) -> None:
    """Show the screen with the camera in its corner; telephones cannot share theirs."""
    if size is PHONE:
        return
    one.act("share")
    layout = one.page.locator("input[name=layout][value=screen_camera]")
    expect(layout).to_be_enabled(timeout=PATIENCE)
    layout.check()


def watch(one: Evening) -> Page:
    viewer = one.page.context.browser.new_page()  # type: ignore[union-attr]  # launched, not attached
    viewer.goto(one.broadcast.page)
    viewer.locator("[data-part=join]").click(timeout=PATIENCE)
    wait_for(lambda: viewer.evaluate(PLAYED) > 1, 60, "a moving picture")
    return viewer


def interrupt(one: Evening, viewer: Page) -> None:
    one.context.set_offline(offline=True)
    viewer.wait_for_selector("[data-room][data-phase=interrupted]", timeout=PATIENCE)
    one.page.wait_for_timeout(1000)
    one.context.set_offline(offline=False)
    viewer.wait_for_selector("[data-room][data-phase=live]", timeout=PATIENCE)


def cut_the_start(one: Evening) -> float:
    """Cut the first three seconds; return how long the recording is afterwards."""
    one.click("#trim")  # is there when the last seconds are in place
    before = float(one.page.locator("[data-trim]").get_attribute("data-length") or 0)
    one.page.fill("#start_seconds", "0:03")
    one.click("form[method=get] button[type=submit]")
    one.click("#preview form[method=post] button")
    one.page.wait_for_selector("#undo", timeout=PATIENCE)
    return before - 3


def longest(one: Evening) -> float:
    """Return the seconds that the replay's longest playlist lists."""
    listed = read_listed(one.broadcast)
    return max(listed.seconds(name) for name in listed.texts)


def release(one: Evening) -> None:
    one.page.goto(one.page.url.rpartition("/")[0] + "/studio")
    one.click("button[form=acts]")
    one.broadcast.wait_published()


def replay_is_watched_and_heard(one: Evening, viewer: Page, folder: Path) -> None:
    viewer.goto(one.broadcast.page)
    viewer.locator("[data-part=join]").click(timeout=PATIENCE)
    wait_for(lambda: viewer.evaluate(PLAYED) > 2, 60, "a replay that moves")
    viewer.screenshot(path=folder / "replay.png")
    measured = run_checked(
        [*(ffmpeg_path(), "-hide_banner", "-nostdin", "-i", one.broadcast.master), *MEASURE],
        timeout=60,
    )
    loudest = re.search(r"RMS peak dB: (-?[\d.]+)", measured.stderr.decode())
    assert loudest is not None
    assert float(loudest[1]) > SILENCE_DB
    viewer.close()
