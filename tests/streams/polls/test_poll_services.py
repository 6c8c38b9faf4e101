"""One poll at a time, one vote each, and no figures before the release."""

import pytest
from sqlalchemy import func, select

from core.errors import InvalidInput
from streams.audience.rules.telling import LEAST
from streams.polls.errors import AnotherOpen, NotOnAir, NotOpen, PollMoved
from streams.polls.models import Poll, PollVote
from streams.polls.queries import poll_of_everybody, polls_of_crew, released_polls
from streams.polls.rules import Figures
from streams.polls.services import (
    close_poll,
    discard_poll,
    forget_votes,
    open_poll,
    release_poll,
)
from streams.room.models import Room
from streams.room_state.queries import version_of_room
from tests.streams.polls.conftest import Stage
from web.clock import JOBS

pytestmark = pytest.mark.integration


def close(stage: Stage, poll: Poll) -> None:
    close_poll(stage.session, livestream_id=stage.livestream.id, poll_id=poll.id, now=stage.now)


def release(stage: Stage, poll: Poll) -> None:
    release_poll(stage.session, livestream_id=stage.livestream.id, poll_id=poll.id, now=stage.now)


def test_somebody_changes_their_mind_and_counts_once(stage: Stage) -> None:
    poll, person = stage.poll(opened=True), stage.person()
    assert [stage.vote(poll, person, choice) for choice in (0, 1, 1)] == [0, 1, 1]
    close(stage, poll)
    stage.session.refresh(poll)
    assert poll.counts == [0, 1]


def test_figures_are_told_once_they_are_released(stage: Stage) -> None:
    poll = stage.poll(opened=True)
    for number in range(LEAST + 2):
        stage.vote(poll, stage.person(number), 0)
    seen = []
    for step in (close, release):
        step(stage, poll)
        shown = poll_of_everybody(stage.session, livestream_id=stage.livestream.id)
        assert shown is not None
        seen.append(shown.figures)
    assert seen == [None, Figures(LEAST, (100, "few"))]
    assert [one.id for one in released_polls(stage.session, livestream_id=stage.livestream.id)] == [
        poll.id
    ]


def test_a_draft_is_shown_to_the_crew_alone(stage: Stage) -> None:
    poll = stage.poll()
    assert poll_of_everybody(stage.session, livestream_id=stage.livestream.id) is None
    found = polls_of_crew(stage.session, livestream_id=stage.livestream.id)
    assert [one.id for one in found] == [poll.id]


@pytest.mark.parametrize("state", ["draft", "closed", "released"])
def test_what_is_not_open_takes_no_vote(stage: Stage, state: str) -> None:
    poll = stage.poll(opened=state != "draft")
    if state != "draft":
        {"closed": close, "released": release}[state](stage, poll)
    with pytest.raises(NotOpen):
        stage.vote(poll, stage.person(), 0)


def test_an_answer_that_is_not_there_is_refused(stage: Stage) -> None:
    with pytest.raises(InvalidInput):
        stage.vote(stage.poll(opened=True), stage.person(), 2)


def test_one_poll_is_open_at_a_time_and_only_while_live(stage: Stage) -> None:
    stage.poll(opened=True)
    second = stage.poll()
    values = {"livestream": stage.livestream, "poll_id": second.id, "now": stage.now}
    with pytest.raises(AnotherOpen):
        open_poll(stage.session, **values)  # type: ignore[arg-type]  # names and values
    stage.livestream.state = "ended"
    with pytest.raises(NotOnAir):
        open_poll(stage.session, **values)  # type: ignore[arg-type]  # as above


def test_what_moved_on_is_not_moved_again(stage: Stage) -> None:
    poll = stage.poll(opened=True)
    release(stage, poll)
    for late in (release, close):
        with pytest.raises(PollMoved):
            late(stage, poll)
    with pytest.raises(PollMoved):
        discard_poll(stage.session, poll_id=poll.id)


def test_every_change_that_everybody_sees_is_counted(stage: Stage) -> None:
    poll, versions = stage.poll(), []
    open_poll(stage.session, livestream=stage.livestream, poll_id=poll.id, now=stage.now)
    for step in (lambda *_: None, lambda *_: stage.vote(poll, stage.person(), 0), close, release):
        step(stage, poll)
        versions.append(version_of_room(stage.session, livestream_id=stage.livestream.id))
    assert versions == [1, 1, 2, 3]


def test_votes_go_with_the_secret_of_the_room_and_figures_stay(stage: Stage) -> None:
    poll = stage.poll(opened=True)
    stage.vote(poll, stage.person(), 0)
    close(stage, poll)
    assert forget_votes in [job.act for job in JOBS]
    left = []
    for secret in ("a secret", ""):
        stage.session.get_one(Room, stage.livestream.id).secret = secret
        stage.session.flush()
        forget_votes(stage.session, stage.now)
        left.append(stage.session.scalar(select(func.count()).select_from(PollVote)))
    assert left == [1, 0]
    assert stage.session.get_one(Poll, poll.id, populate_existing=True).counts == [1, 0]
