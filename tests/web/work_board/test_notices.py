"""The board of notices: what failed stands out, no address is on it, acts are written down."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from accounts.notices.enums import DropReason, NoticeState
from accounts.notices.models import Notice, Recipient
from core.clock import utc_now
from tests.fakes.hosting import Tags, browser_of, send
from tests.fakes.programme import World
from web.site import Site
from web.work_board.notices import metrics
from web.work_board.notices.access import Filters, board_for
from web.work_board.notices.queries import Trouble, counts, midnight, trouble
from web.work_board.notices.words import REASONS, STATES, reason_of

BOARD = "/administration/work/notices"

numbers = count()


@pytest.fixture
def world(session: Session) -> World:
    return World(session, utc_now()).build()


@pytest.fixture
def admin(app: Site, world: World) -> FlaskClient:
    return browser_of(app, world, "administrator")


def add(world: World, state: NoticeState, **values: object) -> Notice:
    recipient = world.session.scalar(select(Recipient))
    if recipient is None:
        recipient = Recipient(user_id="viewer", created_at=world.now, choices={})
        world.session.add(recipient)
        world.session.flush()
    made = Notice(
        recipient_id=recipient.id,
        occurrence=f"occurrence{next(numbers)}",
        kind="day_before",
        channel="mail",
        state=state,
        due_at=world.now,
        created_at=world.now,
    )
    for name, value in values.items():
        setattr(made, name, value)
    world.session.add(made)
    world.session.flush()
    return made


def acts_of(session: Session, notice: Notice) -> list[tuple[str, str | None]]:
    lines = select(AuditEntry.act, AuditEntry.actor_id).where(AuditEntry.subject_id == notice.id)
    return [(act, actor) for act, actor in session.execute(lines)]


@pytest.mark.unit
def test_every_state_and_reason_has_words() -> None:
    assert set(STATES) == set(NoticeState)
    assert set(REASONS) == set(DropReason)


@pytest.mark.unit
def test_a_reason_is_put_into_words() -> None:
    assert reason_of("failed", "KeyError: 'title'") == "KeyError: 'title'"
    assert reason_of("dropped", DropReason.TOO_LATE) == "It would have come too late."


@pytest.mark.integration
def test_board_without_trouble_says_so(admin: FlaskClient) -> None:
    page = admin.get(BOARD)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    assert "Every notice went out, or waits for its time." in page.text


@pytest.mark.integration
def test_what_failed_is_shown_first_with_its_reason_and_no_address(
    admin: FlaskClient, world: World
) -> None:
    reason = "Refused for …: <b>busy</b>"
    failed = add(world, NoticeState.FAILED, reason=reason, attempts=8)
    add(world, NoticeState.SENT, sent_at=world.now)
    page = admin.get(BOARD).text
    assert page.count("<tr class=") == 1
    assert ("work__row--trouble" in page, f"{BOARD}/{failed.id}" in page) == (True, True)
    assert "Refused for …: &lt;b&gt;busy&lt;/b&gt;" in page
    for shown in (page, admin.get(f"{BOARD}/{failed.id}").text):
        assert "@example.org" not in shown


@pytest.mark.integration
def test_what_was_dropped_says_why_and_what_is_overdue_stands_out(
    admin: FlaskClient, world: World
) -> None:
    add(world, NoticeState.DROPPED, reason=DropReason.NOT_TRUE)
    late = world.now - timedelta(minutes=6)
    add(world, NoticeState.WAITING, due_at=late)
    add(world, NoticeState.WAITING)
    assert "What it would have said is no longer so." in admin.get(f"{BOARD}?state=dropped").text
    waiting = admin.get(f"{BOARD}?state=waiting").text
    assert (waiting.count("Overdue"), waiting.count("work__row--trouble")) == (1, 1)
    chinese = admin.get(f"/zh{BOARD}?state=dropped").text
    assert "通知所说的情况已不成立。" in chinese


@pytest.mark.unit
def test_the_day_begins_where_the_reader_is() -> None:
    now = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
    began = [midnight(now, ZoneInfo(zone)) for zone in ("UTC", "Asia/Shanghai", "America/New_York")]
    assert began == [
        datetime(2026, 3, 10, tzinfo=UTC),
        datetime(2026, 3, 10, 16, tzinfo=UTC),
        datetime(2026, 3, 10, 4, tzinfo=UTC),
    ]


@pytest.mark.integration
def test_counts_are_of_what_is_open_and_of_today(session: Session, world: World) -> None:
    today = world.now
    for state in NoticeState:
        add(world, state, sent_at=world.now if state is NoticeState.SENT else None)
    yesterday = today - timedelta(days=1)
    add(world, NoticeState.SENT, due_at=yesterday, sent_at=yesterday)
    add(world, NoticeState.SENT, due_at=yesterday, sent_at=today)
    add(world, NoticeState.DROPPED, due_at=yesterday)
    add(world, NoticeState.FAILED, due_at=yesterday - timedelta(days=30))
    expected = dict.fromkeys((state.value for state in NoticeState), 1) | {"sent": 2, "failed": 2}
    assert counts(session, today=today) == expected


@pytest.mark.integration
def test_trouble_is_what_failed_and_what_should_have_left(session: Session, world: World) -> None:
    add(world, NoticeState.FAILED)
    add(world, NoticeState.WAITING, due_at=world.now - timedelta(minutes=6))
    add(world, NoticeState.WAITING, due_at=world.now - timedelta(minutes=4))
    add(world, NoticeState.HELD, due_at=world.now - timedelta(days=1))
    assert trouble(session, now=world.now) == Trouble(failed=1, overdue=1)


@pytest.mark.integration
def test_board_takes_a_constant_number_of_queries(session: Session, world: World) -> None:
    asked: list[str] = []
    bind = session.get_bind()

    def note(_connection: object, _cursor: object, text: str, *_: object) -> None:
        asked.append(text)

    taken = []
    for number in (1, 3):
        for _one in range(number):
            add(world, NoticeState.FAILED)
        asked.clear()
        event.listen(bind, "before_cursor_execute", note)
        actor = world.actors["editor"]
        board_for(session, actor=actor, filters=Filters("failed"), today=world.now)
        event.remove(bind, "before_cursor_execute", note)
        taken.append(len(asked))
    assert taken == [3, 3]


@pytest.mark.integration
def test_a_failed_notice_is_tried_again_once(
    admin: FlaskClient, world: World, session: Session
) -> None:
    failed = add(world, NoticeState.FAILED, reason="Refused.", attempts=8)
    place = f"{BOARD}/{failed.id}"
    answer = send(admin, f"{place}/retry", place)
    assert (answer.status_code, answer.location) == (303, f"{place}?done=retried")
    session.refresh(failed)
    assert (failed.state, failed.attempts, failed.reason) == ("waiting", 0, "")
    again = send(admin, f"{place}/retry", place)
    assert (again.status_code, "has changed in the meantime" in again.text) == (409, True)
    assert acts_of(session, failed) == [("notice.retry", "administrator")]


@pytest.mark.integration
@pytest.mark.parametrize("state", [NoticeState.FAILED, NoticeState.WAITING, NoticeState.HELD])
def test_a_notice_is_dropped(
    admin: FlaskClient, world: World, session: Session, state: NoticeState
) -> None:
    notice = add(world, state)
    place = f"{BOARD}/{notice.id}"
    assert "That cannot be undone." in admin.get(place).text
    assert send(admin, f"{place}/drop", place).status_code == 303
    session.refresh(notice)
    assert (notice.state, notice.reason) == ("dropped", DropReason.BY_HAND)
    assert acts_of(session, notice) == [("notice.drop", "administrator")]
    assert Tags(admin.get(place).text).acts() == set()


@pytest.mark.integration
def test_an_editor_reads_and_may_do_nothing(app: Site, world: World, session: Session) -> None:
    failed = add(world, NoticeState.FAILED)
    place = f"{BOARD}/{failed.id}"
    editor = browser_of(app, world, "editor")
    page = editor.get(place)
    assert (page.status_code, f"{place}/retry" in page.text) == (200, False)
    for act in ("retry", "drop"):
        assert send(editor, f"{place}/{act}", place).status_code == 403
    session.refresh(failed)
    assert (failed.state, acts_of(session, failed)) == ("failed", [])


@pytest.mark.integration
def test_what_failed_is_counted_on_the_tab(app: Site, world: World) -> None:
    add(world, NoticeState.FAILED)
    page = browser_of(app, world, "editor").get("/administration/work").text
    assert '<span class="vh">, waiting: </span>1</span>' in page


@pytest.mark.integration
def test_strange_filters_show_what_failed(admin: FlaskClient, world: World) -> None:
    add(world, NoticeState.FAILED)
    page = admin.get(f"{BOARD}?state=none&kind=none&page=99999999")
    assert (page.status_code, "work__row--trouble" in page.text) == (200, True)


@pytest.mark.integration
def test_metrics_name_what_failed_and_what_is_overdue(client: FlaskClient, world: World) -> None:
    add(world, NoticeState.FAILED)
    add(world, NoticeState.FAILED)
    add(world, NoticeState.WAITING, due_at=world.now - timedelta(minutes=6))
    told = client.get("/metrics").text
    assert "mindcast_notices_failed 2.0" in told
    assert "mindcast_notices_overdue 1.0" in told


@pytest.mark.integration
def test_metrics_answer_while_the_database_is_away(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_named: object) -> Trouble:
        raise SQLAlchemyError

    monkeypatch.setattr(metrics, "trouble", refuse)
    told = client.get("/metrics")
    assert (told.status_code, "mindcast_notices_failed NaN" in told.text) == (200, True)
