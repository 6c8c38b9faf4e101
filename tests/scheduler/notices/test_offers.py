"""Hosts who are asked to step in, and the staff meanwhile: told once, and only what is true."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.models import Notice
from accounts.notices.ports import Answer, Drop, Later
from catalog.models import Livestream
from scheduler.models import Offer, Search
from scheduler.notices.offers import SOURCES
from scheduler.substitutes.queries import asked_of
from scheduler.substitutes.services import ask_by_hand, ask_next_wave, expire, give_up
from streams.life import services as life
from streams.planning.services import handover
from tests.fakes.answers import answer, due_of, notice_of, posted, said, sent
from tests.fakes.handover import add_hosts, scheduled
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration

NOT_TRUE = Drop(DropReason.NOT_TRUE)
STAFF = ["administrator", "editor"]
AHEAD = timedelta(days=2)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    add_hosts(made, 5)
    return made


def withdrawn(world: World, ahead: timedelta = AHEAD) -> tuple[Livestream, Search]:
    livestream = scheduled(world, ahead=ahead)
    search = handover.withdraw_host(
        world.session, livestream_id=livestream.id, reason="ill", now=world.now
    )
    return livestream, search


def offers(world: World, search: Search) -> list[Offer]:
    return list(asked_of(world.session, search_id=search.id))


def ask(world: World, kind: str, user_id: str, language: str = "en", **later: float) -> Answer:
    moment = world.now + timedelta(**later)
    return answer(world.session, SOURCES[kind], kind, user_id, moment, language)


def test_a_wave_tells_whom_it_asks_and_the_staff_in_its_transaction(world: World) -> None:
    _livestream, search = withdrawn(world)
    asked = [(offer.host_id, offer.expires_at) for offer in offers(world, search)]
    assert len(asked) == 3
    assert posted(world.session) == [
        *(("host_asked", host_id) for host_id, _ in sorted(asked)),
        *(("staff_host_missing", name) for name in STAFF),
    ]
    for host_id, expires_at in asked:
        notice = notice_of(world.session, "host_asked", host_id)
        assert (notice.due_at, notice.give_up_at) == (world.now, expires_at)


def test_what_is_rolled_back_was_never_posted(world: World) -> None:
    livestream = scheduled(world, ahead=AHEAD)
    with world.session.begin_nested() as undone:
        handover.withdraw_host(
            world.session, livestream_id=livestream.id, reason="ill", now=world.now
        )
        assert posted(world.session)
        undone.rollback()
    assert posted(world.session) == []


@pytest.mark.parametrize(
    ("language", "link", "until", "host"),
    [
        ("en", "", "Wednesday 11 March, 14:00 (Shanghai, UTC+8)", "in place of Dr. host"),
        (
            "zh-Hans",
            "/zh",
            "3月11日 星期三 14:00（上海，UTC+8）",  # noqa: RUF001 -- the signs of Chinese
            "代替host 医生",
        ),
    ],
)
def test_a_host_is_asked_with_until_when_the_answer_counts(
    world: World, language: str, link: str, until: str, host: str
) -> None:
    _livestream, search = withdrawn(world)
    one = offers(world, search)[0]
    told = said(ask(world, "host_asked", one.host_id, language))
    assert (told.values["until"], told.values["host"]) == (until, host)
    assert told.link == f"https://mindcast.example{link}/hosting/offers/{one.id}"


def test_a_host_is_not_asked_once_the_answer_counts_no_more(world: World) -> None:
    _livestream, search = withdrawn(world)
    first, second, third = offers(world, search)
    assert ask(world, "host_asked", third.host_id, hours=12) == NOT_TRUE  # its time is over
    handover.decline_offer(world.session, offer=first, now=world.now)
    assert ask(world, "host_asked", first.host_id) == NOT_TRUE
    handover.accept_offer(world.session, offer=second, data_key=DATA_KEY, now=world.now)
    assert ask(world, "host_asked", second.host_id) == NOT_TRUE
    assert ask(world, "host_asked", third.host_id) == NOT_TRUE


def test_a_host_is_not_asked_when_the_search_is_over(world: World) -> None:
    _livestream, search = withdrawn(world)
    search.state = "found"
    world.session.flush()
    assert ask(world, "host_asked", offers(world, search)[0].host_id) == NOT_TRUE


def test_a_host_is_not_asked_for_what_was_cancelled(world: World) -> None:
    livestream, search = withdrawn(world)
    life.cancel(world.session, livestream=livestream, now=world.now)
    assert ask(world, "host_asked", offers(world, search)[0].host_id) == NOT_TRUE


def test_an_editor_asks_one_host_who_is_told(world: World) -> None:
    _livestream, search = withdrawn(world)
    asked = {offer.host_id for offer in offers(world, search)}
    chosen = next(name for name in ("stand4", "stand3", "stand2") if name not in asked)
    offer = ask_by_hand(world.session, search=search, host_id=chosen, now=world.now)
    assert notice_of(world.session, "host_asked", chosen).occurrence == offer.id
    assert said(ask(world, "host_asked", chosen)).values["minutes"] == "60"


def test_those_who_were_told_hear_that_somebody_was_faster(world: World) -> None:
    _livestream, search = withdrawn(world)
    first, second, third = offers(world, search)
    sent(world.session, "host_asked", second.host_id)
    handover.accept_offer(world.session, offer=first, data_key=DATA_KEY, now=world.now)
    beaten = sorted([("host_not_needed", one.host_id) for one in (second, third)])
    assert posted(world.session, "host_not_needed") == beaten
    told = said(ask(world, "host_not_needed", second.host_id))
    assert told.link == "https://mindcast.example/hosting"
    unheard = ask(world, "host_not_needed", third.host_id)
    assert unheard == Later(world.now + timedelta(seconds=30))  # it is on its way, or dropped soon
    sent(world.session, "host_asked", third.host_id, "dropped")
    assert ask(world, "host_not_needed", third.host_id) == Drop(DropReason.NOTHING_NEW)


def test_who_may_have_been_asked_hears_that_nobody_is_needed(world: World) -> None:
    """A worker that ended between sending and recording leaves a row that does not say so."""
    _livestream, search = withdrawn(world)
    first, second, _third = offers(world, search)
    tried = update(Notice).where(Notice.occurrence == second.id)
    world.session.execute(tried.values(state="dropped", attempts=1))
    handover.accept_offer(world.session, offer=first, data_key=DATA_KEY, now=world.now)
    said(ask(world, "host_not_needed", second.host_id))


def test_those_who_were_asked_hear_at_once_that_it_was_cancelled(world: World) -> None:
    livestream, search = withdrawn(world)
    asked = offers(world, search)
    life.cancel(world.session, livestream=livestream, now=world.now)
    handover.ask_due_waves(world.session, world.now + timedelta(seconds=5))
    called_off = sorted(("host_not_needed", one.host_id) for one in asked)
    assert posted(world.session, "host_not_needed") == called_off


def test_those_who_were_told_hear_that_the_host_comes_after_all(world: World) -> None:
    livestream, search = withdrawn(world)
    first, second, third = offers(world, search)
    sent(world.session, "host_asked", second.host_id)
    handover.decline_offer(world.session, offer=first, now=world.now)
    handover.take_back(world.session, livestream_id=livestream.id, now=world.now)
    calledoff = sorted([("host_not_needed", one.host_id) for one in (second, third)])
    assert posted(world.session, "host_not_needed") == calledoff
    said(ask(world, "host_not_needed", second.host_id, "zh-Hans"))


def test_who_let_the_time_run_out_is_told_nothing_more(world: World) -> None:
    _livestream, search = withdrawn(world)
    expire(world.session, now=world.now + timedelta(hours=12))
    ask_next_wave(world.session, search=search, now=world.now + timedelta(hours=12))
    assert posted(world.session, "host_not_needed") == []


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_staff_reads_why_a_host_is_missing_while_one_is(world: World, language: str) -> None:
    livestream, search = withdrawn(world)
    told = said(ask(world, "staff_host_missing", "editor", language))
    assert told.values["reason"] == "ill"
    assert told.link.endswith(f"/administration/substitutes#search-{search.id}")
    handover.take_back(world.session, livestream_id=livestream.id, now=world.now)
    assert ask(world, "staff_host_missing", "editor", language) == NOT_TRUE


@pytest.mark.parametrize(
    ("language", "reason"),
    [("en", "The licence is not valid at present."), ("zh-Hans", "执照目前无效。")],
)
def test_staff_reads_of_a_licence_in_their_words(world: World, language: str, reason: str) -> None:
    livestream = scheduled(world, ahead=AHEAD)
    handover.withdraw_host(
        world.session, livestream_id=livestream.id, reason=handover.NOT_VALID, now=world.now
    )
    told = said(ask(world, "staff_host_missing", "administrator", language))
    assert told.values["reason"] == reason


def test_staff_hears_once_that_nobody_was_found_until_somebody_comes(world: World) -> None:
    livestream, search = withdrawn(world)
    late = livestream.starts_at - timedelta(minutes=5)
    give_up(world.session, search=search, now=late)
    handover.cancel_unfound(world.session, livestream.starts_at)  # tells nothing more
    assert livestream.state == "cancelled"
    kind = "staff_host_not_found"
    assert posted(world.session, kind) == [(kind, name) for name in STAFF]
    assert said(ask(world, kind, "editor")).link.endswith(f"#search-{search.id}")
    assert ask(world, "staff_host_missing", "editor") == NOT_TRUE  # one message, not two


def test_staff_hears_of_a_search_that_the_start_ended(world: World) -> None:
    livestream, _search = withdrawn(world)
    handover.cancel_unfound(world.session, livestream.starts_at)
    assert len(posted(world.session, "staff_host_not_found")) == 2
    said(ask(world, "staff_host_not_found", "editor", "zh-Hans"))


def test_staff_hears_nothing_of_a_host_who_comes_after_all(world: World) -> None:
    livestream, search = withdrawn(world)
    give_up(world.session, search=search, now=livestream.starts_at - timedelta(minutes=5))
    handover.take_back(world.session, livestream_id=livestream.id, now=world.now)
    assert ask(world, "staff_host_not_found", "editor") == NOT_TRUE


def test_what_is_gone_is_told_to_nobody(world: World) -> None:
    livestream, search = withdrawn(world)
    host_id = offers(world, search)[0].host_id
    people = {"host_asked": host_id, "staff_host_missing": "editor"}
    rows = [notice_of(world.session, kind, name) for kind, name in people.items()]
    world.session.delete(livestream)
    world.session.flush()
    world.session.expire_all()
    for row in rows:
        gone = SOURCES[row.kind](world.session, due_of(world.session, row), world.now)
        assert gone == Drop(DropReason.GONE)


def test_a_wave_of_three_takes_as_many_statements_as_one_of_one(
    session: Session, now: datetime
) -> None:
    world = World(session, now).build()
    add_hosts(world, 1)

    def statements(ahead: timedelta) -> tuple[int, int]:
        livestream = scheduled(world, ahead=ahead)
        counted: list[str] = []

        def count(*said_: Any) -> None:  # noqa: ANN401 -- of the database's driver
            counted.append(said_[2])

        event.listen(session.get_bind(), "before_cursor_execute", count)
        search = handover.withdraw_host(session, livestream_id=livestream.id, reason="ill", now=now)
        event.remove(session.get_bind(), "before_cursor_execute", count)
        return len(offers(world, search)), len(counted)

    statements(AHEAD)  # the staff is known from here on
    add_hosts(world, 1, start=1)
    one = statements(AHEAD + timedelta(hours=4))
    add_hosts(world, 2, start=2)
    three = statements(AHEAD + timedelta(hours=8))
    assert (one[0], three[0]) == (2, 3)
    assert one[1] == three[1]
