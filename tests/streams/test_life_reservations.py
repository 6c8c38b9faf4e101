"""A livestream takes its host's time with its state, and gives it back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from scheduler.duties import services as duties
from scheduler.enums import ReservationState as R
from scheduler.errors import Taken
from scheduler.models import Cell, Reservation, ReservedResource
from scheduler.programme.services import reserve_missing
from scheduler.spans import Span, cells_of
from streams.life import services as life
from streams.life.queries import overrun_livestreams
from tests.fakes.duties import moderator, planned
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration

BUFFER = 15


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def states(world: World, livestream: Livestream) -> list[str]:
    statement = select(Reservation.state).where(Reservation.subject_id == livestream.id)
    return list(world.session.scalars(statement))


def cells(world: World, host: str) -> list[int]:
    statement = select(Cell.number).where(Cell.resource_id == host).order_by(Cell.number)
    return list(world.session.scalars(statement))


def taken(livestream: Livestream) -> list[int]:
    span = Span(livestream.starts_at, livestream.ends_at).widened(BUFFER, BUFFER)
    return list(cells_of(span))


def test_a_proposal_takes_time_and_its_acceptance_keeps_it(world: World) -> None:
    made = world.livestream()
    assert states(world, made) == []
    life.propose(world.session, livestream=made, now=world.now)
    assert (states(world, made), cells(world, "host")) == ([R.PENDING], taken(made))
    life.schedule(world.session, livestream=made, now=world.now)
    assert (states(world, made), cells(world, "host")) == ([R.CONFIRMED], taken(made))


def test_a_second_livestream_of_the_host_is_refused_with_what_is_free(world: World) -> None:
    first, second = world.livestream(), world.livestream()
    life.schedule(world.session, livestream=first, now=world.now)
    with pytest.raises(Taken) as caught:
        life.schedule(world.session, livestream=second, now=world.now)
    # an hour each, with a quarter of an hour kept free on both sides of both
    assert caught.value.alternatives[0].starts_at == first.ends_at + timedelta(minutes=2 * BUFFER)
    assert (second.state, states(world, second)) == ("draft", [])


@pytest.mark.parametrize("act", ["cancel", "miss"])
def test_what_does_not_happen_gives_its_time_back(world: World, act: str) -> None:
    made = world.livestream()
    life.schedule(world.session, livestream=made, now=world.now)
    if act == "cancel":
        life.cancel(world.session, livestream=made, now=world.now)
    else:
        life.miss(world.session, livestream_id=made.id, now=world.now)
    assert (states(world, made), cells(world, "host")) == ([R.RELEASED], [])


def test_an_end_gives_all_cells_back(world: World) -> None:
    made = world.livestream()
    life.schedule(world.session, livestream=made, now=world.now)
    world.moderate(made)
    life.start(world.session, livestream=made, now=made.starts_at)
    life.end(world.session, livestream=made, now=made.starts_at + timedelta(minutes=20))
    assert (states(world, made), cells(world, "host")) == ([R.USED], [])
    taught = world.session.scalars(select(ReservedResource.resource_id)).all()
    assert taught == ["host"], "it stays on record, for fair rotation"


def test_an_edit_moves_the_time_and_one_that_clashes_changes_nothing(world: World) -> None:
    first, second = (
        world.livestream(),
        world.livestream(
            starts_at=world.now + timedelta(hours=5), ends_at=world.now + timedelta(hours=6)
        ),
    )
    for one in (first, second):
        life.schedule(world.session, livestream=one, now=world.now)
    editor = world.actors["editor"]
    moved = {
        "starts_at": first.starts_at + timedelta(hours=1),
        "ends_at": first.ends_at + timedelta(hours=1),
    }
    life.edit_livestream(
        world.session, actor=editor, livestream=first, changes=moved, now=world.now
    )
    assert cells(world, "host") == sorted(taken(first) + taken(second))
    clash = {"starts_at": second.starts_at, "ends_at": second.ends_at}
    with pytest.raises(Taken):
        life.edit_livestream(
            world.session, actor=editor, livestream=first, changes=clash, now=world.now
        )
    world.session.expire_all()
    assert first.starts_at == moved["starts_at"]
    assert cells(world, "host") == sorted(taken(first) + taken(second))


def test_another_host_takes_the_time_instead(world: World) -> None:
    made = world.livestream()
    life.schedule(world.session, livestream=made, now=world.now)
    life.edit_livestream(
        world.session,
        actor=world.actors["editor"],
        livestream=made,
        changes={"host_id": "otherhost"},
        now=world.now,
    )
    assert (cells(world, "host"), cells(world, "otherhost")) == ([], taken(made))


def test_what_came_without_a_reservation_gets_one_unless_it_clashes(world: World) -> None:
    first = world.livestream(state="scheduled")
    clashing = world.livestream(state="scheduled")
    reserve_missing(world.session, world.now)
    reserve_missing(world.session, world.now)
    assert sorted((states(world, first), states(world, clashing))) == [[], [R.CONFIRMED]]


def test_the_form_names_what_is_free(app: Site, world: World) -> None:
    evening = datetime(2030, 3, 10, 19, 0, tzinfo=UTC)  # the application reads the real clock
    hour = timedelta(hours=1)
    first = world.livestream(starts_at=evening, ends_at=evening + hour)
    second = world.livestream(starts_at=evening + 5 * hour, ends_at=evening + 6 * hour)
    for one in (first, second):
        life.schedule(world.session, livestream=one, now=world.now)
    browser = browser_of(app, world, "editor")
    page = f"/hosting/{second.id}/edit"
    answer = send(
        browser,
        page,
        page,
        title_en="Another",
        topics="sleep",
        language="en",
        host="host",
        date="2030-03-11",
        time="03:00",
        timezone="Asia/Shanghai",
        minutes="60",
        visibility="public",
        replay_policy="after_release",
        scope="education",
    )
    assert answer.status_code == 409
    assert "2030-03-11 04:30" in answer.text
    assert "Another" in answer.text


def test_an_overrun_ends_when_the_next_livestream_of_its_host_is_due(world: World) -> None:
    running = world.livestream(state="live", broadcast="receiving")
    later = running.ends_at + timedelta(minutes=10)
    world.livestream(state="scheduled", starts_at=later, ends_at=later + timedelta(hours=1))
    other = world.livestream(state="live", broadcast="receiving", host_id="otherhost")
    just_before, then = later - timedelta(seconds=1), later
    assert list(overrun_livestreams(world.session, now=just_before)) == []
    assert list(overrun_livestreams(world.session, now=then)) == [running.id]
    assert other.ends_at == running.ends_at


def test_moderators_follow_a_livestream_and_are_free_again_when_it_is_off(world: World) -> None:
    anna = moderator(world, "anna")
    made = planned(world, hours=3)
    duties.assign(
        world.session,
        livestream_id=made.id,
        moderator_id=anna,
        assigned_by=None,
        now=world.now,
    )
    assert cells(world, anna) == taken(made)
    hour = timedelta(hours=1)
    life.edit_livestream(
        world.session,
        actor=world.actors["editor"],
        livestream=made,
        changes={"starts_at": made.starts_at + hour, "ends_at": made.ends_at + hour},
        now=world.now,
    )
    assert cells(world, anna) == taken(made)
    life.cancel(world.session, livestream=made, now=world.now)
    assert cells(world, anna) == []
