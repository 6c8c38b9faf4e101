"""The clock: what is due becomes rows once, however many clocks there are."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Event, Timer

import pytest
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.database import Sessions
from core.heartbeats import last_beats
from core.settings import Settings
from scheduler.jobs import Job
from scheduler.runner import run_clock, run_job
from streams.life.rules import NO_SHOW, OVERRUN
from tests.fakes.programme import World
from web import clock

pytestmark = pytest.mark.integration


def test_clock_runs_its_jobs_and_says_that_it_is_well(sessions: Sessions, now: datetime) -> None:
    stop = Event()
    seen: list[datetime] = []

    def note(session: Session, at: datetime) -> None:
        del session
        seen.append(at)
        stop.set()

    run_clock(
        sessions,
        jobs=[Job("note", note)],
        node="here",
        until_stopped=lambda: stop.wait(10),
        read_clock=lambda: now,
    )
    with sessions() as opened:
        assert last_beats(opened) == {"clock": now}
    assert seen == [now]


def test_clock_of_an_installation_ends_on_a_signal(sessions: Sessions, settings: Settings) -> None:
    sender = Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM))
    sender.start()
    assert clock.run(settings) == 0
    sender.join()
    with sessions() as opened:
        assert set(last_beats(opened)) == {"clock"}


def test_run_job_survives_a_failure(sessions: Sessions, now: datetime) -> None:
    def fail(session: Session, at: datetime) -> None:
        raise RuntimeError(session, at)

    assert run_job(sessions, Job("fail", fail), lambda: now) is False


def test_missed_and_overrun_livestreams_of_one_tick(sessions: Sessions, now: datetime) -> None:
    with sessions() as opened:
        world = World(opened, now).build()
        absent = world.livestream(state="scheduled")
        rehearsing = world.livestream(state="scheduled", broadcast="receiving")
        endless = world.livestream(state="live", broadcast="receiving")
        ids = {"absent": absent.id, "rehearsing": rehearsing.id, "endless": endless.id}
        due = max(absent.starts_at + NO_SHOW, endless.ends_at + OVERRUN)
        opened.commit()
    early = timedelta(hours=1, seconds=1)
    assert _states_after_tick(sessions, ids, due - early) == {
        "absent": "scheduled",
        "rehearsing": "scheduled",
        "endless": "live",
    }
    assert _states_after_tick(sessions, ids, due) == {
        "absent": "missed",
        "rehearsing": "scheduled",
        "endless": "ended",
    }


def test_three_clocks_act_once(sessions: Sessions, now: datetime) -> None:
    with sessions() as opened:
        world = World(opened, now).build()
        made = [world.livestream(state="live", broadcast="receiving") for _ in range(4)]
        due, ids = made[0].ends_at + OVERRUN, [one.id for one in made]
        opened.commit()
    together = Barrier(3)

    def tick(number: int) -> bool:
        together.wait()
        at = due + timedelta(seconds=number)
        return run_job(sessions, Job("overruns", clock.end_overruns), lambda: at)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(tick, range(3))) == [True, True, True]
    with sessions() as opened:
        livestreams = [opened.get_one(Livestream, one) for one in ids]
        assert {one.state for one in livestreams} == {"ended"}
        assert all(one.updated_at == one.ended_at for one in livestreams)


def _states_after_tick(sessions: Sessions, ids: dict[str, str], at: datetime) -> dict[str, str]:
    for job in clock.JOBS:
        assert run_job(sessions, job, lambda: at)
    with sessions() as opened:
        return {name: opened.get_one(Livestream, one).state for name, one in ids.items()}
