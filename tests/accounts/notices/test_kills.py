"""Workers that are killed while they send: nothing is lost, and hardly anything comes twice."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import select

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from core.database import Sessions
from core.settings import Settings
from tests.fakes.notice_workers import KIND, start_worker
from tests.fakes.notices import make_user, put

pytestmark = pytest.mark.integration

ROWS, WORKERS, KILLS = 300, 3, 6
TICK = 0.01  # seconds between two looks at the files


@pytest.fixture
def workers(settings: Settings) -> Iterator[list[ForkServerProcess]]:
    made = [start_worker(settings) for _ in range(WORKERS)]
    yield made
    for one in made:
        one.kill()
        one.join()


def _mails(settings: Settings) -> list[Path]:
    return [path for path in settings.mail.rglob("*.eml") if not path.name.startswith(".")]


def _until(settings: Settings, number: int, worker: ForkServerProcess) -> None:
    """Wait until so many mails are there; ``worker`` is one that is not killed meanwhile."""
    while len(_mails(settings)) < number:
        worker.join(timeout=TICK)


def test_workers_killed_at_random_lose_nothing(
    sessions: Sessions, settings: Settings, now: datetime, workers: list[ForkServerProcess]
) -> None:
    made = make_user(sessions, now)
    put(sessions, KIND, made.id, *map(str, range(ROWS)), now=now)
    for number in sorted(random.sample(range(10, ROWS - 30), KILLS)):
        _until(settings, number, workers[0])
        workers[0].kill()
        workers[0].join()
        workers[:] = [*workers[1:], start_worker(settings)]
    while not _all_sent(sessions):
        workers[0].join(timeout=TICK)
    _see_what_came(sessions, settings)


def _all_sent(sessions: Sessions) -> bool:
    with sessions() as session:
        return set(session.scalars(select(Notice.state))) == {NoticeState.SENT}


def _see_what_came(sessions: Sessions, settings: Settings) -> None:
    came: dict[str, list[str]] = {}
    for path in _mails(settings):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        came.setdefault(path.name.partition(".")[0], []).append(mail["Message-ID"])
    with sessions() as session:
        assert set(came) == set(session.scalars(select(Notice.id)))
    assert sum(len(ids) - 1 for ids in came.values()) <= KILLS
    assert [ids for ids in came.values() if len(set(ids)) > 1] == []
    assert Counter(ids[0] for ids in came.values()).most_common(1)[0][1] == 1


def test_worker_that_is_told_to_end_gives_back_what_it_has_not_begun(
    sessions: Sessions, settings: Settings, now: datetime, workers: list[ForkServerProcess]
) -> None:
    made = make_user(sessions, now)
    put(sessions, KIND, made.id, *map(str, range(ROWS)), now=now)
    _until(settings, 20, workers[0])
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(timeout=30)
        assert worker.exitcode == 0
    with sessions() as session:
        states = Counter(session.scalars(select(Notice.state)))
    assert set(states) <= {NoticeState.WAITING, NoticeState.SENT}
    assert states[NoticeState.SENT] == len(_mails(settings))
