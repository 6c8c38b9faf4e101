"""The receipts of removals in a real browser: axe in every state, and narrow screens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from accounts.enums import Role
from accounts.models import User
from accounts.services import create_user
from catalog.models import Livestream
from core.clock import utc_now
from core.work.enums import WorkState
from core.work.models import Work
from streams.removal.enums import Reason
from streams.removal.services import ask, enqueue_step
from tests.fakes.served import served
from web import assets
from web.database import db
from web.demo import PASSWORD, email_of, load_demo

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATES = {
    "waiting": "Hidden, not removed yet",
    "done": "240 objects, 12.3 MB",
    "failed": "Could not be removed",
}
"""What the page of each says."""
NOBODY = "nothing.removed@example.org"  # a host without receipts


@dataclass
class Receipts:
    """A served site; ``paths`` are its pages by what they show."""

    origin: str
    paths: dict[str, str]


@pytest.fixture(scope="module")
def receipts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receipts]:
    with served(tmp_path_factory.mktemp("home")) as (app, origin):
        with app.app_context():
            load_demo(db.session, now=utc_now())
            db.session.flush()
            paths = _fill()
            now = utc_now()
            create_user(db.session, email=NOBODY, password=PASSWORD, roles=[Role.HOST], now=now)
            db.session.commit()
        yield Receipts(origin, paths)


def _fill() -> dict[str, str]:
    """Let three livestreams of the demo's host be removed: one waits, one is gone, one failed."""
    now, days = utc_now(), {"waiting": 3, "done": 0, "failed": 0}
    mine = select(Livestream).join(User, User.id == Livestream.host_id)
    rows = db.session.scalars(mine.where(User.email == email_of("host"))).all()[:3]
    for livestream, (state, due) in zip(rows, days.items(), strict=True):
        livestream.state = "ended"
        reason = Reason.CONSENT_WITHDRAWN if state == "waiting" else Reason.NOT_RECORDED
        due_at = now + timedelta(days=due)
        removal = ask(db.session, livestream, reason=reason, asked_at=now, due_at=due_at)
        if state == "done":
            removal.done_at, removal.objects, removal.size = now, 240, 12_345_678
            removal.details = {"rows": {"media_segment": 200, "media_run": 1}}
        elif state == "failed":
            enqueue_step(db.session, removal, now=now)
            db.session.flush()
            work = db.session.scalars(
                select(Work).where(Work.subject == livestream.broadcast_id)
            ).all()[-1]
            work.state, work.reason = WorkState.FAILED, "The storage cannot be reached just now."
    pages = {state: f"/livestreams/{one.id}/removal" for one, state in zip(rows, days, strict=True)}
    return {**pages, "list": "/hosting/removals"}


def signed_in(
    browser: Browser,
    receipts: Receipts,
    faults: list[str],
    *,
    email: str = email_of("host"),
    theme: str = "light",
    width: int = 1280,
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{receipts.origin}/sign-in")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    return page


def found_by_axe(page: Page) -> list[tuple[str, list[str]]]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
    return [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_axe_finds_nothing(
    browser: Browser, receipts: Receipts, faults: list[str], language: str, theme: str
) -> None:
    page = signed_in(browser, receipts, faults, theme=theme)
    for name, path in receipts.paths.items():
        page.goto(receipts.origin + language + path)
        assert (name, found_by_axe(page)) == (name, [])
    empty = signed_in(browser, receipts, faults, email=NOBODY, theme=theme)
    empty.goto(receipts.origin + language + receipts.paths["list"])
    assert not empty.locator("main table").count()
    assert found_by_axe(empty) == []
    assert faults == []
    page.context.close()
    empty.context.close()


def test_each_state_says_so_and_nothing_scrolls_sideways(
    browser: Browser, receipts: Receipts, faults: list[str]
) -> None:
    page = signed_in(browser, receipts, faults, width=320)
    for name, path in receipts.paths.items():
        page.goto(receipts.origin + path)
        assert (name, STATES.get(name, "") in page.inner_text("main")) == (name, True)
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
    page.context.close()
