"""Who answers at the moment of closing is counted or refused, never lost; two polls never open."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import func, select

from catalog.models import Livestream
from core.database import Sessions
from core.errors import Refusal
from streams.polls.errors import AnotherOpen, NotOpen
from streams.polls.models import Poll, PollVote
from streams.polls.services import close_poll, open_poll, vote
from tests.fakes.programme import World
from tests.streams.polls.conftest import Stage

pytestmark = pytest.mark.integration


def committed(
    sessions: Sessions, now: datetime, *, polls: int, opened: bool
) -> tuple[str, list[str], list[str]]:
    with sessions.begin() as session:
        world = World(session, now).build()
        stage = Stage(world, world.livestream(state="live", broadcast="receiving"))
        made = [stage.poll(opened=opened).id for _ in range(polls)]
        return stage.livestream.id, made, [stage.person(number) for number in range(8)]


def at_once(*acts: Callable[[], object]) -> list[object]:
    def tried(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refusal as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(tried, acts))


def test_of_two_polls_one_is_opened(sessions: Sessions, now: datetime) -> None:
    livestream_id, polls, _ = committed(sessions, now, polls=2, opened=False)

    def opening(poll_id: str) -> Callable[[], object]:
        def act() -> None:
            with sessions.begin() as session:
                livestream = session.get_one(Livestream, livestream_id)
                open_poll(session, livestream=livestream, poll_id=poll_id, now=now)

        return act

    assert set(at_once(*(opening(one) for one in polls))) == {None, AnotherOpen}


def test_votes_that_race_with_the_closing_are_counted_or_refused(
    sessions: Sessions, now: datetime
) -> None:
    livestream_id, (poll_id,), people = committed(sessions, now, polls=1, opened=True)

    def answering(participant: str) -> Callable[[], object]:
        def act() -> int:
            with sessions.begin() as session:
                return vote(
                    session,
                    livestream=session.get_one(Livestream, livestream_id),
                    poll_id=poll_id,
                    participant=participant,
                    choice=1,
                    now=now,
                )

        return act

    def closing() -> None:
        with sessions.begin() as session:
            close_poll(session, livestream_id=livestream_id, poll_id=poll_id, now=now)

    half = len(people) // 2
    acts = [*map(answering, people[:half]), closing, *map(answering, people[half:])]
    told = at_once(*acts)
    assert set(told) <= {1, NotOpen, None}
    with sessions() as session:
        rows = session.scalar(select(func.count()).select_from(PollVote))
        assert session.get_one(Poll, poll_id).counts == [0, told.count(1)]
        assert rows == told.count(1)


def test_one_person_who_answers_many_times_at_once_counts_once(
    sessions: Sessions, now: datetime
) -> None:
    livestream_id, (poll_id,), people = committed(sessions, now, polls=1, opened=True)

    def answering(choice: int) -> Callable[[], object]:
        def act() -> int:
            with sessions.begin() as session:
                return vote(
                    session,
                    livestream=session.get_one(Livestream, livestream_id),
                    poll_id=poll_id,
                    participant=people[0],
                    choice=choice,
                    now=now,
                )

        return act

    assert sorted(at_once(*(answering(number % 2) for number in range(6)))) == [0, 0, 0, 1, 1, 1]  # type: ignore[type-var]  # numbers
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(PollVote)) == 1
