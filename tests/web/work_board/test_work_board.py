from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from core.work.enums import WorkState
from core.work.models import Work
from tests.fakes import uploads
from tests.fakes.hosting import Tags, browser_of, send
from tests.fakes.programme import World
from tests.fakes.storage import MemoryStorage
from web.site import Site
from web.work_board.queries import PER_PAGE, Filters, read_board

pytestmark = pytest.mark.integration

BOARD = "/administration/work"


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def add(world: World, subject: str, number: int = 1, **values: object) -> Work:
    work = Work(
        kind="sound",
        subject=subject,
        revision=number,
        due_at=world.now,
        created_at=world.now + timedelta(seconds=number),
    )
    for name, value in values.items():
        setattr(work, name, value)
    world.session.add(work)
    world.session.flush()
    return work


def queries_of_a_board(session: Session) -> int:
    asked: list[str] = []
    bind = session.get_bind()

    def note(_connection: object, _cursor: object, text: str, *_: object) -> None:
        asked.append(text)

    event.listen(bind, "before_cursor_execute", note)
    read_board(session, Filters())
    event.remove(bind, "before_cursor_execute", note)
    return len(asked)


@pytest.fixture
def admin(app: Site, world: World) -> FlaskClient:
    return browser_of(app, world, "administrator")


def test_board_without_work_says_where_it_would_come_from(admin: FlaskClient) -> None:
    page = admin.get(BOARD)
    assert (page.status_code, "Nothing here" in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "private, no-store"


def test_board_shows_what_runs_first_with_its_livestream(
    admin: FlaskClient, world: World, session: Session
) -> None:
    made = world.livestream(state="ended", broadcast="ended")
    add(world, made.broadcast_id, 1, state=WorkState.DONE, finished_at=world.now)
    add(world, made.broadcast_id, 2, state=WorkState.QUEUED)
    add(world, made.broadcast_id, 3, state=WorkState.FAILED, reason="This took longer than it may.")
    add(world, made.broadcast_id, 4, state=WorkState.RUNNING, progress=0.42)
    rows = read_board(session, Filters()).rows
    assert [row.work.state for row in rows] == ["running", "failed", "queued", "done"]
    assert {row.livestream_id for row in rows} == {made.id}
    page = admin.get(f"{BOARD}/list").text
    bars = [float(str(bar["value"])) for bar in Tags(page).all("progress")]
    assert (bars, "42 %" in page, "This took longer than it may." in page) == ([0.42], True, True)
    assert f"/livestreams/{made.id}" in page


def test_work_on_an_upload_names_its_livestream(
    world: World, session: Session, now: datetime
) -> None:
    made = world.livestream()
    upload = uploads.add_upload(
        session, MemoryStorage(), b"a", now=now, broadcast_id=made.broadcast_id
    )
    add(world, upload.id, kind="clear_upload")
    assert [row.livestream_id for row in read_board(session, Filters()).rows] == [made.id]


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        (Filters(), 5),
        (Filters(state="failed"), 2),
        (Filters(kind="poster"), 1),
        (Filters(state="failed", kind="poster"), 0),
        (Filters(page=2), 0),
    ],
)
def test_filters_and_counts(world: World, session: Session, filters: Filters, shown: int) -> None:
    for number in range(4):
        add(world, "a", number, state=WorkState.FAILED if number < 2 else WorkState.DONE)
    add(world, "a", kind="poster", state=WorkState.DONE)
    board = read_board(session, filters)
    assert len(board.rows) == shown
    failed = 0 if filters.kind else 2
    assert (board.counts["failed"], sum(board.counts.values())) == (
        failed,
        1 if filters.kind else 5,
    )
    assert list(board.kinds) == ["poster", "sound"]


def test_board_has_pages_of_a_constant_number_of_queries(world: World, session: Session) -> None:
    counts = []
    for number in (1, 3):
        for one in range(number):
            add(world, "subject", 100 * number + one)
        counts.append(queries_of_a_board(session))
    assert counts == [3, 3]
    for one in range(PER_PAGE):
        add(world, "more", one)
    first, second = (read_board(session, Filters(page=page)) for page in (1, 2))
    assert (len(first.rows), first.has_next, len(second.rows), second.has_next) == (
        50,
        True,
        4,
        False,
    )


def test_failed_work_shows_its_log_and_is_tried_again(
    admin: FlaskClient, world: World, session: Session
) -> None:
    log = "frame 12\n<b>Invalid data</b>"
    work = add(world, "a", state=WorkState.FAILED, reason="It broke.", log=log, attempts=3)
    place = f"{BOARD}/{work.id}"
    page = admin.get(place).text
    assert ("&lt;b&gt;Invalid data&lt;/b&gt;" in page, "3 / 3" in page) == (True, True)
    assert send(admin, f"{place}/retry", place).status_code == 303
    session.refresh(work)
    again = send(admin, f"{place}/retry", place)
    acts = session.execute(select(AuditEntry.act, AuditEntry.subject_id)).all()
    assert (work.state, again.status_code) == ("queued", 409)
    assert ("work.retry", work.id) in [tuple(act) for act in acts]


def test_running_work_is_cancelled(admin: FlaskClient, world: World, session: Session) -> None:
    work = add(world, "a", state=WorkState.RUNNING, leased_by="worker")
    place = f"{BOARD}/{work.id}"
    assert send(admin, f"{place}/cancel", place).status_code == 303
    session.refresh(work)
    assert (work.state, work.leased_by) == ("cancelled", "")


def test_editor_reads_and_sees_no_button(app: Site, world: World) -> None:
    work = add(world, "a", state=WorkState.FAILED)
    editor = browser_of(app, world, "editor")
    pages = [editor.get(place) for place in (BOARD, f"{BOARD}/{work.id}")]
    assert [page.status_code for page in pages] == [200, 200]
    assert [Tags(page.text).acts() for page in pages] == [set(), set()]
    assert send(editor, f"{BOARD}/{work.id}/retry", BOARD).status_code == 403


def test_api_of_the_board(client: FlaskClient, world: World) -> None:
    headers = {"Authorization": f"Bearer {world.tokens['administrator']}"}
    work = add(world, "a", state=WorkState.FAILED, log="last words")
    add(world, "b", state=WorkState.DONE)
    listed = client.get("/api/v1/work?state=failed", headers=headers).get_json()
    assert [(item["id"], item["log"]) for item in listed["items"]] == [(work.id, "last words")]
    assert listed["next_cursor"] is None
    answer = client.post(f"/api/v1/work/{work.id}/retry", headers=headers)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "queued")
    assert client.get("/api/v1/work/none", headers=headers).status_code == 404
