"""An account in a real browser, by mail and by passkey; and help without a network."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from accounts.joining.models import MailLink
from accounts.joining.rules import make_secret
from accounts.models import User
from core.clock import utc_now
from tests.fakes.served import served
from tests.fakes.storage import MemoryStorage
from web import assets
from web.database import db
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KEY = "a data key for tests"
OWN = ("/account", "/account/privacy", "/account/history", "/account/erase", "/account/again")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    with served(tmp_path_factory.mktemp("home")) as (app, address):
        vars(app.extensions["mindcast.storage"])["storage"] = MemoryStorage()
        yield app, address.replace("127.0.0.1", "localhost")  # passkeys need a name


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 390, "height": 844})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, faults: list[str]) -> Iterator[Page]:
    made = context.new_page()
    made.on("pageerror", lambda error: faults.append(str(error)))
    yield made
    assert faults == []


def plug_in_device(context: BrowserContext, page: Page) -> None:
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def link_in_mail(app: Site) -> str:
    with app.app_context():
        newest = select(MailLink.id).order_by(MailLink.asked_at.desc())
        return f"/sign-in/link/{make_secret(KEY, str(db.session.scalars(newest).first()))}"


def faults_of_axe(page: Page) -> list[str]:
    page.add_script_tag(content=AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        "rules => axe.run({runOnly: rules}).then(r => r.violations.map("
        "one => one.id + ' ' + one.nodes[0].html))",
        RULES,
    )
    return found


def test_by_mail_then_a_passkey_then_in_again_by_it(
    site: tuple[Site, str], context: BrowserContext, page: Page
) -> None:
    app, address = site
    plug_in_device(context, page)
    page.goto(f"{address}/sign-up")
    page.get_by_label("Email address").fill("mei@mail.example")
    page.get_by_role("button", name="Mail me a link").click()
    page.wait_for_url("**/sign-in/link")
    page.goto(address + link_in_mail(app))
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/account")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey was added.").wait_for()
    context.clear_cookies()
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/account")
    assert "mei@mail.example" in page.inner_text("main")


def test_an_account_that_is_only_a_passkey_keeps_its_last_one(
    site: tuple[Site, str], context: BrowserContext, page: Page
) -> None:
    _app, address = site
    plug_in_device(context, page)
    page.goto(f"{address}/sign-up")
    page.get_by_role("button", name="Make an account with a passkey").click()
    page.wait_for_url("**/account")
    page.get_by_role("button", name="Remove Passkey 1").click()
    page.get_by_text("This is the only way into your account.").first.wait_for()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_have_no_fault_and_no_sideways_scrolling(
    site: tuple[Site, str], browser: Browser, language: str, theme: Literal["light", "dark"]
) -> None:
    app, address = site
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme=theme, bypass_csp=True
    )
    page = context.new_page()
    found = {}
    for path in ("/sign-up", "/sign-in", "/sign-in/link"):
        page.goto(address + language + path)
        found[path] = faults_of_axe(page)
    with app.app_context():
        user = User(email=f"{theme}{len(language)}@mail.example", created_at=utc_now())
        db.session.add(user)
        db.session.commit()
        signed = sign(app, user)
    context.add_cookies([{"name": "mc_session", "value": signed, "url": address}])
    for path in OWN:
        page.goto(address + language + path)
        found[path] = faults_of_axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, path
    context.close()
    assert found == {path: [] for path in found}


def sign(app: Site, user: User) -> str:
    """Return the cookie of a session that has just begun."""
    held = {"_user_id": user.fs_uniquifier, "_fresh": True, "fs_paa": utc_now().timestamp()}
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own
    signed: str = serializer.dumps(held)
    return signed


def test_everything_is_taken_along_and_deleted_and_the_receipt_names_nobody(
    site: tuple[Site, str], context: BrowserContext, page: Page
) -> None:
    app, address = site
    page.goto(f"{address}/sign-up")
    page.get_by_label("Email address").fill("ann@mail.example")
    page.get_by_role("button", name="Mail me a link").click()
    page.wait_for_url("**/sign-in/link")
    page.goto(address + link_in_mail(app))
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/account")
    page.goto(f"{address}/account/erase")
    with page.expect_download() as taking:
        page.get_by_role("link", name="Download everything about me").click()
    with ZipFile(taking.value.path()) as archive:
        assert "ann@mail.example" in archive.read("everything.html").decode()
    page.get_by_role("button", name="Delete my account").click()
    assert page.url.endswith("/account/erase")  # the browser asks for the tick first
    page.get_by_label("Yes, delete all of this.").check()
    page.get_by_role("button", name="Delete my account").click()
    page.wait_for_url("**/receipts/*")
    page.get_by_role("heading", name="Your account is deleted").wait_for()
    number = page.url.rpartition("/")[2]
    said = page.inner_text("main")
    assert number in said
    assert "ann@mail.example" not in said
    with page.expect_download() as keeping:
        page.get_by_role("link", name="Download the receipt").click()
    receipt = json.loads(Path(keeping.value.path()).read_text("utf-8"))
    assert (receipt["receipt"], receipt["deleted"]["accounts_user"]) == (number, 1)
    with app.app_context():
        assert db.session.scalar(select(User).where(User.email == "ann@mail.example")) is None
    page.goto(f"{address}/account")
    assert page.get_by_role("heading", name="Sign in").is_visible()
    context.clear_cookies()  # whoever has the number finds the receipt, and learns no name
    page.goto(f"{address}/zh/receipts/{number}")
    assert "ann@mail.example" not in page.content()
    assert number in page.inner_text("main")
    page.goto(f"{address}/receipts/{number[::-1]}")
    assert page.get_by_role("heading", name="Nothing here").is_visible()


def test_without_a_network_there_is_crisis_help_and_nothing_that_was_watched(
    site: tuple[Site, str], context: BrowserContext, page: Page
) -> None:
    _app, address = site
    page.goto(f"{address}/help")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{address}/topics")
    kept = page.evaluate(
        "caches.keys().then(async names => (await Promise.all(names.map(async name =>"
        " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat())"
    )
    assert {one for one in kept if not one.startswith("/static/")} == {"/offline", "/zh/offline"}
    context.set_offline(True)
    page.goto(f"{address}/zh/replays")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator('a[href^="tel:"]').count() > 12
    page.goto(f"{address}/replays")
    assert page.locator("html").get_attribute("lang") == "en"
    context.set_offline(False)


def test_the_studio_waits_for_no_worker(site: tuple[Site, str], page: Page) -> None:
    _app, address = site
    page.goto(f"{address}/help")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    waited = "performance.getEntriesByType('navigation')[0].workerStart > 0"
    page.goto(f"{address}/topics")
    assert page.evaluate(waited)
    page.goto(f"{address}/livestreams/none/studio")
    assert not page.evaluate(waited)
