import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from core.database import Sessions
from core.work import rules, services
from core.work.enums import WorkState
from core.work.errors import LeaseLost, NoSuchWork, NotCancellable, NotRetryable
from core.work.models import Work
from core.work.queries import has_due, is_held, work_of

KINDS = ("poster",)
LEASE = 30


def claim(session: Session, now: datetime, worker: str = "one") -> Work | None:
    return services.claim_next(session, worker=worker, kinds=KINDS, now=now, lease_seconds=LEASE)


def current(session: Session, work: Work) -> Work:
    return services.get_work(session, work_id=work.id)


def ask(session: Session, now: datetime, subject: str = "talk") -> Work:
    return services.enqueue(session, kind="poster", subject=subject, now=now)


@pytest.mark.unit
@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 30), (3, 180), (4, 900), (9, 900)])
def test_wait_grows_with_the_attempts(now: datetime, attempts: int, seconds: int) -> None:
    at = rules.next_attempt_at(attempts=attempts, now=now)
    assert at == now + timedelta(seconds=seconds)


@pytest.mark.unit
def test_progress_stays_a_fraction() -> None:
    assert [rules.as_fraction(value) for value in (-1, 0.5, 7)] == [0.0, 0.5, 1.0]


@pytest.mark.integration
def test_asking_twice_is_asking_once(session: Session, now: datetime) -> None:
    first = ask(session, now)
    assert ask(session, now + timedelta(hours=1)) is first
    other = services.enqueue(session, kind="poster", subject="talk", revision=2, now=now)
    assert {work.id for work in work_of(session, subject="talk")} == {first.id, other.id}


@pytest.mark.integration
def test_claimed_work_is_not_due_until_its_lease_ends(session: Session, now: datetime) -> None:
    asked = ask(session, now)
    assert not has_due(session, kinds=KINDS, now=now - timedelta(seconds=1))
    assert not has_due(session, kinds=("other",), now=now)
    claimed = claim(session, now)
    assert claimed is not None
    assert (claimed.id, claimed.state, claimed.attempts, claimed.leased_by) == (
        asked.id,
        WorkState.RUNNING,
        1,
        "one",
    )
    assert claim(session, now + timedelta(seconds=LEASE), "two") is None
    taken = claim(session, now + timedelta(seconds=LEASE + 1), "two")
    assert taken is not None
    assert (taken.id, taken.attempts, taken.leased_by) == (asked.id, 2, "two")


@pytest.mark.integration
def test_worker_that_lost_its_lease_can_write_nothing(session: Session, now: datetime) -> None:
    work = ask(session, now)
    claim(session, now)
    later = now + timedelta(seconds=LEASE + 1)
    claim(session, later, "two")
    with pytest.raises(LeaseLost):
        services.renew(
            session, work_id=work.id, worker="one", progress=0.9, now=later, lease_seconds=LEASE
        )
    with pytest.raises(LeaseLost):
        services.finish(session, work_id=work.id, worker="one", now=later)
    with pytest.raises(LeaseLost):
        services.fail(session, work_id=work.id, worker="one", reason="no", now=later)
    with pytest.raises(LeaseLost):
        services.release(session, work_id=work.id, worker="one", now=later)
    assert current(session, work).leased_by == "two"


@pytest.mark.integration
def test_renewed_lease_keeps_the_work_and_shows_progress(session: Session, now: datetime) -> None:
    work = ask(session, now)
    claim(session, now)
    later = now + timedelta(seconds=LEASE - 1)
    services.renew(
        session, work_id=work.id, worker="one", progress=0.4, now=later, lease_seconds=LEASE
    )
    assert claim(session, now + timedelta(seconds=LEASE + 5), "two") is None
    assert current(session, work).progress == pytest.approx(0.4)


@pytest.mark.integration
def test_finished_work_is_done_for_good(session: Session, now: datetime) -> None:
    work = ask(session, now)
    claim(session, now)
    services.finish(session, work_id=work.id, worker="one", now=now)
    done = current(session, work)
    assert (done.state, done.progress, done.finished_at, done.leased_by) == (
        WorkState.DONE,
        1.0,
        now,
        "",
    )
    assert not has_due(session, kinds=KINDS, now=now + timedelta(days=1))
    with pytest.raises(NotRetryable):
        services.retry(session, work_id=work.id, now=now)
    with pytest.raises(NotCancellable):
        services.cancel(session, work_id=work.id, now=now)


@pytest.mark.integration
def test_failed_work_is_tried_again_later_and_then_waits_for_a_person(
    session: Session, now: datetime
) -> None:
    work = ask(session, now)
    at = now
    for wait in (5, 30):
        assert claim(session, at) is not None
        services.fail(session, work_id=work.id, worker="one", reason="Too dark.", now=at)
        assert current(session, work).state == WorkState.QUEUED
        assert claim(session, at + timedelta(seconds=wait - 1)) is None
        at += timedelta(seconds=wait)
    assert claim(session, at) is not None
    services.fail(session, work_id=work.id, worker="one", reason="Too dark.", now=at)
    failed = current(session, work)
    assert (failed.state, failed.reason, failed.finished_at) == (WorkState.FAILED, "Too dark.", at)
    services.retry(session, work_id=work.id, now=at)
    again = claim(session, at)
    assert again is not None
    assert (again.attempts, again.reason) == (1, "")


@pytest.mark.integration
def test_final_failure_is_not_tried_again(session: Session, now: datetime) -> None:
    work = ask(session, now)
    claim(session, now)
    services.fail(session, work_id=work.id, worker="one", reason="No sound.", now=now, final=True)
    assert (current(session, work).state, work.attempts) == (WorkState.FAILED, 1)


@pytest.mark.integration
def test_released_work_is_due_at_once_and_no_attempt_is_lost(
    session: Session, now: datetime
) -> None:
    work = ask(session, now)
    claim(session, now)
    services.release(session, work_id=work.id, worker="one", now=now)
    assert (current(session, work).attempts, work.state) == (0, WorkState.QUEUED)
    assert claim(session, now, "two") is not None


@pytest.mark.integration
def test_work_that_keeps_killing_its_worker_is_given_up(session: Session, now: datetime) -> None:
    work = ask(session, now)
    at = now
    for _ in range(3):
        assert claim(session, at) is not None
        at += timedelta(seconds=LEASE + 1)
    assert claim(session, at) is None
    assert (current(session, work).state, work.reason) == (WorkState.FAILED, rules.LOST)


@pytest.mark.integration
def test_cancelled_work_is_taken_from_its_worker(session: Session, now: datetime) -> None:
    work = ask(session, now)
    claim(session, now)
    services.cancel(session, work_id=work.id, now=now)
    with pytest.raises(LeaseLost):
        services.renew(
            session, work_id=work.id, worker="one", progress=0.5, now=now, lease_seconds=LEASE
        )
    services.retry(session, work_id=work.id, now=now)
    assert claim(session, now) is not None


@pytest.mark.integration
def test_unknown_work_is_refused(session: Session) -> None:
    with pytest.raises(NoSuchWork):
        services.get_work(session, work_id="0" * 16)


@pytest.mark.integration
def test_racing_workers_claim_every_row_exactly_once(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        for number in range(24):
            ask(session, now, f"talk-{number}")
    start = threading.Barrier(6)
    claimed: list[str] = []

    def work(name: str) -> None:
        start.wait()
        while True:
            with sessions.begin() as session:
                got = claim(session, now, name)
            if got is None:
                return
            claimed.append(got.subject)

    _run_together([partial(work, f"worker-{n}") for n in range(6)])
    assert Counter(claimed) == Counter(f"talk-{number}" for number in range(24))


@pytest.mark.integration
def test_racing_requests_for_the_same_work_get_one_row(sessions: Sessions, now: datetime) -> None:
    start = threading.Barrier(4)
    got: list[str] = []

    def request() -> None:
        start.wait()
        with sessions.begin() as session:
            got.append(ask(session, now).id)

    _run_together([request] * 4)
    with sessions() as session:
        assert [work.id for work in work_of(session, subject="talk")] == list(set(got))
    assert len(got) == 4


def _run_together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


def test_kinds_that_are_named_first_are_claimed_first(session: Session, now: datetime) -> None:
    for age, kind in ((3, "ladder"), (2, "poster"), (1, "ladder"), (0, "poster")):
        due = now - timedelta(minutes=age)
        services.enqueue(session, kind=kind, subject=str(age), now=due)
    kinds = ("poster", "ladder")

    def claimed() -> str:
        work = services.claim_next(session, worker="w", kinds=kinds, now=now, lease_seconds=30)
        return work.subject if work is not None else ""

    assert [claimed() for _ in range(5)] == ["2", "0", "3", "1", ""]


def test_claim_says_when_it_began_and_a_failure_keeps_the_end_of_its_log(
    session: Session, now: datetime
) -> None:
    work_id = ask(session, now).id
    services.claim_next(session, worker="w", kinds=KINDS, now=now, lease_seconds=30)
    log = "\n".join(f"line {number}" for number in range(2000))
    services.fail(session, work_id=work_id, worker="w", reason="why", now=now, final=True, log=log)
    work = services.get_work(session, work_id=work_id)
    assert work.started_at == now
    assert work.log.startswith("line ")
    assert work.log.endswith("\nline 1999")
    assert 3_900 < len(work.log) <= 4_000
    services.retry(session, work_id=work_id, now=now)
    assert services.get_work(session, work_id=work_id).log == ""


def test_work_is_held_until_it_is_cancelled(session: Session, now: datetime) -> None:
    work_id = ask(session, now).id
    services.claim_next(session, worker="w", kinds=KINDS, now=now, lease_seconds=30)
    assert is_held(session, work_id=work_id, worker="w")
    assert not is_held(session, work_id=work_id, worker="another")
    services.cancel(session, work_id=work_id, now=now)
    assert not is_held(session, work_id=work_id, worker="w")
