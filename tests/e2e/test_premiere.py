"""A premiere in a real browser: uploaded, held, looked at, begun, watched, over, a replay.

Pages, API and media are those of a real application; worker and clock are its own functions, run by
a thread beside it.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from accounts.models import User
from catalog.enums import LivestreamState, ReplayPolicy, Visibility
from catalog.models import Host, Livestream
from core.clock import utc_now
from core.database import Sessions, make_sessions
from core.orm import Base
from core.settings import read_settings
from core.work.enums import WorkState
from core.work.models import Work
from media.models import Segment
from media.paths import url_of_key
from scheduler.models import Duty
from streams.premieres.services import keep_time
from streams.readiness.models import ScriptReading
from streams.readiness.rules import script
from streams.uploads.jobs import import_talk
from streams.uploads.queries import IMPORT
from tests.fakes import uploads
from tests.fakes.storage import MemoryStorage
from web import assets
from web.app import create_app
from web.database import db
from web.demo import PASSWORD, email_of, load_demo
from web.site import Site

pytestmark = pytest.mark.e2e

SECONDS = 16
AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
LABEL = {"": "Recorded earlier, questions live", "/zh": "已提前录制，提问为实时"}  # noqa: RUF001


@dataclass
class House:
    """A served site with one livestream that is ready to become a premiere."""

    app: Site
    origin: str
    livestream_id: str
    sessions: Sessions
    storage: MemoryStorage
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def path(self) -> str:
        return f"/livestreams/{self.livestream_id}"

    def work(self) -> None:
        """Import what has arrived and keep the time, until told to stop."""
        settings = self.app.extensions["mindcast.settings"]
        while not self.stopping.wait(0.2):
            with self.sessions() as session:
                due = select(Work).where(Work.kind == IMPORT, Work.state == WorkState.QUEUED)
                waiting = session.scalars(due).first()
            if waiting is not None:
                step = uploads.step_context(
                    self.sessions, self.storage, settings, waiting.subject, work_id=waiting.id
                )
                import_talk(uploads.with_payload(step, waiting.payload))
                with self.sessions.begin() as session:
                    session.get_one(Work, waiting.id).state = WorkState.DONE
            with self.sessions.begin() as session:
                keep_time(session, utc_now())

    def segments(self) -> list[str]:
        """Return the addresses of all segments of the talk, in the order of time."""
        with self.sessions() as session:
            keys = session.scalars(select(Segment.object_key).order_by(Segment.program_at))
            return [self.origin + url_of_key(key) for key in keys]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    assets.build()
    settings = read_settings(
        {
            "MINDCAST_HOME": str(tmp_path / "home"),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'premiere.sqlite3'}",
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
        }
    )
    app = create_app(settings)
    storage = MemoryStorage()
    app.extensions["mindcast.storage"].storage = storage
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        livestream_id = _make_ready()
        db.session.commit()
        sessions = make_sessions(db.engine)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    made = House(app, f"http://127.0.0.1:{server.port}", livestream_id, sessions, storage)
    threads = [
        threading.Thread(target=server.serve_forever),
        threading.Thread(target=made.work),
    ]
    for thread in threads:
        thread.start()
    yield made
    made.stopping.set()
    server.shutdown()
    for thread in threads:
        thread.join()
    server.server_close()


def _make_ready() -> str:
    """Open the gate of the last livestream of the demo's host but for its talk; return its id."""
    now, session = utc_now(), db.session
    host = session.scalars(select(User).where(User.email == email_of("host"))).one()
    mine = select(Livestream).where(
        Livestream.host_id == host.id,
        Livestream.state == LivestreamState.SCHEDULED,
        Livestream.visibility == Visibility.PUBLIC,
    )
    livestream = session.scalars(mine.order_by(Livestream.starts_at)).all()[-1]
    livestream.replay_policy = ReplayPolicy.AT_END
    session.get_one(Host, host.id).verified_until = now + timedelta(days=30)
    session.merge(ScriptReading(user_id=host.id, version=script().version, read_at=now))
    for number in range(2):
        person = User(email=f"stand-in-{number}@example.org", created_at=now)
        session.add(person)
        session.flush()
        duty = Duty(livestream_id=livestream.id, moderator_id=person.id)
        duty.created_at = duty.updated_at = now
        session.add(duty)
    return livestream.id


@pytest.fixture
def host(browser: Browser, house: House, faults: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="UTC")
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{house.origin}/sign-in")
    page.fill("[name=email]", email_of("host"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    yield page
    context.close()


@pytest.fixture
def viewer(browser: Browser, faults: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, timezone_id="UTC")
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()


def plays_past(page: Page, second: float) -> None:
    page.wait_for_function(
        "second => document.querySelector('video').currentTime > second", arg=second
    )


def hold_a_talk(page: Page, house: House, tmp_path: Path) -> None:
    """Choose a premiere, send the file, and wait until it is held."""
    talk = uploads.write_talk(tmp_path / "talk.mp4", seconds=SECONDS)
    page.goto(f"{house.origin}{house.path}/desk")
    page.click("#premiere-choose")
    expect(page.locator("#state-h + p")).to_contain_text("has still to be uploaded")
    page.set_input_files("#upload-file", talk)
    page.click("[data-send]")
    expect(page.locator("[data-said]")).to_contain_text("held until its start", timeout=60_000)
    page.reload()


def found_by_axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in page.evaluate("async () => (await axe.run()).violations")
    ]


def test_premiere_from_the_upload_to_the_replay(
    host: Page, viewer: Page, house: House, tmp_path: Path, faults: list[str]
) -> None:
    hold_a_talk(host, house, tmp_path)
    host.click("#premiere a:has-text('Look at it')")
    host.click("[data-part=join]")
    plays_past(host, 1)
    for language, label in LABEL.items():
        viewer.goto(house.origin + language + house.path)
        expect(viewer.get_by_text(label, exact=True)).to_be_visible()
        assert found_by_axe(viewer) == []
    viewer.goto(house.origin + house.path)
    segments = house.segments()
    ask = viewer.request.get
    assert {ask(one).status for one in segments} == {404}
    assert ask(f"{house.origin}/livestreams/{house.livestream_id}/premiere").status in {401, 403}

    host.goto(f"{house.origin}{house.path}/desk")
    assert found_by_axe(host) == []
    host.click("#act-start")
    expect(host.locator("#state-h")).to_contain_text("On air: the premiere")
    expect(viewer.locator("[data-room][data-phase=live]")).to_be_visible(timeout=20_000)
    viewer.click("[data-part=join]")
    plays_past(viewer, 1)
    assert ask(segments[0]).status == 200
    assert ask(segments[-1]).status == 404
    expect(viewer.get_by_text(LABEL[""], exact=True)).to_be_visible()

    expect(viewer.locator("[data-room][data-phase=replay]")).to_be_visible(timeout=40_000)
    viewer.reload()
    viewer.click("[data-part=join]")
    plays_past(viewer, 1)
    assert viewer.evaluate("document.querySelector('video').duration") > SECONDS - 1
    assert faults == []


def test_talk_that_is_taken_back_leaves_no_premiere(
    host: Page, house: House, tmp_path: Path
) -> None:
    hold_a_talk(host, house, tmp_path)
    host.click("#ask-take-back")
    host.click("#premiere-take-back")
    expect(host.locator("#premiere")).to_have_count(0)
    expect(host.locator("#encoder")).to_be_visible()
    assert house.segments() == []
