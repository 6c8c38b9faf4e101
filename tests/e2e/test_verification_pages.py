"""Verification in a real browser: axe finds nothing, nothing scrolls, two people grant."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from accounts.access import actor_for
from accounts.enums import Role
from accounts.queries import user_by_email
from accounts.rules import Actor
from catalog.credentials.queries.verification_rosters import sample_of
from catalog.credentials.services import checks, issuers, joining, rosters, withdrawal
from catalog.models import Host
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from tests.fakes.licences import (
    LOOK,
    PUBLIC_KEY,
    applied,
    licence,
    person,
    roster_file,
    signature_of,
)
from tests.fakes.programme import DATA_KEY
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PLACE = "/administration/verification"


@dataclass(frozen=True)
class House:
    """A served site with something in every list, and the addresses of its pages."""

    origin: str
    pages: tuple[str, ...]
    public: tuple[str, ...]


def fill(session: Session) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Put somebody into every list; return the addresses for editors and for everybody."""
    now = utc_now()
    editor, administrator = (known(session, name) for name in ("editor", "administrator"))
    for name in ("first", "twin", "second", "journey"):
        applied(session, name, now - timedelta(days=2), number=f"number {name[0]}")
    applied(session, "claimed", now, number="number f")
    other = person(session, "other", now, Role.EDITOR)
    checks.confirm(session, actor=other, person_id="second", now=now, **LOOK)
    for name, days in (("due", 5), ("lapsed", -1), ("gone", 60)):
        person(session, name, now, Role.HOST)
        until = now + timedelta(days=days)
        session.add(Host(id=name, names={"en": f"Dr. {name}"}, verified_until=until))
        licence(session, name, now, number=name, state="granted", due_in=timedelta(days=days))
    withdrawal.withdraw(
        session, actor=editor, person_id="gone", reason="Struck off the register.", now=now
    )
    sampling, approved, link = roster_pages(session, editor, administrator)
    demo_host = session.scalars(select(Host.id).where(Host.is_example)).first()
    people = tuple(f"{PLACE}/people/{name}" for name in ("first", "second", "due", "gone"))
    lists = ("", "/rosters", "/issuers", f"/rosters/{sampling}", f"/rosters/{approved}")
    public = (f"/hosts/{demo_host}", "/hosts/due", "/hosts/lapsed", "/how-we-check", link)
    return (*people, *(f"{PLACE}{one}" for one in lists)), public


def known(session: Session, name: str) -> Actor:
    user = user_by_email(session, email_of(name))
    return actor_for(session, user.id if user else None)


def roster_pages(session: Session, editor: Actor, administrator: Actor) -> tuple[str, str, str]:
    """Make a roster that is sampled and one that is approved; return them and a link."""
    now = utc_now()
    issuer = issuers.add_issuer(
        session, actor=administrator, name="Example Society", public_key=PUBLIC_KEY, now=now
    )
    made = [
        rosters.take_roster(
            session,
            actor=editor,
            issuer_id=issuer.id,
            name="",
            data=data,
            signature=signature_of(data),
            data_key=DATA_KEY,
            now=now,
        ).id
        for data in (roster_file({"email": "a@roster.example"}), roster_file({}))
    ]
    sampling, approved = made
    entry = sample_of(session, roster_id=approved)[0].id
    rosters.look_up(
        session,
        actor=editor,
        roster_id=approved,
        entry_id=entry,
        is_confirmed=True,
        now=now,
        **LOOK,
    )
    for actor in (editor, administrator):
        rosters.approve(session, actor=actor, roster_id=approved, data_key=DATA_KEY, now=now)
    ((_entry, secret),) = joining.make_links(session, actor=editor, roster_id=approved, now=now)
    return sampling, approved, f"/join/{secret}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    assets.build()
    home = tmp_path_factory.mktemp("home")
    settings = read_settings(
        {
            "MINDCAST_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home / 'verification.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": DATA_KEY,
        }
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        pages, public = fill(db.session)
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(f"http://127.0.0.1:{server.port}", pages, public)
    server.shutdown()
    thread.join()
    server.server_close()


def opened(
    browser: Browser,
    house: House,
    *,
    who: str = "",
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
    if who:
        page.goto(f"{house.origin}/sign-in")
        page.fill("[name=email]", email_of(who))
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
    return page


def visit(page: Page, house: House, language: str, addresses: tuple[str, ...]) -> Iterator[str]:
    """Open one page after the other, then forms with faults; yield its name."""
    for address in addresses:
        page.goto(house.origin + language + address)
        yield address
    if addresses == house.public:
        page.goto(f"{house.origin}{language}{addresses[-1]}")
        page.click("main form button[type=submit]")
        yield "join with faults"
        return
    page.goto(f"{house.origin}{language}{PLACE}/people/first")
    page.click("#confirm button[type=submit]")
    yield "case with faults"
    page.goto(f"{house.origin}{language}{PLACE}/rosters")
    page.click("main form button[type=submit]")
    yield "roster with faults"


@pytest.mark.parametrize(("language", "theme"), [("", "light"), ("/zh", "dark")])
@pytest.mark.parametrize("who", ["administrator", ""], ids=["staff", "stranger"])
def test_axe_finds_nothing(
    browser: Browser, house: House, who: str, language: str, theme: str
) -> None:
    page = opened(browser, house, who=who, theme=theme)
    for name in visit(page, house, language, house.pages if who else house.public):
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
        told = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        assert (name, told) == (name, [])
    page.context.close()


@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
@pytest.mark.parametrize("who", ["editor", ""], ids=["staff", "stranger"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, house: House, who: str, language: str
) -> None:
    page = opened(browser, house, who=who, width=320)
    for name in visit(page, house, language, house.pages if who else house.public):
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
    page.context.close()


def test_two_people_grant_a_licence_by_keyboard_without_scripts(
    browser: Browser, house: House
) -> None:
    case = f"{house.origin}{PLACE}/people/journey"
    for who, button in (("editor", "Confirm"), ("administrator", "Confirm and grant")):
        page = opened(browser, house, who=who, scripts=False)
        page.goto(case)
        page.focus("#confirm-source")
        page.keyboard.type("https://register.example/journey")
        page.keyboard.press("Tab")
        page.keyboard.type("Registered, in good standing.")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == button
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=status]")
        page.goto(case)
        assert page.locator("#confirm").count() == 0  # nobody is offered the second look as well
        page.context.close()
    stranger = opened(browser, house, scripts=False)
    stranger.goto(f"{house.origin}/hosts/journey")
    facts = stranger.inner_text("#facts-h + dl")
    assert "with National Health Commission, China" in facts
    assert "number j" not in stranger.content()
    stranger.context.close()


def test_join_link_signs_in_once(browser: Browser, house: House) -> None:
    page = opened(browser, house)
    address = house.origin + house.public[-1]
    page.goto(address)
    page.fill("#password", "a long enough sentence")
    page.check("#recording")
    page.click("main form button[type=submit]")
    assert page.url == f"{house.origin}/hosting/licence"
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404
    page.context.close()
