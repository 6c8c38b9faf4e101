from collections.abc import Callable
from dataclasses import astuple
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from accounts.services import give_roles
from catalog.models import Topic
from core.errors import InvalidInput, NotFound, Refusal
from scheduler.duties import services
from scheduler.duties.errors import (
    AlreadyOnDuty,
    DutyChanged,
    ModeratorTaken,
    NotAModerator,
    OutsideHours,
    SamePerson,
    TakesNoModerators,
)
from scheduler.duties.queries import candidates_for, is_moderator, my_duties, rota_of, rota_row
from scheduler.duties.rules import needed_for
from scheduler.enums import ReservationKind
from scheduler.grid.queries import reservation_of
from scheduler.models import Cell, Duty
from scheduler.spans import Span
from tests.fakes.duties import evenings, moderator, on_duty, planned
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

TUESDAY = 1  # the day of the tests, 18:00 UTC


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    for name in ("mina", "mo"):
        moderator(made, name)
    return made


def cells_of(world: World, person_id: str) -> int:
    return world.session.scalar(select(func.count()).where(Cell.resource_id == person_id)) or 0


def refused(act: Callable[[], object], refusal: type[Refusal]) -> Refusal:
    with pytest.raises(refusal) as told:
        act()
    return told.value


def test_assign_takes_the_time_of_the_moderator_with_buffers(world: World) -> None:
    duty = on_duty(world, planned(world), "mina")
    found = reservation_of(world.session, kind=ReservationKind.DUTY, subject_id=duty.id)
    assert found is not None
    assert (duty.state, found.state, found.holder_id) == ("assigned", "confirmed", "mina")
    assert cells_of(world, "mina") == (60 + 15 + 15) // 5


def test_assign_twice_is_refused(world: World) -> None:
    livestream = planned(world)
    on_duty(world, livestream, "mina")
    refused(lambda: on_duty(world, livestream, "mina"), AlreadyOnDuty)
    assert cells_of(world, "mina") == 18


def test_assign_of_the_host_is_refused(world: World) -> None:
    session = world.session
    host = session.get_one(User, "host")
    give_roles(session, user=host, roles=[Role.MODERATOR], now=world.now)
    refused(lambda: on_duty(world, planned(world), "host"), SamePerson)


def test_assign_of_somebody_without_the_role_is_refused(world: World) -> None:
    refused(lambda: on_duty(world, planned(world), "viewer"), NotAModerator)
    world.session.get_one(User, "mina").active = False
    world.session.flush()
    assert not is_moderator(world.session, person_id="mina")


def test_a_host_at_the_same_time_cannot_moderate_elsewhere(world: World) -> None:
    give_roles(
        world.session,
        user=world.session.get_one(User, "otherhost"),
        roles=[Role.MODERATOR],
        now=world.now,
    )
    planned(world, 1, host="otherhost")
    livestream = planned(world)
    told = refused(lambda: on_duty(world, livestream, "otherhost"), ModeratorTaken)
    assert isinstance(told, ModeratorTaken)
    span = (livestream.starts_at, livestream.ends_at)
    assert [(*astuple(one)[:2], astuple(one)[2]) for one in told.alternatives] == [
        (*span, "mina"),
        (*span, "mo"),
    ]
    assert world.session.scalar(select(func.count(Duty.id))) == 0


@pytest.mark.parametrize("state", ["draft", "ended", "cancelled", "published"])
def test_assign_to_what_is_not_planned_is_refused(world: World, state: str) -> None:
    livestream = world.livestream(state=state)
    refused(lambda: on_duty(world, livestream, "mina"), TakesNoModerators)


def test_assign_to_an_unknown_livestream_is_refused(world: World) -> None:
    act = lambda: services.assign(  # noqa: E731 -- read once
        world.session,
        livestream_id="none",
        moderator_id="mina",
        assigned_by=None,
        now=world.now,
    )
    refused(act, NotFound)


def test_assign_outside_the_hours_of_a_person_is_refused(world: World) -> None:
    evenings(world, "mina", TUESDAY, 20 * 60, 23 * 60)
    refused(lambda: on_duty(world, planned(world, 1), "mina"), OutsideHours)
    assert on_duty(world, planned(world, 3, host="otherhost"), "mina").state == "assigned"


def test_candidates_come_in_turn_with_what_speaks_against_them(world: World) -> None:
    for name in ("ada", "bo", "cy"):
        moderator(world, name)
    evenings(world, "cy", TUESDAY, 0, 60)
    on_duty(world, planned(world, 1, host="otherhost"), "mo")  # at the same time
    on_duty(world, planned(world, 30, host="otherhost"), "ada")
    livestream = planned(world)
    on_duty(world, livestream, "mina")
    found = candidates_for(world.session, livestream=livestream, now=world.now)
    assert [(one.id, one.recent) for one in found if one.is_free] == [("bo", 0), ("ada", 1)]
    assert {one.id: one.against for one in found} == {
        "bo": "",
        "ada": "",
        "cy": "hours",
        "mo": "busy",
        "mina": "assigned",
    }


def test_replace_gives_one_time_back_and_takes_the_other(world: World) -> None:
    livestream = planned(world)
    duty = on_duty(world, livestream, "mina")
    made = services.replace(
        world.session, duty=duty, moderator_id="mo", assigned_by=None, now=world.now
    )
    assert (duty.state, made.state, made.moderator_id) == ("released", "assigned", "mo")
    assert (cells_of(world, "mina"), cells_of(world, "mo")) == (0, 18)


def test_replace_by_somebody_who_cannot_changes_nothing(world: World) -> None:
    on_duty(world, planned(world, 1, host="otherhost"), "mo")
    livestream = planned(world)
    duty = on_duty(world, livestream, "mina")
    act = lambda: services.replace(  # noqa: E731 -- read once
        world.session, duty=duty, moderator_id="mo", assigned_by=None, now=world.now
    )
    refused(act, ModeratorTaken)
    world.session.expire_all()
    assert (duty.state, cells_of(world, "mina")) == ("assigned", 18)


def test_accept_then_decline_leaves_a_gap_with_its_reason(world: World) -> None:
    livestream = planned(world)
    duty = on_duty(world, livestream, "mina")
    assert services.accept(world.session, duty=duty, now=world.now).state == "accepted"
    refused(lambda: services.accept(world.session, duty=duty, now=world.now), DutyChanged)
    declined = services.decline(world.session, duty=duty, reason=" A night shift. ", now=world.now)
    assert (declined.state, declined.reason) == ("declined", "A night shift.")
    assert cells_of(world, "mina") == 0
    row = rota_row(world.session, livestream_id=livestream.id)
    assert row is not None
    assert (row.needed, row.missing, row.on_duty) == (1, 1, ())
    assert my_duties(world.session, moderator_id="mina", now=world.now) == []


def test_decline_without_a_reason_is_refused(world: World) -> None:
    duty = on_duty(world, planned(world), "mina")
    for reason in ("  ", "x" * 201):
        refused(
            lambda text=reason: services.decline(  # type: ignore[misc]  # read once
                world.session, duty=duty, reason=text, now=world.now
            ),
            InvalidInput,
        )


def test_answer_to_a_livestream_that_is_over_is_refused(world: World) -> None:
    livestream = planned(world)
    duty = on_duty(world, livestream, "mina")
    late = livestream.ends_at
    refused(lambda: services.accept(world.session, duty=duty, now=late), DutyChanged)


def test_move_takes_duties_along_and_asks_again(world: World) -> None:
    livestream = planned(world)
    duty = on_duty(world, livestream, "mina")
    services.accept(world.session, duty=duty, now=world.now)
    later = Span(livestream.starts_at + timedelta(hours=5), livestream.ends_at + timedelta(hours=5))
    left = services.move_duties(
        world.session, livestream_id=livestream.id, span=later, now=world.now
    )
    found = reservation_of(world.session, kind=ReservationKind.DUTY, subject_id=duty.id)
    assert found is not None
    assert (left, duty.state, found.starts_at) == ([], "assigned", later.starts_at)


def test_move_to_the_same_time_keeps_the_yes(world: World) -> None:
    livestream = planned(world)
    duty = on_duty(world, livestream, "mina")
    services.accept(world.session, duty=duty, now=world.now)
    same = Span(livestream.starts_at, livestream.ends_at)
    services.move_duties(world.session, livestream_id=livestream.id, span=same, now=world.now)
    assert duty.state == "accepted"


def test_move_to_where_a_moderator_is_taken_releases_the_duty(world: World) -> None:
    livestream, other = planned(world), planned(world, 6, host="otherhost")
    duty, kept = on_duty(world, livestream, "mina"), on_duty(world, livestream, "mo")
    on_duty(world, other, "mina")
    span = Span(other.starts_at, other.ends_at)
    left = services.move_duties(
        world.session, livestream_id=livestream.id, span=span, now=world.now
    )
    assert [(one.id, one.state, bool(one.reason)) for one in left] == [(duty.id, "released", True)]
    assert (kept.state, cells_of(world, "mina"), cells_of(world, "mo")) == ("assigned", 18, 18)


def test_release_of_all_frees_everybody(world: World) -> None:
    livestream = planned(world)
    duty = on_duty(world, livestream, "mina")
    services.release_duties(world.session, livestream_id=livestream.id, now=world.now)
    world.session.refresh(duty)
    assert (duty.state, cells_of(world, "mina")) == ("released", 0)


def test_release_of_what_was_on_air_keeps_the_duty_for_rotation(world: World) -> None:
    livestream = planned(world)
    duty = on_duty(world, livestream, "mina")
    services.release_duties(
        world.session,
        livestream_id=livestream.id,
        now=livestream.starts_at + timedelta(minutes=10),
        used=True,
    )
    world.session.refresh(duty)
    assert (duty.state, cells_of(world, "mina")) == ("assigned", 0)


@pytest.mark.parametrize(
    ("risks", "needed"), [((), 1), (("ordinary",), 1), (("ordinary", "raised"), 2)]
)
def test_needed_for_risks(risks: tuple[str, ...], needed: int) -> None:
    assert needed_for(risks) == needed


def test_rota_says_what_is_missing(world: World, now: datetime) -> None:
    world.session.get_one(Topic, "anxiety").risk = "raised"
    one = planned(world, 1)
    two = planned(world, 4, topics=("sleep", "anxiety"))
    planned(world, 7, state="cancelled")
    on_duty(world, one, "mina")
    on_duty(world, two, "mina")
    week = Span(now, now + timedelta(days=7))
    rows = rota_of(world.session, span=week, now=now).rows
    assert [(row.id, row.needed, row.missing) for row in rows] == [(one.id, 1, 0), (two.id, 2, 1)]
    gaps = rota_of(world.session, span=week, now=now, only_gaps=True).rows
    assert [row.id for row in gaps] == [two.id]
