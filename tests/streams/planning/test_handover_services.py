from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.credentials.models import Credential
from catalog.models import Host, Livestream
from core.errors import InvalidInput
from scheduler.enums import Part, ReservationKind, SearchState
from scheduler.errors import NotVerified, Taken
from scheduler.grid import services as grid
from scheduler.grid.queries import needs_of
from scheduler.grid.rules import Need, Wanted
from scheduler.models import Offer, Search
from scheduler.programme.queries import reservation_of_livestream
from scheduler.programme.services import reserve_missing
from scheduler.spans import Span
from scheduler.substitutes.errors import (
    AlreadySearching,
    AskedAlready,
    NotSuitable,
    OfferOver,
    SomebodyFaster,
)
from scheduler.substitutes.queries import asked_of
from scheduler.substitutes.services import ask_by_hand
from streams.doors.keys import livestream_of_key, make_key
from streams.life import services as life
from streams.life.errors import GateShut
from streams.planning.services import handover
from streams.planning.services.handover import NothingToHandOver
from tests.fakes.handover import add_hosts, scheduled
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    add_hosts(made, 10)
    return made


def withdrawn(world: World, ahead: timedelta = HALF_AN_HOUR) -> tuple[Livestream, Search]:
    livestream = scheduled(world, ahead=ahead)
    search = handover.withdraw_host(
        world.session, livestream_id=livestream.id, reason="ill", now=world.now
    )
    return livestream, search


def states(world: World, search: Search) -> list[str]:
    return [offer.state for offer in asked_of(world.session, search_id=search.id)]


def accepted(
    world: World, search: Search, number: int = 0, later: timedelta = timedelta()
) -> Offer:
    offer = asked_of(world.session, search_id=search.id)[number]
    handover.accept_offer(world.session, offer=offer, data_key=DATA_KEY, now=world.now + later)
    return offer


def host_needs(world: World, livestream: Livestream) -> list[str]:
    reservation = reservation_of_livestream(world.session, livestream_id=livestream.id)
    if reservation is None:
        return []
    return [need.resource_id for need in needs_of(world.session, reservation_id=reservation.id)]


def test_withdrawal_asks_the_first_hosts_in_the_same_transaction(world: World) -> None:
    livestream, search = withdrawn(world)
    offers = asked_of(world.session, search_id=search.id)
    assert (livestream.state, livestream.host_id, host_needs(world, livestream)) == (
        *("scheduled", "host"),
        [],
    )
    assert [(one.host_id, one.asked_at, one.expires_at) for one in offers] == [
        (f"stand{number}", world.now, world.now + timedelta(minutes=3)) for number in range(8)
    ]
    assert (search.wave, search.next_wave_at, search.leaver_id, search.reason) == (
        *(1, world.now + timedelta(minutes=3), "host", "ill"),
    )


@pytest.mark.parametrize("state", ["draft", "proposed", "live", "ended", "cancelled"])
def test_only_what_is_scheduled_is_handed_over(world: World, state: str) -> None:
    livestream = world.livestream(state=state)
    with pytest.raises(NothingToHandOver):
        handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=world.now)


def test_second_withdrawal_is_refused(world: World) -> None:
    livestream, _search = withdrawn(world)
    with pytest.raises(AlreadySearching):
        handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=world.now)


def test_reason_that_is_too_long_is_refused(world: World) -> None:
    livestream = scheduled(world, ahead=HALF_AN_HOUR)
    with pytest.raises(InvalidInput):
        handover.withdraw_host(
            world.session, livestream_id=livestream.id, reason="x" * 201, now=world.now
        )


def test_nobody_starts_it_while_another_host_is_found(world: World) -> None:
    livestream, _search = withdrawn(world)
    world.moderate(livestream)
    with pytest.raises(GateShut) as refused:
        life.start(world.session, livestream=livestream, now=world.now)
    assert [error.field for error in refused.value.errors] == ["host_present"]


def test_clock_does_not_give_the_time_back_to_who_left(world: World) -> None:
    livestream, _search = withdrawn(world)
    reserve_missing(world.session, world.now)
    assert host_needs(world, livestream) == []


def test_first_to_accept_gets_it_and_the_others_are_told(world: World) -> None:
    livestream, search = withdrawn(world)
    sequence = livestream.sequence
    old_key = make_key(world.session, livestream_id=livestream.id, data_key=DATA_KEY, now=world.now)
    accepted(world, search, 1)
    assert (livestream.host_id, livestream.sequence, livestream.state) == (
        *("stand1", sequence + 1, "scheduled"),
    )
    assert host_needs(world, livestream) == ["stand1"]
    assert livestream_of_key(world.session, key=old_key) is None
    assert states(world, search) == ["beaten", "accepted", *["beaten"] * 6]
    assert search.state == SearchState.FOUND
    with pytest.raises(SomebodyFaster):
        accepted(world, search, 0)
    world.moderate(livestream)
    world.ready("stand1")
    assert life.start(world.session, livestream=livestream, now=world.now).state == "live"


def test_answer_after_its_time_is_over(world: World) -> None:
    _livestream, search = withdrawn(world)
    with pytest.raises(OfferOver):
        accepted(world, search, later=timedelta(minutes=3))


def test_host_who_is_no_longer_verified_cannot_take_it(world: World) -> None:
    _livestream, search = withdrawn(world)
    world.session.get_one(Host, "stand0").verified_until = world.now
    world.session.flush()
    with pytest.raises(NotVerified):
        accepted(world, search)


def test_host_who_gave_the_time_away_cannot_take_it(world: World) -> None:
    livestream, search = withdrawn(world)
    span = Span(livestream.starts_at, livestream.ends_at)
    wanted = Wanted(ReservationKind.LIVESTREAM, "other", (Need("stand0", Part.HOST),), span)
    grid.reserve(world.session, wanted=wanted, now=world.now)
    with pytest.raises(Taken):
        accepted(world, search)


def test_next_wave_goes_out_when_the_last_has_lapsed(world: World) -> None:
    _livestream, search = withdrawn(world)
    handover.ask_due_waves(world.session, world.now + timedelta(minutes=2))
    assert states(world, search) == ["asked"] * 8
    handover.ask_due_waves(world.session, world.now + timedelta(minutes=3))
    assert states(world, search) == [*["expired"] * 8, "asked", "asked"]
    assert search.wave == 2


def test_next_wave_goes_out_at_once_when_all_have_declined(world: World) -> None:
    _livestream, search = withdrawn(world)
    for offer in asked_of(world.session, search_id=search.id):
        handover.decline_offer(world.session, offer=offer, now=world.now)
    handover.ask_due_waves(world.session, world.now + timedelta(seconds=5))
    assert states(world, search) == [*["declined"] * 8, "asked", "asked"]


def test_search_gives_up_five_minutes_before_and_the_start_cancels(world: World) -> None:
    livestream, search = withdrawn(world)
    for minute in range(31):
        handover.ask_due_waves(world.session, world.now + timedelta(minutes=minute))
    world.session.refresh(search)
    assert (search.state, search.closed_at) == ("given_up", world.now + timedelta(minutes=25))
    handover.cancel_unfound(world.session, world.now + timedelta(minutes=29))
    assert world.session.get_one(Livestream, livestream.id).state == "scheduled"
    handover.cancel_unfound(world.session, world.now + HALF_AN_HOUR)
    world.session.refresh(livestream)
    assert (livestream.state, livestream.announced_at) == ("cancelled", world.now)


def test_host_who_comes_after_all_has_the_time_again(world: World) -> None:
    livestream, search = withdrawn(world)
    handover.take_back(world.session, livestream_id=livestream.id, now=world.now)
    world.session.refresh(search)
    assert (search.state, states(world, search)) == ("called_off", ["expired"] * 8)
    assert host_needs(world, livestream) == ["host"]
    with pytest.raises(OfferOver):
        accepted(world, search)


def test_search_ends_with_its_livestream(world: World) -> None:
    livestream, search = withdrawn(world)
    life.cancel(world.session, livestream=livestream, now=world.now)
    handover.ask_due_waves(world.session, world.now + timedelta(minutes=3))
    world.session.refresh(search)
    assert search.state == SearchState.CALLED_OFF


def test_host_chosen_by_hand_is_asked_once(world: World) -> None:
    _livestream, search = withdrawn(world)
    ask_by_hand(world.session, search=search, host_id="stand9", now=world.now)
    assert states(world, search) == ["asked"] * 9
    with pytest.raises(AskedAlready):
        ask_by_hand(world.session, search=search, host_id="stand9", now=world.now)
    with pytest.raises(NotSuitable):
        ask_by_hand(world.session, search=search, host_id="otherhost", now=world.now)


def blocked(world: World, ahead: timedelta) -> list[str]:
    livestream = scheduled(world, ahead=ahead)
    world.session.get_one(Host, "host").verified_until = world.now
    world.session.flush()
    handover.search_for_blocked_hosts(world.session, world.now)
    found = select(Search.livestream_id).where(Search.livestream_id == livestream.id)
    return list(world.session.scalars(found))


def test_lapsed_licence_opens_a_search_three_days_before(world: World) -> None:
    assert len(blocked(world, timedelta(hours=72))) == 1


def test_lapsed_licence_may_be_renewed_until_then(world: World) -> None:
    assert blocked(world, timedelta(hours=73)) == []


def test_withdrawn_licence_opens_a_search_at_once(world: World) -> None:
    world.session.add(
        Credential(
            user_id="host",
            kind="psychiatrist",
            holder="Dr. Host",
            country="CN",
            authority="Ministry",
            number_sealed="",
            number_fingerprint="x",
            state="withdrawn",
            created_at=world.now,
            updated_at=world.now,
        )
    )
    assert len(blocked(world, timedelta(days=40))) == 1


def wanted_since(livestream: Livestream) -> datetime | None:
    return livestream.host_wanted_at


def test_another_host_is_wanted_until_somebody_says_yes_or_an_editor_names_one(
    world: World,
) -> None:
    livestream, search = withdrawn(world)
    assert wanted_since(livestream) == world.now
    accepted(world, search)
    assert wanted_since(livestream) is None
    other = scheduled(world, ahead=5 * HALF_AN_HOUR)
    handover.withdraw_host(world.session, livestream_id=other.id, reason="", now=world.now)
    editor = world.actors["editor"]
    for changes, wanted in (({"titles": {"en": "New"}}, world.now), ({"host_id": "stand9"}, None)):
        life.edit_livestream(
            world.session, actor=editor, livestream=other, changes=changes, now=world.now
        )
        assert other.host_wanted_at == wanted


def test_sequence_rises_with_every_change_of_who_comes(world: World) -> None:
    livestream, _search = withdrawn(world)
    assert livestream.sequence == 1  # calls the entry of the one who leaves off
    handover.take_back(world.session, livestream_id=livestream.id, now=world.now)
    assert livestream.sequence == 2
    life.edit_livestream(
        world.session,
        actor=world.actors["editor"],
        livestream=livestream,
        changes={"host_id": "stand0"},
        now=world.now,
    )
    assert (livestream.host_id, livestream.sequence) == ("stand0", 3)
