import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select, update

from core.database import Sessions, make_engine, make_sessions, reading
from core.heartbeats import last_beats
from core.orm import Base
from core.settings import Settings
from core.work import services
from core.work.enums import WorkState
from core.work.models import Work
from media.errors import StepRefused, StepStopped, StepTooSlow, StorageUnavailable
from media.process import ChildProcess, ProcessFailed
from media.steps import Step, StepContext
from tests.fakes.storage import MemoryStorage
from web.worker import main, reasons
from web.worker.keeper import LeaseKeeper
from web.worker.main import Worker, beat, run_next, run_until_stopped

pytestmark = pytest.mark.integration

Make = Callable[[Step], Worker]


@pytest.fixture
def make(sessions: Sessions, settings: Settings) -> Make:
    def made(step: Step) -> Worker:
        return Worker(sessions, MemoryStorage(), settings, Event(), {"poster": step})

    return made


def nothing(context: StepContext) -> None:
    context.progress(1.0)


def ask(sessions: Sessions, now: datetime, subject: str = "talk") -> str:
    with sessions.begin() as session:
        return services.enqueue(session, kind="poster", subject=subject, now=now).id


def outcome(sessions: Sessions, work_id: str) -> tuple[str, int, str]:
    with sessions() as session:
        work = services.get_work(session, work_id=work_id)
        return work.state, work.attempts, work.reason


def test_due_step_is_run_with_its_subject(sessions: Sessions, now: datetime, make: Make) -> None:
    seen: list[str] = []
    worker = make(lambda context: seen.append(context.subject))
    assert not run_next(worker)
    work_id = ask(sessions, now)
    assert run_next(worker)
    assert seen == ["talk"]
    assert outcome(sessions, work_id) == (WorkState.DONE, 1, "")
    assert not run_next(worker)


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (StepRefused("The recording has no sound."), "failed", "The recording has no sound."),
        (StorageUnavailable("key"), "queued", reasons.NO_STORAGE),
        (StepTooSlow(), "queued", reasons.TOO_SLOW),
        (RuntimeError("secret path"), "queued", reasons.BROKEN),
    ],
)
def test_failed_step_gives_a_reason_and_the_loop_lives(
    sessions: Sessions,
    now: datetime,
    make: Make,
    error: Exception,
    state: str,
    reason: str,
) -> None:
    def failing(context: StepContext) -> None:
        context.progress(0.5)
        raise error

    work_id = ask(sessions, now)
    assert run_next(make(failing))
    assert outcome(sessions, work_id) == (state, 1, reason)


def test_worker_told_to_end_gives_the_work_back(
    sessions: Sessions, now: datetime, make: Make
) -> None:
    worker = make(nothing)

    def interrupted(context: StepContext) -> None:
        worker.stop.set()
        context.progress(0.5)

    worker.steps = {"poster": interrupted}
    work_id = ask(sessions, now)
    run_until_stopped(worker)
    assert outcome(sessions, work_id) == (WorkState.QUEUED, 0, "")


def test_killed_worker_repeats_only_the_step_it_was_on(
    sessions: Sessions, now: datetime, make: Make
) -> None:
    def killed(context: StepContext) -> None:
        raise KeyboardInterrupt(context.subject)  # like a kill: nothing after it runs

    done = ask(sessions, now - timedelta(minutes=1), "first")
    assert run_next(make(nothing))
    work_id = ask(sessions, now, "second")
    with pytest.raises(KeyboardInterrupt):
        run_next(make(killed))
    assert outcome(sessions, work_id) == (WorkState.RUNNING, 1, "")
    with sessions.begin() as session:
        session.execute(update(Work).where(Work.id == work_id).values(lease_until=now))
    seen: list[str] = []
    again = make(lambda context: seen.append(context.subject))
    assert run_next(again)
    assert not run_next(again)
    assert seen == ["second"]
    assert outcome(sessions, done) == (WorkState.DONE, 1, "")


def test_step_whose_work_was_cancelled_is_stopped_and_writes_nothing(
    sessions: Sessions, now: datetime, make: Make
) -> None:
    worker = make(nothing)

    def cancelled(context: StepContext) -> None:
        with context.sessions.begin() as session:
            services.cancel(session, work_id=context.work_id, now=now)

    worker.steps = {"poster": cancelled}
    work_id = ask(sessions, now)
    assert run_next(worker)
    assert outcome(sessions, work_id)[0] == WorkState.CANCELLED


def test_keeper_shows_progress_and_notices_a_lost_lease(
    sessions: Sessions, now: datetime, make: Make
) -> None:
    worker = make(nothing)
    work_id = ask(sessions, now)
    with sessions.begin() as session:
        services.claim_next(
            session, worker=worker.name, kinds=("poster",), now=now, lease_seconds=30
        )
    keeper = LeaseKeeper(
        sessions, work_id=work_id, worker=worker.name, node="here", stop=worker.stop
    )
    keeper.progress(0.25)
    keeper.renew()
    with sessions() as session:
        assert services.get_work(session, work_id=work_id).progress == pytest.approx(0.25)
        assert set(last_beats(session)) == {"worker"}
    with sessions.begin() as session:
        services.cancel(session, work_id=work_id, now=now)
    keeper.renew()
    with pytest.raises(StepStopped):
        keeper.progress(0.5)


def test_sign_of_life_is_not_given_at_every_look(sessions: Sessions, make: Make) -> None:
    worker = make(nothing)
    beat(worker)
    with sessions() as session:
        first = last_beats(session)
    beat(worker)
    with sessions() as session:
        assert last_beats(session) == first


def test_worker_process_ends_when_told_to(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    imports = "import os; from core.settings import read_settings; from web.worker import run"
    code = f"{imports}; raise SystemExit(run(read_settings(os.environ)))"
    env = {
        "MINDCAST_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "S3_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "s",
        "NODE_NAME": "here",
    }
    with ChildProcess([sys.executable, "-c", code], env=env, cwd=Path.cwd()) as child:
        sessions = make_sessions(engine)
        for _ in range(200):
            with reading(), sessions() as session:
                if last_beats(session):
                    break
            assert child.wait(0.1) is None
        child.send_signal(signal.SIGTERM)
        assert child.wait(5) == 0
    engine.dispose()


def test_failed_program_leaves_its_last_words(
    sessions: Sessions, now: datetime, make: Make
) -> None:
    def failing(context: StepContext) -> None:
        program = "ffmpeg"
        raise ProcessFailed(program, 1, context.subject + ": no such codec")

    work_id = ask(sessions, now)
    run_next(make(failing))
    with sessions() as session:
        work = services.get_work(session, work_id=work_id)
    assert work.log == "ffmpeg ended with 1: talk: no such codec"
    assert work.started_at is not None


def test_step_is_stopped_once_its_lease_may_be_over(
    sessions: Sessions, now: datetime, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = make(nothing)
    work_id = ask(sessions, now)
    with sessions.begin() as session:
        services.claim_next(
            session, worker=worker.name, kinds=("poster",), now=now, lease_seconds=30
        )
    keeper = LeaseKeeper(
        sessions, work_id=work_id, worker=worker.name, node="here", stop=worker.stop
    )
    keeper.look()
    keeper.progress(0.5)
    monkeypatch.setattr("web.worker.keeper.LEASE_SECONDS", -1)  # as after a long pause
    with pytest.raises(StepStopped):
        keeper.progress(0.6)


def test_cancel_is_noticed_by_a_look(sessions: Sessions, now: datetime, make: Make) -> None:
    worker = make(nothing)
    work_id = ask(sessions, now)
    with sessions.begin() as session:
        services.claim_next(
            session, worker=worker.name, kinds=("poster",), now=now, lease_seconds=30
        )
        services.cancel(session, work_id=work_id, now=now)
    keeper = LeaseKeeper(
        sessions, work_id=work_id, worker=worker.name, node="here", stop=worker.stop
    )
    keeper.progress(0.5)
    keeper.look()
    with pytest.raises(StepStopped):
        keeper.progress(0.6)


def test_a_short_step_does_not_wait_for_a_long_one(
    sessions: Sessions, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, short_ran = Event(), Event()

    def long_step(context: StepContext) -> None:
        with context.sessions.begin() as session:
            services.enqueue(session, kind="short", subject="talk", now=now)
        assert short_ran.wait(30)
        stop.set()

    def short_step(context: StepContext) -> None:
        del context
        short_ran.set()

    monkeypatch.setattr(main, "STEPS", {"long": long_step, "short": short_step})
    monkeypatch.setattr(main, "SHORT_STEPS", {"short": short_step})
    with sessions.begin() as session:
        services.enqueue(session, kind="long", subject="talk", now=now)
    main.run_lanes(sessions, MemoryStorage(), settings, stop)
    with sessions() as session:
        states = session.execute(select(Work.kind, Work.state)).all()
    assert {tuple(row) for row in states} == {("long", "done"), ("short", "done")}
