"""The loop of the worker, and one step from claim to end."""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from signal import SIGINT, SIGTERM, signal
from threading import Event, Thread
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core import heartbeats
from core.database import Sessions, database_now, make_engine, make_sessions, reading
from core.ids import new_id
from core.settings import Settings
from core.work import services
from core.work.errors import LeaseLost
from core.work.models import Work
from core.work.queries import has_due
from media.errors import StepStopped
from media.ports import ObjectStorage
from media.steps import Step, StepContext
from media.storage import S3Storage
from web.logs import configure_logs
from web.steps import SHORT_STEPS, STEPS
from web.worker.keeper import LEASE_SECONDS, LeaseKeeper
from web.worker.notices import make_lane, run_notices
from web.worker.reasons import is_final, log_of, reason_of

POLL_SECONDS: Final = 0.5
BEAT_SECONDS: Final = 5.0
PAUSE_SECONDS: Final = 5.0  # before the database is asked again that has just failed
NICENESS: Final = 10  # what is live goes before what can wait
STEP_SECONDS: Final = 3600.0  # the longest a step may take

log = structlog.get_logger("mindcast.worker")


@dataclass(slots=True)
class Worker:
    """What the loop needs; ``name`` is in the lease, so no two workers have the same."""

    sessions: Sessions
    storage: ObjectStorage
    settings: Settings
    stop: Event
    steps: Mapping[str, Step] = field(default_factory=lambda: STEPS)
    name: str = field(default_factory=lambda: f"worker-{os.getpid()}-{new_id()}")
    beaten: float = 0.0


def run(settings: Settings) -> int:
    """Run due steps until SIGTERM or SIGINT; return the exit code."""
    configure_logs()
    stop = Event()
    for number in (SIGTERM, SIGINT):
        signal(number, lambda *_: stop.set())
    os.nice(NICENESS)  # its ffmpeg inherits this
    engine = make_engine(settings.database_url)
    storage = S3Storage.from_settings(settings)
    try:
        run_lanes(make_sessions(engine), storage, settings, stop)
    finally:
        storage.close()
        engine.dispose()
    return 0


def run_lanes(sessions: Sessions, storage: ObjectStorage, settings: Settings, stop: Event) -> None:
    """Run steps in two lanes and tell people in a third until ``stop`` is set.

    One takes every step, the other all but the long ones: a replay that somebody waits for does not
    stand behind minutes of encoding, and the sound of a ladder is made while its pictures are.
    """
    every = Worker(sessions, storage, settings, stop)
    short = Worker(sessions, storage, settings, stop, steps=SHORT_STEPS)
    telling = make_lane(sessions, settings, stop)
    lanes = (
        Thread(target=run_until_stopped, args=(short,), name="short-steps"),
        Thread(target=run_notices, args=(telling,), name="notices"),
    )
    for lane in lanes:
        lane.start()
    try:
        run_until_stopped(every)
    finally:
        stop.set()
        for lane in lanes:
            lane.join()


def run_until_stopped(worker: Worker) -> None:
    """Run what is due; a database that fails is asked again after a pause."""
    while not worker.stop.is_set():
        try:
            beat(worker)
            if not run_next(worker):
                worker.stop.wait(POLL_SECONDS)
        except SQLAlchemyError:
            log.exception("database failed")
            worker.stop.wait(PAUSE_SECONDS)


def beat(worker: Worker) -> None:
    """Give a sign of life unless the last one is fresh."""
    if time.monotonic() - worker.beaten < BEAT_SECONDS and worker.beaten:
        return
    with worker.sessions.begin() as session:
        node = worker.settings.node_name
        heartbeats.beat(session, role="worker", node=node, now=database_now(session))
    worker.beaten = time.monotonic()


def run_next(worker: Worker) -> bool:
    """Claim one piece of work and run it; return whether there was any."""
    kinds = tuple(worker.steps)
    with reading(), worker.sessions() as session:  # a light look: most of the time nothing is due
        if not has_due(session, kinds=kinds, now=database_now(session)):
            return False
    with worker.sessions.begin() as session:
        now = database_now(session)
        work = services.claim_next(
            session, worker=worker.name, kinds=kinds, now=now, lease_seconds=LEASE_SECONDS
        )
    if work is None:
        return False
    with suppress(LeaseLost):  # then it is somebody else's, and so is what becomes of it
        _run_step(worker, work)
    return True


def _run_step(worker: Worker, work: Work) -> None:
    """Run the step of ``work`` and record how it ended."""
    noted = log.bind(work=work.id, kind=work.kind, subject=work.subject, attempt=work.attempts)
    noted.info("step begins")
    try:
        _keep_and_run(worker, work)
    except StepStopped:
        noted.info("step stopped")
        _end(worker, work, None)
    except Exception as error:  # noqa: BLE001 -- a step that fails steps aside, the loop lives
        noted.exception("step failed")
        _end(worker, work, error)
    else:
        with worker.sessions.begin() as session:
            now = database_now(session)
            services.finish(session, work_id=work.id, worker=worker.name, now=now)
        noted.info("step done")


def _keep_and_run(worker: Worker, work: Work) -> None:
    node = worker.settings.node_name
    keeper = LeaseKeeper(
        worker.sessions, work_id=work.id, worker=worker.name, node=node, stop=worker.stop
    )
    context = StepContext(
        work_id=work.id,
        subject=work.subject,
        sessions=worker.sessions,
        storage=worker.storage,
        settings=worker.settings,
        progress=keeper.progress,
        deadline=time.monotonic() + STEP_SECONDS,
        payload=work.payload,
        revision=work.revision,
    )
    with keeper:
        worker.steps[work.kind](context)


def _end(worker: Worker, work: Work, error: Exception | None) -> None:
    """Record a step that did not finish: given back without an error, failed with one."""
    with worker.sessions.begin() as session:
        now = database_now(session)
        if error is None:
            services.release(session, work_id=work.id, worker=worker.name, now=now)
            return
        services.fail(
            session,
            work_id=work.id,
            worker=worker.name,
            reason=reason_of(error),
            now=now,
            final=is_final(error),
            log=log_of(error),
        )
