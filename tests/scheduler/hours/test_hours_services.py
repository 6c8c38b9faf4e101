from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry, User
from accounts.rules import STRANGER
from core.database import Sessions
from core.errors import InvalidInput, NotAllowed, SignInNeeded
from scheduler.enums import Part, ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.grid.rules import Need, Wanted
from scheduler.grid.services import reserve
from scheduler.hours.access import desk_for, record_change, shown, with_notes
from scheduler.hours.errors import HoursChanged, NoSuchPerson, NothingToUndo
from scheduler.hours.queries import bookings_of, free_spans, hours_of, open_spans
from scheduler.hours.rules.hours import Day, Hours
from scheduler.hours.rules.intervals import Interval
from scheduler.hours.services import remove_days, save, save_days, save_week, undo
from scheduler.models import PersonTime
from scheduler.spans import Span
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

EVENING = (Interval(1080, 1200),)
WEEK = (EVENING, *((),) * 6)
DAY = date(2026, 3, 16)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def test_save_keeps_every_part_and_undo_brings_the_last_state_back(
    session: Session, world: World, now: datetime
) -> None:
    base = hours_of(session, person_id="host", timezone="Asia/Shanghai")
    assert base == Hours("Asia/Shanghai")
    week = save_week(session, person_id="host", base=base, weekly=WEEK, now=now)
    away = Day((), "Family")
    days = save_days(session, person_id="host", base=week, days=[DAY], differs=away, now=now)
    moved = save_week(
        session,
        person_id="host",
        base=replace(days, timezone="UTC", buffers=(0, 45)),
        weekly=WEEK,
        now=now,
    )
    assert hours_of(session, person_id="host") == Hours(
        "UTC", buffers=(0, 45), weekly=WEEK, dated={DAY: away}, version=3
    )
    undone = undo(session, person_id="host", version=moved.version, now=now)
    assert hours_of(session, person_id="host") == replace(days, version=4) == undone
    again = undo(session, person_id="host", version=4, now=now)
    assert hours_of(session, person_id="host") == replace(moved, version=5) == again
    gone = remove_days(session, person_id="host", base=again, days=[DAY], now=now)
    assert hours_of(session, person_id="host").dated == {} == gone.dated
    del world


def test_an_older_form_changes_nothing_and_is_told(
    session: Session, world: World, now: datetime
) -> None:
    old = save(session, person_id="host", hours=Hours("UTC", weekly=WEEK), now=now)
    new = save(session, person_id="host", hours=replace(old, buffers=(5, 5)), now=now)
    for stale in (old, replace(old, version=0), replace(old, version=9)):
        with pytest.raises(HoursChanged):
            save_week(session, person_id="host", base=stale, weekly=((),) * 7, now=now)
    with pytest.raises(HoursChanged):
        undo(session, person_id="host", version=old.version, now=now)
    with pytest.raises(NothingToUndo):
        undo(session, person_id="otherhost", version=0, now=now)
    with pytest.raises(InvalidInput):
        save(session, person_id="host", hours=replace(new, timezone="x"), now=now)
    assert hours_of(session, person_id="host") == new
    del world


def test_of_two_who_save_at_once_one_is_told(sessions: Sessions, now: datetime) -> None:
    with sessions() as session:
        session.add(User(id="host", email="host@example.org", created_at=now))
        session.commit()
    told: list[str] = []

    def write(buffer: int) -> None:
        with sessions() as session:
            try:
                hours = Hours("UTC", buffers=(buffer, buffer), weekly=WEEK)
                save(session, person_id="host", hours=hours, now=now)
                session.commit()
                told.append("saved")
            except HoursChanged:
                session.rollback()
                told.append("changed")

    threads = [Thread(target=write, args=(buffer,)) for buffer in (5, 10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["changed", "changed", "saved"]
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(PersonTime)) == 1


def _reserve(
    session: Session, start: datetime, now: datetime, state: R = R.CONFIRMED, holder: str = "host"
) -> None:
    wanted = Wanted(
        kind=ReservationKind.LIVESTREAM,
        subject_id=f"s{start:%d%H%M}",
        needs=(Need("host", Part.HOST),),
        span=Span(start, start + timedelta(hours=1)),
        holder_id=holder,
    )
    reserve(session, wanted=wanted, now=now, state=state)


def test_free_spans_leave_out_what_is_taken_in_a_constant_number_of_statements(
    session: Session, world: World, now: datetime
) -> None:
    evenings = Hours("UTC", weekly=((Interval(1080, 1320),),) * 7)
    save(session, person_id="host", hours=evenings, now=now)
    span = Span(now, now + timedelta(days=84))
    counts: list[int] = []
    statements: list[object] = []

    def free() -> tuple[Span, ...]:
        statements.clear()
        found = free_spans(session, person_id="host", span=span, minutes=45, now=now)
        counts.append(len(statements))
        return found

    event.listen(session.connection(), "before_cursor_execute", lambda *_: statements.append(_))
    _reserve(session, datetime(2026, 3, 11, 19, tzinfo=UTC), now)
    free()
    for day in (12, 13):
        _reserve(session, datetime(2026, 3, day, 19, tzinfo=UTC), now)
    found = free()
    assert counts == [4, 4]
    assert found[:4] == (
        Span(now + timedelta(minutes=5), now + timedelta(hours=4)),
        Span(datetime(2026, 3, 11, 20, 30, tzinfo=UTC), datetime(2026, 3, 11, 22, tzinfo=UTC)),
        Span(datetime(2026, 3, 12, 20, 30, tzinfo=UTC), datetime(2026, 3, 12, 22, tzinfo=UTC)),
        Span(datetime(2026, 3, 13, 20, 30, tzinfo=UTC), datetime(2026, 3, 13, 22, tzinfo=UTC)),
    )
    assert len(open_spans(session, person_id="host", span=span)) == 84
    del world


def test_bookings_show_titles_and_a_hold_only_to_its_holder(
    session: Session, world: World, now: datetime
) -> None:
    made = world.livestream()
    wanted = Wanted(
        kind=ReservationKind.LIVESTREAM,
        subject_id=made.id,
        needs=(Need("host", Part.HOST),),
        span=Span(made.starts_at, made.ends_at),
    )
    reserve(session, wanted=wanted, now=now)
    _reserve(session, now + timedelta(hours=5), now, R.HELD, holder="host")

    def seen(viewer: str, at: datetime) -> list[tuple[str, str | None, str | None]]:
        span = Span(now, now + timedelta(days=1))
        found = bookings_of(session, person_id="host", span=span, viewer_id=viewer, now=at)
        return [(one.state, one.livestream_id, one.topic) for one in found]

    booked, held = ("confirmed", made.id, "sleep"), ("held", None, None)
    assert seen("host", now) == [booked, held]
    assert seen("editor", now) == [booked]
    assert seen("host", now + timedelta(hours=1)) == [booked]


def test_hours_are_for_the_person_and_the_staff_who_leave_a_trace(
    session: Session, world: World, now: datetime
) -> None:
    actors = world.actors
    hours = Hours("UTC", dated={DAY: Day((), "Doctor")})
    save(session, person_id="host", hours=hours, now=now)
    own = desk_for(session, actor=actors["host"])
    assert (own.person_id, own.is_own, shown(own).dated[DAY].note) == ("host", True, "Doctor")
    other = desk_for(session, actor=actors["editor"], person_id="host")
    assert (other.is_own, shown(other).dated[DAY].note) == (False, "")
    assert with_notes(other, {DAY: Day(EVENING)}) == {DAY: Day(EVENING, "Doctor")}
    for actor, refusal in (
        (STRANGER, SignInNeeded),
        (actors["viewer"], NotAllowed),
        (actors["hr_b"], NotAllowed),
        (actors["other_host"], NotAllowed),
    ):
        with pytest.raises(refusal):
            desk_for(session, actor=actor, person_id="host")
    with pytest.raises(NoSuchPerson):
        desk_for(session, actor=actors["editor"], person_id="nobody")
    for desk in (own, other):
        actor = actors["host" if desk.is_own else "editor"]
        record_change(session, actor=actor, desk=desk, act="save_week", version=2, now=now)
    session.flush()
    acts = session.execute(select(AuditEntry.act, AuditEntry.actor_id, AuditEntry.subject_id))
    assert [tuple(row) for row in acts if row.act.startswith("hours.")] == [
        ("hours.save_week", "editor", "host")
    ]
