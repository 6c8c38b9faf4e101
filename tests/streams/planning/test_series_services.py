from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream, Series, SeriesMember
from core.database import Sessions
from core.errors import InvalidInput, NotAllowed
from scheduler.enums import Frequency, Part
from scheduler.grid import services as grid
from scheduler.grid.rules import Need
from scheduler.models import Cell, Occurrence, PersonTime, Recurrence, WeeklyHours
from scheduler.programme.queries import reservation_of_livestream, wanted_for
from scheduler.recurrences.rules import Rule
from streams.life import services as life
from streams.planning.access import series as access
from streams.planning.enums import Notice, Verdict
from streams.planning.errors import DatesInTheWay
from streams.planning.rules.dates import Blocker
from streams.planning.rules.series import SeriesPlan
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    for host in session.scalars(select(Host)):
        host.verified_until = now + timedelta(days=900)
    return made


def plan(**changed: object) -> SeriesPlan:
    rule = Rule(
        frequency=Frequency.WEEKLY,
        every=1,
        weekday=1,
        nth=None,
        clock=time(20),
        timezone="Europe/Berlin",
        starts_on=date(2026, 3, 17),
        times=4,
    )
    made = SeriesPlan(
        titles={"en": "Sleep well", "zh-Hans": "睡个好觉"},
        topics=("sleep",),
        language="en",
        host_id="host",
        rule=rule,
        minutes=60,
        is_numbered=True,
    )
    rule_fields = {name for name in changed if hasattr(rule, name)}
    values = cast("dict[str, Any]", changed)
    rule = replace(rule, **{name: values[name] for name in rule_fields})
    rest = {name: value for name, value in values.items() if name not in rule_fields}
    return replace(made, rule=rule, **rest)


def look(world: World, wanted: SeriesPlan, who: str = "host") -> list[tuple[str, Verdict]]:
    judged = access.dry_run(world.session, actor=world.actors[who], plan=wanted, now=world.now)
    return [(one.asked.key, one.verdict) for one in judged]


def confirm(world: World, wanted: SeriesPlan, who: str = "host") -> Series:
    return access.confirm(
        world.session,
        actor=world.actors[who],
        plan=wanted,
        window_seconds=120,
        data_key=DATA_KEY,
        now=world.now,
    )


def take(world: World, starts_at: datetime, host: str = "host") -> Livestream:
    made = world.livestream(
        host_id=host, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )
    return life.propose(world.session, livestream=made, now=world.now)


def members(session: Session) -> list[tuple[str, str, str, str, bool]]:
    rows = session.execute(
        select(Livestream, Occurrence.original_local_start, Occurrence.is_changed)
        .join(SeriesMember, SeriesMember.livestream_id == Livestream.id)
        .join(Occurrence, Occurrence.livestream_id == Livestream.id)
        .order_by(SeriesMember.position)
    )
    return [(one.titles["en"], one.state, one.local_start, first, own) for one, first, own in rows]


def counts(session: Session) -> tuple[int | None, ...]:
    tables = (Series, SeriesMember, Recurrence, Occurrence, Livestream, Cell)
    return tuple(session.scalar(select(func.count()).select_from(table)) for table in tables)


def test_a_series_keeps_its_wall_time_across_the_change_of_the_clocks(world: World) -> None:
    confirm(world, plan())
    assert members(world.session) == [
        (f"{number}: Sleep well", "proposed", day, day, False)
        for number, day in enumerate(
            (
                f"{text}T20:00:00"
                for text in ("2026-03-17", "2026-03-24", "2026-03-31", "2026-04-07")
            ),
            start=1,
        )
    ]
    starts = world.session.scalars(select(Livestream.starts_at).order_by(Livestream.starts_at))
    assert [start.hour for start in starts] == [19, 19, 18, 18]


def test_the_staff_schedule_what_a_host_proposes(world: World) -> None:
    confirm(world, plan(), "editor")
    assert {row[1] for row in members(world.session)} == {"scheduled"}


def test_a_taken_date_is_named_with_what_takes_it_and_three_free_ones(world: World) -> None:
    rival = take(world, datetime(2026, 3, 24, 19, 30, tzinfo=UTC))
    judged = access.dry_run(world.session, actor=world.actors["host"], plan=plan(), now=world.now)
    second = judged[1]
    assert [one.verdict for one in judged] == ["free", "taken", "free", "free"]
    assert second.by is not None
    assert (second.by.livestream_id, second.by.titles) == (rival.id, rival.titles)
    assert [f"{one.starts_at:%d %H:%M}" for one in second.alternatives] == [
        "24 18:00",
        "24 17:45",
        "24 17:30",
    ]


def test_one_taken_date_leaves_everything_as_it_was(world: World) -> None:
    take(world, datetime(2026, 3, 24, 19, 30, tzinfo=UTC))
    before = counts(world.session)
    with pytest.raises(DatesInTheWay) as refused:
        confirm(world, plan())
    assert [fault.field for fault in refused.value.errors] == ["dates.2026-03-24T20:00"]
    assert counts(world.session) == before


def test_a_taken_date_can_be_left_out_or_moved(world: World) -> None:
    take(world, datetime(2026, 3, 24, 19, 30, tzinfo=UTC))
    take(world, datetime(2026, 3, 31, 18, 0, tzinfo=UTC))
    confirm(
        world,
        plan(
            left_out=frozenset({"2026-03-24T20:00"}),
            moved={"2026-03-31T20:00": datetime(2026, 3, 31, 15, 0, tzinfo=UTC)},
        ),
    )
    assert members(world.session) == [
        ("1: Sleep well", "proposed", "2026-03-17T20:00:00", "2026-03-17T20:00:00", False),
        ("2: Sleep well", "proposed", "2026-03-31T17:00:00", "2026-03-31T20:00:00", True),
        ("3: Sleep well", "proposed", "2026-04-07T20:00:00", "2026-04-07T20:00:00", False),
    ]


def test_a_date_is_not_moved_onto_another_of_the_same_series(world: World) -> None:
    onto = plan(moved={"2026-03-24T20:00": datetime(2026, 3, 17, 19, 30, tzinfo=UTC)})
    assert look(world, onto)[:2] == [
        ("2026-03-17T20:00", Verdict.FREE),
        ("2026-03-24T20:00", Verdict.TAKEN),
    ]


def test_a_skipped_start_is_refused_with_the_two_nearest(world: World) -> None:
    sundays = plan(weekday=6, clock=time(2, 30), starts_on=date(2026, 3, 22))
    judged = access.dry_run(world.session, actor=world.actors["host"], plan=sundays, now=world.now)
    assert [one.verdict for one in judged] == ["free", "skipped", "free", "free"]
    assert judged[1].asked.reading.choices == (
        datetime(2026, 3, 29, 0, 55, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    )


def test_a_start_that_comes_twice_asks_and_one_answer_serves_all(world: World) -> None:
    sundays = plan(weekday=6, clock=time(2, 30), starts_on=date(2026, 10, 18), times=2)
    assert [
        [verdict for _, verdict in look(world, replace(sundays, **answer))]
        for answer in cast(
            "list[dict[str, Any]]", [{}, {"fold": 1}, {"folds": {"2026-10-25T02:30": 0}}]
        )
    ] == [["free", "twice"], ["free", "free"], ["free", "free"]]
    confirm(world, replace(sundays, fold=1))
    last = world.session.scalars(select(Livestream).order_by(Livestream.starts_at)).all()[-1]
    assert (last.starts_at, last.local_fold) == (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 1)


def test_a_licence_that_ends_between_the_dates_is_a_notice(world: World) -> None:
    world.session.get_one(Host, "host").verified_until = datetime(2026, 3, 25, tzinfo=UTC)
    judged = access.dry_run(world.session, actor=world.actors["host"], plan=plan(), now=world.now)
    assert [Notice.LICENCE in one.notices for one in judged] == [False, False, True, True]


def test_what_lies_outside_of_the_hours_is_a_notice_alone(world: World) -> None:
    row = PersonTime(person_id="host", timezone="Europe/Berlin", updated_at=world.now)
    world.session.add(row)
    world.session.flush()
    world.session.add(WeeklyHours(person_id="host", weekday=1, start_minute=1200, end_minute=1260))
    world.session.flush()
    notices = [
        [
            (one.verdict, Notice.OUTSIDE_HOURS in one.notices)
            for one in access.dry_run(
                world.session, actor=world.actors["host"], plan=wanted, now=world.now
            )
        ]
        for wanted in (plan(times=3), plan(times=3, minutes=65))
    ]
    assert notices == [[("free", False)] * 3, [("free", True)] * 3]


def test_what_others_hold_is_not_named(world: World) -> None:
    start = datetime(2026, 3, 24, 19, 0, tzinfo=UTC)
    rival = take(world, start, host="otherhost")
    reservation = reservation_of_livestream(world.session, livestream_id=rival.id)
    assert reservation is not None
    wanted = wanted_for(world.session, rival)
    with_moderator = replace(wanted, needs=(*wanted.needs, Need("host", Part.MODERATOR)))
    grid.move(world.session, reservation=reservation, wanted=with_moderator, now=world.now)
    seen = {
        who: access.dry_run(
            world.session, actor=world.actors[who], plan=plan(times=2), now=world.now
        )[1].by
        for who in ("host", "editor")
    }
    assert seen == {"host": Blocker(), "editor": Blocker(rival.id, rival.titles)}


def test_a_host_plans_for_nobody_else(world: World) -> None:
    with pytest.raises(NotAllowed):
        look(world, plan(host_id="otherhost"))


def test_dates_of_the_past_are_over(world: World) -> None:
    assert look(world, plan(starts_on=date(2026, 3, 3)))[:2] == [
        ("2026-03-03T20:00", Verdict.OVER),
        ("2026-03-10T20:00", Verdict.FREE),
    ]


def test_faults_of_words_and_rule_stand_beside_their_fields(world: World) -> None:
    with pytest.raises(InvalidInput) as words:
        look(world, plan(titles={}, topics=()))
    with pytest.raises(InvalidInput) as rule:
        look(world, plan(times=61))
    assert [[fault.field for fault in refused.value.errors] for refused in (words, rule)] == [
        ["title", "topics"],
        ["times"],
    ]


def test_more_livestreams_go_on_counting_in_a_series_that_is_there(world: World) -> None:
    series = confirm(world, plan(times=2))
    again = confirm(world, plan(times=1, starts_on=date(2026, 5, 5), series_id=series.id))
    assert (again.id, [row[0] for row in members(world.session)]) == (
        series.id,
        ["1: Sleep well", "2: Sleep well", "3: Sleep well"],
    )


def test_the_dry_run_asks_the_database_as_often_for_three_dates_as_for_sixty(
    world: World,
) -> None:
    take(world, datetime(2026, 3, 24, 19, 30, tzinfo=UTC))
    queries_for(world, 1)  # the first one of all opens the transaction
    assert queries_for(world, 3) == queries_for(world, 60)


def queries_for(world: World, times: int) -> int:
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    world.session.expire_all()
    bind = world.session.get_bind()
    event.listen(bind, "before_cursor_execute", counted)
    try:
        look(world, plan(times=times))
    finally:
        event.remove(bind, "before_cursor_execute", counted)
    return count


def test_of_two_series_for_the_same_times_one_is_made(sessions: Sessions, now: datetime) -> None:
    with sessions() as session:
        world = World(session, now).build()
        session.commit()
        confirm(world, plan())
        session.commit()
        with pytest.raises(DatesInTheWay):
            confirm(world, plan())
        session.rollback()
        assert counts(session)[:5] == (1, 4, 1, 4, 4)
