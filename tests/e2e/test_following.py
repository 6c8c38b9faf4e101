"""Coming back in a real browser: follow, see what is new, say yes to mails, unfollow."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from sqlalchemy import select, update

from accounts.models import User
from catalog.follows.enums import Followed
from catalog.follows.models import Follow
from catalog.follows.rules import Subject
from catalog.follows.services import follow
from catalog.models import Livestream, Series
from core.clock import utc_now
from tests.fakes.served import served
from web import assets
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW: ViewportSize = {"width": 320, "height": 800}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    with served(tmp_path_factory.mktemp("home")) as (app, address):
        with app.app_context():
            load_demo(db.session, now=utc_now(), with_tokens=False, with_talks=False)
            db.session.commit()
        yield app, address


def cookie_of(app: Site, role: str) -> str:
    """Return the cookie of a session of a demo account that has just begun."""
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == email_of(role))).one()
        held = {"_user_id": user.fs_uniquifier, "_fresh": True, "fs_paa": utc_now().timestamp()}
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own
    signed: str = serializer.dumps(held)
    return signed


def sign_in(context: BrowserContext, site: tuple[Site, str], role: str) -> Page:
    app, address = site
    context.add_cookies([{"name": "mc_session", "value": cookie_of(app, role), "url": address}])
    return context.new_page()


def faults_of_axe(page: Page) -> list[str]:
    page.add_script_tag(content=AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        "rules => axe.run({runOnly: rules}).then(r => r.violations.map("
        "one => one.id + ' ' + one.nodes[0].html))",
        RULES,
    )
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{wide} px wide"] if wide > NARROW["width"] else [])]


def places(app: Site) -> dict[str, str]:
    """Return the pages of a topic, a series and a host that have livestreams."""
    with app.app_context():
        series = db.session.scalars(select(Series.id).order_by(Series.id)).first()
        host = db.session.scalars(
            select(Livestream.host_id).where(Livestream.state == "scheduled")
        ).first()
    return {"topic": "/topics/sleep", "series": f"/series/{series}", "host": f"/hosts/{host}"}


def fill(app: Site, role: str) -> None:
    """Let somebody follow a topic, a series and a host since before the programme was made."""
    long_ago, followed = utc_now() - timedelta(days=2), places(app)
    with app.app_context():
        who = select(User.id).where(User.email == email_of(role))
        user_id = db.session.scalars(who).one()
        for kind, place in followed.items():
            subject = Subject(Followed(kind), place.rpartition("/")[2])
            follow(db.session, user_id=user_id, subject=subject, now=long_ago)
        moments = {"since": long_ago, "seen_at": long_ago, "visited_at": long_ago}
        db.session.execute(update(Follow).where(Follow.user_id == user_id).values(**moments))
        db.session.commit()


def test_follow_what_is_new_mails_and_the_way_back_without_scripts_by_keyboard(
    site: tuple[Site, str], browser: Browser
) -> None:
    _app, address = site
    context = browser.new_context(viewport=NARROW, java_script_enabled=False)
    page = sign_in(context, site, "viewer")
    page.goto(f"{address}/topics/sleep")
    page.get_by_role("button", name="Follow", exact=True).press("Enter")
    page.get_by_text("You follow this now.").wait_for()
    assert "sleep" not in page.url.partition("?")[2]
    page.get_by_role("link", name="What you follow, and mails about it").press("Enter")
    page.get_by_role("heading", name="New since you were last here").wait_for()
    page.get_by_label("Once a day, in one mail").press("Space")
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text("Saved. You get a mail when").wait_for()
    assert page.get_by_label("Once a day, in one mail").is_checked()
    page.get_by_role("button", name="Unfollow").press("Enter")
    page.get_by_text("You follow nothing yet").wait_for()
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_role("button", name="Unfollow").wait_for()
    page.goto(f"{address}/topics/sleep")
    page.get_by_role("button", name="Following").press("Enter")
    page.get_by_text("You follow this no more.").wait_for()
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_role("button", name="Following").wait_for()
    context.close()


def test_stranger_comes_back_to_the_topic_from_signing_in(
    site: tuple[Site, str], browser: Browser
) -> None:
    _app, address = site
    context = browser.new_context(viewport=NARROW, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/zh/topics/sleep")
    page.locator("details.follow > summary").press("Enter")
    page.get_by_text("没有账号也可以").wait_for()
    page.locator(".follow__why").get_by_role("link", name="登录").press("Enter")
    page.wait_for_url(re.compile(r"/zh/sign-in\?next="))
    page.locator("[name=email]").first.fill(email_of("host"))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/zh/topics/sleep")
    page.get_by_role("button", name="关注", exact=True).wait_for()
    context.close()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_have_no_fault_and_no_sideways_scrolling(
    site: tuple[Site, str], browser: Browser, language: str, theme: Literal["light", "dark"]
) -> None:
    app, address = site
    found: dict[str, list[str]] = {}
    fill(app, "moderator")
    for role in ("", "moderator", "captioner"):
        context = browser.new_context(viewport=NARROW, color_scheme=theme, bypass_csp=True)
        page = sign_in(context, site, role) if role else context.new_page()
        for path in ("/following", *places(app).values()):
            page.goto(address + language + path)
            for details in page.locator("details.follow > summary").all():
                details.click()
            found[f"{role} {path}"] = faults_of_axe(page)
        context.close()
    assert found == {path: [] for path in found}
