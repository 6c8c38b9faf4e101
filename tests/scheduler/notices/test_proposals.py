"""The staff hears of proposals that wait, and a host of one that came back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, Drop
from catalog.models import Livestream
from scheduler.notices.proposals import SOURCES
from streams.life import services as life
from streams.planning.services.proposals import send_back
from tests.fakes.answers import answer, due_of, notice_of, posted, said
from tests.fakes.duties import planned
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

NOT_TRUE = Drop(DropReason.NOT_TRUE)
LANGUAGES = ("en", "zh-Hans")


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@pytest.fixture
def proposal(world: World) -> Livestream:
    made = planned(world, hours=48, state="draft")
    life.propose(world.session, livestream=made, now=world.now)
    return made


def returned(world: World, proposal: Livestream, reason: str = "On a weekday.") -> None:
    send_back(world.session, livestream=proposal, reason=reason, by="editor", now=world.now)


def ask(world: World, kind: str, user_id: str, language: str = "en", **later: float) -> Answer:
    moment = world.now + timedelta(**later)
    return answer(world.session, SOURCES[kind], kind, user_id, moment, language)


def test_all_the_staff_hears_of_a_proposal_once(world: World, proposal: Livestream) -> None:
    assert posted(world.session) == [
        ("staff_proposal", "administrator"),
        ("staff_proposal", "editor"),
    ]
    assert notice_of(world.session, "staff_proposal", "editor").occurrence == proposal.id


def test_a_proposal_that_is_rolled_back_was_never_posted(world: World) -> None:
    made = planned(world, hours=48, state="draft")
    with world.session.begin_nested() as undone:
        life.propose(world.session, livestream=made, now=world.now)
        undone.rollback()
    assert posted(world.session) == []


@pytest.mark.parametrize(
    ("language", "title"), [("en", "When the 3 a.m. thoughts arrive"), ("zh-Hans", "凌晨三点")]
)
def test_a_proposal_that_waits_is_shown(
    world: World, proposal: Livestream, language: str, title: str
) -> None:
    told = said(ask(world, "staff_proposal", "editor", language))
    assert told.values["title"] == title
    assert told.link.endswith(f"/administration/proposals#proposal-{proposal.id}")


def test_a_proposal_waits_until_it_is_decided_or_late(world: World, proposal: Livestream) -> None:
    assert ask(world, "staff_proposal", "editor", hours=48) == Drop(DropReason.TOO_LATE)
    life.schedule(world.session, livestream=proposal, now=world.now)
    assert ask(world, "staff_proposal", "editor") == NOT_TRUE


def test_what_is_proposed_again_is_told_once(world: World, proposal: Livestream) -> None:
    first = notice_of(world.session, "staff_proposal", "editor")
    returned(world, proposal)
    life.propose(world.session, livestream=proposal, now=world.now)
    source = SOURCES["staff_proposal"]
    superseded = source(world.session, due_of(world.session, first), world.now)
    assert superseded == Drop(DropReason.SUPERSEDED)
    said(ask(world, "staff_proposal", "editor"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_host_reads_why_it_came_back_until_it_is_proposed_again(
    world: World, proposal: Livestream, language: str
) -> None:
    returned(world, proposal)
    told = said(ask(world, "proposal_returned", "host", language))
    assert told.values["reason"] == "On a weekday."
    assert told.link.endswith(f"/hosting/{proposal.id}/edit")
    life.propose(world.session, livestream=proposal, now=world.now)
    assert ask(world, "proposal_returned", "host", language) == NOT_TRUE


def test_only_the_last_reason_is_told(world: World, proposal: Livestream) -> None:
    returned(world, proposal, "Too late.")
    first = notice_of(world.session, "proposal_returned", "host")
    life.propose(world.session, livestream=proposal, now=world.now)
    world.now += timedelta(hours=1)
    returned(world, proposal, "Too early.")
    source = SOURCES["proposal_returned"]
    assert source(world.session, due_of(world.session, first), world.now) == NOT_TRUE
    assert said(ask(world, "proposal_returned", "host")).values["reason"] == "Too early."


def test_a_draft_that_was_given_to_another_host_is_told_to_neither(
    world: World, proposal: Livestream
) -> None:
    returned(world, proposal)
    proposal.host_id = "otherhost"
    world.session.flush()
    assert ask(world, "proposal_returned", "host") == NOT_TRUE
