from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream, Topic
from catalog.schedule.enums import Span as Shown
from catalog.schedule.rules import Period
from scheduler.board.queries import Board, board_of
from scheduler.board.rules.problems import problems_of
from scheduler.board.rules.selection import Selection
from scheduler.duties import services
from scheduler.enums import Part, ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.grid import services as grid
from scheduler.grid.rules import Need, Wanted
from scheduler.models import Search, Slot
from scheduler.spans import Span
from tests.fakes.duties import moderator, on_duty, planned, room
from tests.fakes.programme import World

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    for name in ("mina", "mo"):
        moderator(made, name)
    return made


def shown(
    world: World,
    *,
    most: int = 30,
    days: str = "week",
    **selected: Any,  # noqa: ANN401 -- fields of a selection
) -> Board:
    world.session.flush()
    period = Period(Shown(days), world.now.date(), ZoneInfo("UTC"))
    return board_of(
        world.session,
        period=period,
        selection=Selection(**selected),
        language="en",
        most=most,
        now=world.now,
    )


def search(world: World, livestream: Livestream, state: str, minutes: int = 0) -> None:
    world.session.add(
        Search(
            livestream_id=livestream.id,
            leaver_id=livestream.host_id,
            state=state,
            opened_at=world.now + timedelta(minutes=minutes),
        )
    )
    world.session.flush()


@contextmanager
def counted(connection: Connection) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*told: object) -> None:
        statements.append(str(told[2]))

    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def test_board_shows_every_state_but_drafts(world: World) -> None:
    states = ("proposed", "scheduled", "live", "ended", "published", "cancelled", "missed")
    for number, state in enumerate((*states, "draft")):
        planned(world, 1 + 2 * number, state=state)
    assert sorted(one.state for one in shown(world).entries) == sorted(states)


def test_problems_in_sql_are_those_of_the_rule(world: World) -> None:
    world.session.get_one(Topic, "anxiety").risk = "raised"
    fine, few, bare, lapsing, asking, failed, again = (
        planned(world, 1 + 3 * number, topics=("anxiety",) if number == 1 else ("sleep",))
        for number in range(7)
    )
    for one in (fine, few, lapsing, asking, failed, again):
        on_duty(world, one, "mina")
    search(world, asking, "asking")
    search(world, failed, "given_up")
    search(world, again, "given_up")
    search(world, again, "found", minutes=5)
    lone = planned(world, 1, host="otherhost", reserved=False)
    on_duty(world, lone, "mo")
    waiting = planned(world, 40, state="proposed")
    waiting.updated_at = world.now - timedelta(days=4)
    passed = planned(world, 1, state="proposed", reserved=False)
    passed.starts_at, passed.ends_at = (world.now - timedelta(hours=one) for one in (3, 2))
    planned(world, 3, state="ended")
    lapsing.host_id = "otherhost"
    world.session.get_one(Host, "otherhost").verified_until = lapsing.starts_at
    board = shown(world)
    by_rule = {one.id for one in board.entries if problems_of(one, world.now)}
    wrong = {few.id, bare.id, lapsing.id, failed.id, lone.id, waiting.id, passed.id}
    assert by_rule == wrong
    assert {one.id for one in board.wrong} == wrong
    assert board.wrong_count == len(wrong)
    only = shown(world, state="problems")
    assert ({one.id for one in only.entries}, sum(only.counts)) == (wrong, len(wrong))


def test_clash_is_explained_by_what_the_host_does(world: World) -> None:
    confirmed = planned(world, 1, titles={"en": "Grief"})
    clashing = planned(world, 1.5, state="proposed", reserved=False)
    found = shown(world).clashes[clashing.id]
    assert found.rival is not None
    assert (found.rival.subject_id, found.rival.titles, found.rival.span.ends_at) == (
        confirmed.id,
        {"en": "Grief"},
        confirmed.ends_at,
    )
    free = [span.starts_at for span in found.alternatives]
    later = confirmed.ends_at + timedelta(minutes=30)  # both keep a quarter of an hour
    assert free == [later, later + timedelta(minutes=15), later + timedelta(minutes=30)]


def test_two_without_time_explain_each_other(world: World) -> None:
    first, second = (planned(world, 1 + number / 2, reserved=False) for number in range(2))
    clashes = shown(world).clashes
    rivals = {one: clash.rival.subject_id for one, clash in clashes.items() if clash.rival}
    assert rivals == {first.id: second.id, second.id: first.id}


def test_rooms_moderators_and_refusals_are_told(world: World) -> None:
    livestream, studio = planned(world), room(world.session, world.now)
    services.give_room(world.session, livestream_id=livestream.id, room_id=studio.id, now=world.now)
    on_duty(world, livestream, "mina")
    bare = planned(world, 5)
    declined = on_duty(world, bare, "mo")
    services.decline(world.session, duty=declined, reason="Night shift.", now=world.now)
    board = shown(world)
    assert board.room_of == {livestream.id: studio.id}
    assert [one.name for one in board.on_duty[livestream.id]] == ["Mina"]
    assert board.refusals[bare.id].reason == "Night shift."


def test_slots_and_holds_stand_beside_livestreams(world: World) -> None:
    start = world.now + timedelta(hours=9)
    world.session.add(
        Slot(
            id="slot",
            language="en",
            scope="education",
            starts_at=start,
            ends_at=start + timedelta(hours=1),
            timezone="UTC",
            local_start="2026-03-11T03:00:00",
            created_at=world.now,
            updated_at=world.now,
        )
    )
    wanted = Wanted(
        kind=ReservationKind.SLOT,
        subject_id="slot",
        needs=(Need("host", Part.HOST),),
        span=Span(start, start + timedelta(hours=1)),
        holder_id="host",
    )
    grid.reserve(world.session, wanted=wanted, state=R.HELD, now=world.now)
    board = shown(world)
    assert [one.id for one in board.slots] == ["slot"]
    assert [(one.names["en"], one.starts_at) for one in board.holds] == [("Dr. host", start)]
    assert shown(world, language="zh-Hans").slots == []
    assert shown(world, host="host").slots == ()
    world.now += timedelta(minutes=10)
    assert shown(world).holds == []


@pytest.mark.parametrize(
    ("selected", "found"),
    [
        ({"topic": "anxiety"}, ["b"]),
        ({"host": "otherhost"}, ["b"]),
        ({"host": "OTHER_HOST 医"}, ["b"]),
        ({"language": "zh-Hans"}, ["c"]),
        ({"state": "proposed"}, ["c"]),
        ({"state": "open"}, []),
        ({"host": "100%"}, []),
    ],
)
def test_filters_narrow_entries_and_counts(
    world: World, selected: dict[str, Any], found: list[str]
) -> None:
    planned(world, 1, titles={"en": "a"})
    planned(world, 1, host="otherhost", topics=("anxiety",), titles={"en": "b"})
    planned(world, 5, state="proposed", language="zh-Hans", titles={"en": "c", "zh-Hans": "c"})
    board = shown(world, **selected)
    assert ([one.title for one in board.entries], sum(board.counts)) == (found, len(found))


def test_a_full_day_is_cut_and_counted(world: World) -> None:
    for number in range(4):
        planned(world, 0.25 * number, reserved=False, minutes=15)
    planned(world, 24)
    board = shown(world, most=3)
    assert ([*board.counts][:3], len(board.entries)) == ([4, 1, 0], 4)
    assert len(shown(world, most=3, days="day").entries) == 3


def test_as_many_statements_for_one_as_for_five(world: World, connection: Connection) -> None:
    planned(world, 1, reserved=False)
    with counted(connection) as one:
        shown(world)
    for number in range(4):
        planned(world, 5 + 3 * number, reserved=False, host="otherhost")
    with counted(connection) as five:
        shown(world)
    assert len(one) == len(five)
    assert len(one) < 20
