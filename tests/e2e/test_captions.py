"""Captions in a real browser: a line is corrected while it plays, and typed lines are read live."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from accounts.models import User
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.clock import utc_now
from media.enums import BroadcastState, RenditionKind, TrackKind, TrackSource
from media.models import InitSegment, Segment, TextTrack
from media.tracks import keep_track
from tests.fakes.recordings import record_run
from tests.fakes.served import served
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage
from web import assets
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.site import Site

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 60_000  # milliseconds; other tests run beside this one
CUES = [(1000, 3000, "Good evning."), (4000, 6000, "Sleep comes back."), (20_000, 22_000, "Bye")]
TIME = "document.querySelector('[data-part=video]').currentTime"
PAUSED = "document.querySelector('[data-part=video]').paused"


@dataclass
class House:
    """A served site with a replay of thirty seconds, and a livestream on air."""

    app: Site
    origin: str
    replay_id: str
    live_id: str

    def cues(self) -> tuple[str, list[list[object]]]:
        with self.app.app_context():
            query = select(TextTrack).where(TextTrack.kind == TrackKind.CAPTIONS)
            found = db.session.scalars(query).one()
            return found.source, found.cues


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("home")
    with served(home) as (app, origin):
        storage = MemoryStorage()
        vars(app.extensions["mindcast.storage"])["storage"] = storage
        replay_id, live_id = _load(app, storage, home / "made")
        yield House(app, origin, replay_id, live_id)


def _load(app: Site, storage: MemoryStorage, folder: Path) -> tuple[str, str]:
    now = utc_now()
    with app.app_context():
        load_demo(db.session, now=now)
        mine = select(Livestream).join(User, User.id == Livestream.host_id)
        query = mine.where(
            User.email == email_of("host"), Livestream.state == LivestreamState.SCHEDULED
        )
        replay, live = db.session.scalars(query).all()[-2:]
        first = _show(replay, now - timedelta(hours=1), storage, folder / "replay")
        second = _show(live, now - timedelta(seconds=32), storage, folder / "live")
        second.broadcast.state, live.state = BroadcastState.RECEIVING, LivestreamState.LIVE
        first.end()
        replay.state, replay.ended_at = LivestreamState.PUBLISHED, now
        for row in (*db.session.scalars(select(Segment)), *db.session.scalars(select(InitSegment))):
            if row.object_key in storage.objects:
                row.size = len(storage.objects[row.object_key][0])
                row.uploaded_at = now
        keep_track(
            db.session, storage, broadcast_id=replay.broadcast_id, kind=TrackKind.CAPTIONS,
            language=replay.language, source=TrackSource.AUTOMATIC, cues=CUES, now=now,
        )  # fmt: skip
        db.session.commit()
        return replay.id, live.id


def _show(one: Livestream, begins: datetime, storage: MemoryStorage, folder: Path) -> Show:
    show = Show(db.session, begins, "source", "sound")
    show.renditions["source"].kind = RenditionKind.VIDEO
    show.renditions["source"].codecs = "avc1.42c00d"
    record_run(show, storage, folder, 0, seconds=30)
    one.broadcast_id, one.started_at = show.id, begins
    return show


def opened(
    browser: Browser, house: House, path: str, *, width: int = 1280, dark: bool = False
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of("captioner"))
    page.fill("[name=password]", PASSWORD)
    page.click("form.stack button[type=submit]")
    page.wait_for_load_state()
    page.goto(f"{house.origin}{path}")
    return page


def correcting(browser: Browser, house: House) -> Page:
    page = opened(browser, house, f"/livestreams/{house.replay_id}/captions")
    page.locator("a[href*='/captions/']", has_text="Correct them").click()
    return page


def test_line_that_is_edited_plays_alone_and_is_saved_with_enter(
    browser: Browser, house: House
) -> None:
    page = correcting(browser, house)
    first = page.get_by_label("Words, line 1")
    first.fill("Good evening.")
    first.press("F2")
    page.wait_for_function(
        f"() => {TIME} >= 2.9 && document.querySelector('[data-part=video]').paused"
    )
    assert page.evaluate(TIME) < 6  # it ended here, long before the last line
    expect(first).to_be_focused()
    first.press("Enter")
    expect(page.get_by_label("Words, line 2")).to_be_focused()
    expect(page.get_by_text("1 of 3 lines looked at")).to_be_visible()
    second = page.get_by_label("Words, line 2")
    second.press("Alt+2")
    second.press("Enter")
    expect(page.get_by_text("2 of 3 lines looked at")).to_be_visible()
    assert house.cues() == (
        "corrected",
        [[1000, 3000, "Good evening."], [4100, 6000, "Sleep comes back."], [20_000, 22_000, "Bye"]],
    )
    second.focus()
    second.evaluate("field => field.setSelectionRange(11, 11)")
    second.press("Alt+Enter")
    expect(page.locator("[data-line]")).to_have_count(5)
    texts = [cue[2] for cue in house.cues()[1]]
    assert texts == ["Good evening.", "Sleep comes", "back.", "Bye"]
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator("[data-line]")).to_have_count(4)
    page.get_by_label("Words, line 3").focus()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("[data-line]")).to_have_count(3)
    page.keyboard.press("Alt+z")
    expect(page.locator("[data-line]")).to_have_count(4)
    assert [cue[2] for cue in house.cues()[1]] == ["Good evening.", "Sleep comes back.", "Bye"]
    page.context.close()


def test_two_captioners_at_one_line_lose_nothing(browser: Browser, house: House) -> None:
    mine, theirs = correcting(browser, house), correcting(browser, house)
    last = mine.locator("[name=text]").nth(2)
    last.fill("Goodbye")
    other = theirs.locator("[name=text]").nth(2)
    other.fill("Farewell")
    other.press("Enter")
    expect(theirs.locator("[data-said]").nth(2)).to_have_text("Saved")
    last.press("Enter")
    said = mine.locator("[data-said]").nth(2)
    expect(said).to_contain_text("Farewell")
    expect(last).to_have_value("Goodbye")
    said.get_by_role("button", name="Put mine in its place").click()
    expect(said).to_have_text("Saved")
    assert [cue[2] for cue in house.cues()[1]][-1] == "Goodbye"
    for page in (mine, theirs):
        page.context.close()


def test_line_that_is_typed_live_is_shown_in_the_player(browser: Browser, house: House) -> None:
    typist = opened(browser, house, f"/livestreams/{house.live_id}/captions/live")
    viewer = browser.new_context().new_page()
    viewer.set_default_timeout(PATIENCE)
    viewer.goto(f"{house.origin}/livestreams/{house.live_id}")
    viewer.locator("[data-part=join]").click()
    viewer.wait_for_function(f"() => {TIME} > 1")
    typist.get_by_label("Delay, in seconds").fill("0")
    typist.get_by_label("Language of the words").select_option("en")
    field = typist.get_by_label("Next line")
    field.fill("Breathe out & slowly.")
    field.press("Enter")
    expect(typist.locator("[data-typed] li")).to_have_text(["Breathe out & slowly."])
    viewer.wait_for_function(
        "() => [...document.querySelector('[data-part=video]').textTracks].some("
        "track => track.mode === 'showing' && [...track.cues].some("
        "cue => cue.text === 'Breathe out &amp; slowly.'))",
    )
    expect(viewer.locator("[data-part=cc]")).to_be_visible()
    expect(viewer.locator("select[data-part=captions] option").first).to_have_text(
        "English (typed live)"
    )
    typist.get_by_role("button", name="Take the last line back").click()
    expect(typist.locator("[data-typed] s")).to_have_text("taken back")
    for page in (typist, viewer):
        page.context.close()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("root", ["", "/zh"])
def test_pages_have_no_fault_that_axe_finds(
    browser: Browser, house: House, root: str, *, dark: bool
) -> None:
    width = 320 if dark else 1280
    page = opened(browser, house, f"{root}/captioning", width=width, dark=dark)
    replay = f"{root}/livestreams/{house.replay_id}/captions"
    language = page.request.get(f"{house.origin}/api/v1/livestreams/{house.replay_id}").json()[
        "language"
    ]
    for path in (
        f"{root}/captioning",
        replay,
        f"{replay}/{language}?q=e",
        f"{root}/livestreams/{house.live_id}/captions/live",
    ):
        page.goto(f"{house.origin}{path}")
        if "?q" in path:
            page.locator("[name=text]").first.focus()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
        )
        faults = [f"{one['id']}: {one['nodes'][0]['target']}" for one in found["violations"]]
        assert (path, faults) == (path, [])
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
    page.context.close()
